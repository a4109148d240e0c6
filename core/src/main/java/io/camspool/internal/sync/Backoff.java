package io.camspool.internal.sync;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// The delay before the next try: full jitter below a bound that doubles with each failure.
/// Confined to one thread.
final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final RandomGenerator random;
    private int failures;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    Duration next() {
        var bound = Math.min(LONGEST.toMillis(), FIRST.toMillis() << Math.min(failures, 20));
        failures++;
        return Duration.ofMillis(1 + random.nextLong(bound));
    }

    void reset() {
        failures = 0;
    }
}
