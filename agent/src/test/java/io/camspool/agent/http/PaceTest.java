package io.camspool.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PaceTest {
    private static final HttpLimits LIMITS = HttpLimits.DEFAULTS;
    private long now;
    private final Pace pace = new Pace(() -> now);

    private void waitFor(Duration time, long bytes) {
        pace.begin();
        now += time.toNanos();
        pace.end(bytes);
    }

    @Test
    void whatDripsIsTooSlowOnceTheGraceIsOver() {
        for (var second = 0; second < 5; second++) {
            waitFor(Duration.ofSeconds(1), 10);
        }
        pace.begin();
        assertThat(pace.isTooSlow(LIMITS)).isFalse();
        now += Duration.ofSeconds(1).toNanos();
        assertThat(pace.isTooSlow(LIMITS)).isTrue();
    }

    @Test
    void aSlowLinkThatKeepsItsRateIsNot() {
        for (var second = 0; second < 600; second++) {
            waitFor(Duration.ofSeconds(1), 1_500);
        }
        pace.begin();
        assertThat(pace.isTooSlow(LIMITS)).isFalse();
    }

    @Test
    void timeInWhichNothingIsWaitedForDoesNotCount() {
        waitFor(Duration.ofSeconds(1), 10);
        now += Duration.ofHours(1).toNanos();
        assertThat(pace.isTooSlow(LIMITS)).isFalse();
        pace.begin();
        assertThat(pace.isTooSlow(LIMITS)).isFalse();
    }

    @Test
    void aStallIsTooSlowAtAnyRate() {
        waitFor(Duration.ofSeconds(1), 1L << 30);
        pace.begin();
        now += LIMITS.stall().toNanos() + 1;
        assertThat(pace.isTooSlow(LIMITS)).isTrue();
    }
}
