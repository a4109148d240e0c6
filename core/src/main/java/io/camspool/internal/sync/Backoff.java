package io.camspool.internal.sync;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// The delay before the next try: full jitter below a bound that doubles with each failure.
/// Confined to one thread.
final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(250);

    private final RandomGenerator random;
    private final Duration longest;
    private int failures;

    /// @param longest where the bound ends to double
    Backoff(RandomGenerator random, Duration longest) {
        this.random = random;
        this.longest = longest;
    }

    Duration next() {
        var bound = Math.min(longest.toMillis(), FIRST.toMillis() << Math.min(failures, 20));
        failures++;
        return Duration.ofMillis(1 + random.nextLong(bound));
    }

    void reset() {
        failures = 0;
    }
}
