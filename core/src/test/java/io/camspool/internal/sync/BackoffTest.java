package io.camspool.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class BackoffTest {
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final long[] BOUNDS_MILLIS = {
        250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000
    };

    /// Draws the largest value that a bound allows.
    private static final class Largest implements RandomGenerator {
        @Override
        public long nextLong() {
            return -1;
        }

        @Override
        public long nextLong(long bound) {
            return bound - 1;
        }
    }

    /// Draws the smallest.
    private static final class Smallest implements RandomGenerator {
        @Override
        public long nextLong() {
            return 0;
        }

        @Override
        public long nextLong(long bound) {
            return 0;
        }
    }

    @Test
    void theBoundDoublesUpToTenSeconds() {
        var backoff = new Backoff(new Largest(), LONGEST);
        for (var bound : BOUNDS_MILLIS) {
            assertThat(backoff.next()).isEqualTo(Duration.ofMillis(bound));
        }
    }

    @Test
    void eachDelayIsDrawnFromTheWholeRangeBelowTheBound() {
        var backoff = new Backoff(new Smallest(), LONGEST);
        for (var _ : BOUNDS_MILLIS) {
            assertThat(backoff.next()).isEqualTo(Duration.ofMillis(1));
        }
    }

    @Test
    void jitterStaysWithinTheBoundAndVaries() {
        var seed = 11L;
        var random = new SplittableRandom(seed);
        var seen = new HashSet<Duration>();
        for (var run = 0; run < 200; run++) {
            var backoff = new Backoff(random, LONGEST);
            for (var bound : BOUNDS_MILLIS) {
                var delay = backoff.next();
                seen.add(delay);
                assertThat(delay)
                        .as("seed %d, run %d", seed, run)
                        .isBetween(Duration.ofMillis(1), Duration.ofMillis(bound));
            }
        }
        assertThat(seen).hasSizeGreaterThan(500);
    }

    @Test
    void aSinkThatIsAwayForYearsIsStillTriedEveryTenSeconds() {
        var backoff = new Backoff(new Largest(), LONGEST);
        for (var i = 0; i < 1_000_000; i++) {
            backoff.next();
        }

        assertThat(backoff.next()).isEqualTo(LONGEST);
    }

    @Test
    void resetBeginsAnew() {
        var backoff = new Backoff(new Largest(), LONGEST);
        backoff.next();
        backoff.next();
        backoff.reset();

        assertThat(backoff.next()).isEqualTo(Duration.ofMillis(BOUNDS_MILLIS[0]));
        assertThat(backoff.next()).isEqualTo(Duration.ofMillis(BOUNDS_MILLIS[1]));
    }
}
