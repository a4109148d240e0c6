package io.camspool.agent.config;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads numbers with units as people write them.
public final class Amounts {
    /// What [#duration] takes, for people.
    public static final String DURATION = "a time as 200ms, 90s, 10m, 2h or 7d";

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
