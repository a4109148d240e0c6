package io.camspool.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.camspool.Balance.Amount;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class RateTest {
    private static final long MINUTE = 60_000;
    private static final Offset<Double> A_TENTH = within(1.0);

    private final Rate rate = new Rate();

    /// Ten items of 100 bytes each second.
    private void take(long from, long to) {
        for (var now = from; now <= to; now += 1_000) {
            rate.add(new Amount(10, 1_000), now);
        }
    }

    @Test
    void nothingIsSaidBeforeThereIsSomethingToTellBy() {
        assertThat(rate.at(5)).isEmpty();
        rate.add(new Amount(500, 1), 5);
        assertThat(rate.at(5)).isEmpty();
        rate.add(new Amount(500, 1), 6);
        assertThat(rate.at(6)).isEmpty();
    }

    @Test
    void aSteadyRateIsSeenAtOnceAndStays() {
        take(0, 10_000);
        assertThat(rate.at(10_000).orElseThrow().items()).isCloseTo(10, A_TENTH);
        take(11_000, 10 * MINUTE);
        assertThat(rate.at(10 * MINUTE).orElseThrow().items()).isCloseTo(10, A_TENTH);
        assertThat(rate.at(10 * MINUTE).orElseThrow().bytes()).isCloseTo(1_000, within(100.0));
    }

    @Test
    void whatStopsFadesAndIsGoneAtLast() {
        take(0, 10 * MINUTE);
        assertThat(rate.at(11 * MINUTE).orElseThrow().items()).isCloseTo(10 / Math.E, A_TENTH);
        assertThat(rate.at(60 * MINUTE)).isEmpty();
    }

    @Test
    void aClockThatIsSetBackStandsStill() {
        take(MINUTE, 10 * MINUTE);
        assertThat(rate.at(0).orElseThrow().items()).isCloseTo(10, A_TENTH);
        take(1_000, MINUTE);
        assertThat(rate.at(MINUTE).orElseThrow().items()).isCloseTo(10, A_TENTH);
    }
}
