package io.camspool.agent;

import io.camspool.CamspoolException;
import io.camspool.agent.config.Amounts;
import java.time.Duration;

/// Reads spans of time as people type them.
final class DurationOption {
    /// As good as never: a hundred years, which still fit into nanoseconds.
    static final Duration LONGEST = Duration.ofDays(36_500);

    private DurationOption() {}

    /// As the file of sinks has them; at most [#LONGEST].
    static Duration parse(String option, String text) {
        return Amounts.duration(text)
                .map(time -> time.compareTo(LONGEST) < 0 ? time : LONGEST)
                .orElseThrow(() -> CamspoolException.invalid(option, text, Amounts.DURATION));
    }
}
