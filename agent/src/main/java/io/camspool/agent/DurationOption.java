package io.camspool.agent;

import io.camspool.CamspoolException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/// Reads spans of time as people type them.
final class DurationOption {
    /// As good as never: a hundred years, which still fit into nanoseconds.
    static final Duration LONGEST = Duration.ofDays(36_500);

    private DurationOption() {}

    /// `90s`, `10m`, `2h` or `7d`; at most [#LONGEST].
    static Duration parse(String option, String text) {
        var upper = text.toUpperCase(Locale.ROOT);
        try {
            var parsed = Duration.parse((upper.endsWith("D") ? "P" : "PT") + upper);
            if (!parsed.isNegative()) {
                return parsed.compareTo(LONGEST) < 0 ? parsed : LONGEST;
            }
        } catch (DateTimeParseException _) {
            // refused below
        }
        throw CamspoolException.invalid(option, text, "a time as 90s, 10m, 2h or 7d");
    }
}
