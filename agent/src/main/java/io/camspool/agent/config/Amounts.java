package io.camspool.agent.config;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads numbers with units as people write them.
public final class Amounts {
    /// What [#duration] takes, for people.
    public static final String DURATION = "a time as 200ms, 90s, 10m, 2h or 7d";

    /// What [#mode] takes, for people.
    static final String MODE = "permissions as 0640, in octal";

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,15}");
    private static final Pattern WITH_UNIT =
            Pattern.compile("([0-9]{1,12})(?:\\.([0-9]{1,3}))? ?([A-Za-z]*)");
    private static final Map<String, Long> BYTES =
            Map.of(
                    "", 1L,
                    "B", 1L,
                    "kB", 1_000L,
                    "MB", 1_000_000L,
                    "GB", 1_000_000_000L,
                    "TB", 1_000_000_000_000L,
                    "KiB", 1L << 10,
                    "MiB", 1L << 20,
                    "GiB", 1L << 30);
    private static final Map<String, Long> MILLIS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

    private Amounts() {}

    static Optional<Long> number(String text) {
        return NUMBER.matcher(text).matches() ? Optional.of(Long.valueOf(text)) : Optional.empty();
    }

    static Optional<Long> number(String text, long least, long most) {
        return number(text).filter(number -> number >= least && number <= most);
    }

    static Optional<Boolean> flag(String text) {
        return switch (text) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    /// Permissions of a file.
    static Optional<Integer> mode(String text) {
        return text.matches("0?[0-7]{3}")
                ? Optional.of(Integer.parseInt(text, 8))
                : Optional.empty();
    }

    static Optional<Long> bytes(String text, long least, long most) {
        return bytes(text).filter(bytes -> bytes >= least && bytes <= most);
    }

    /// What the bytes within limits are, for people.
    static String bytesInWords(long least, long most) {
        return "%d to %d bytes, as 300kB or 64MB".formatted(least, most);
    }

    static Optional<Long> bytes(String text) {
        return inUnits(text, BYTES);
    }

    public static Optional<Duration> duration(String text) {
        return inUnits(text, MILLIS).map(Duration::ofMillis);
    }

    private static Optional<Long> inUnits(String text, Map<String, Long> units) {
        var parts = WITH_UNIT.matcher(text);
        if (!parts.matches() || !units.containsKey(parts.group(3))) {
            return Optional.empty();
        }
        var unit = units.get(parts.group(3));
        var whole = Long.parseLong(parts.group(1));
        var thousandths =
                parts.group(2) == null
                        ? 0
                        : Long.parseLong((parts.group(2) + "00").substring(0, 3));
        try {
            return Optional.of(
                    Math.addExact(Math.multiplyExact(whole, unit), unit * thousandths / 1_000));
        } catch (ArithmeticException _) {
            return Optional.empty();
        }
    }
}
