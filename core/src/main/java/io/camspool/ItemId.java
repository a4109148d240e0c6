package io.camspool;

/// The id of an item held here: 1 to 64 of `a-z`, `0-9`, `-`. Safe as part of a file name on every
/// file system, also where case is ignored.
public record ItemId(String value) {
    /// Longest accepted id, in characters.
    public static final int MAX_LENGTH = 64;

    public ItemId {
        if (!isValid(value)) {
            throw CamspoolException.invalid(
                    "id", value, "1 to " + MAX_LENGTH + " characters of a-z, 0-9 and -");
        }
    }

    /// Whether this text can be an id.
    public static boolean isValid(String value) {
        return !value.isEmpty()
                && value.length() <= MAX_LENGTH
                && value.chars()
                        .allMatch(
                                c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
    }

    @Override
    public String toString() {
        return value;
    }
}
