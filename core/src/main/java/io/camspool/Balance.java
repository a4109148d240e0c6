package io.camspool;

/// What became of all items of one kind: `accepted = held + removed + dropped`, in items and in
/// bytes, always.
public record Balance(Amount accepted, Amount held, Amount removed, Amount dropped) {
    /// Items and their bytes.
    public record Amount(long items, long bytes) {
        public static final Amount NONE = new Amount(0, 0);

        public Amount plus(Amount other) {
            return new Amount(items + other.items, bytes + other.bytes);
        }
    }

    /// True when nothing is unaccounted for.
    public boolean holds() {
        return accepted.equals(held.plus(removed).plus(dropped));
    }
}
