package io.camspool.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ConcurrencyTest {
    private static final long SECOND = 1_000_000_000;

    private final Concurrency concurrency = new Concurrency(16);
    private long now = Long.MAX_VALUE - SECOND; // it may come to overflow

    /// Sends with all slots in use over a link that carries so many sends a second, and each slot
    /// at most one.
    private void send(int count, int carried) {
        for (var i = 0; i < count; i++) {
            concurrency.started(concurrency.limit(), now);
            now += SECOND / Math.min(concurrency.limit(), carried);
            concurrency.finished(1_000, now);
        }
    }

    @Test
    void itBeginsWithOneAndGrowsWhileTheThroughputGrows() {
        assertThat(concurrency.limit()).isEqualTo(1);
        send(1_000, 100);

        assertThat(concurrency.limit()).isEqualTo(16);
    }

    @Test
    void itStaysWhereMoreBringsNothing() {
        send(1_000, 5);

        assertThat(concurrency.limit()).isBetween(5, 6);
    }

    @Test
    void itFollowsALinkThatGetsBetter() {
        send(1_000, 3);
        send(3_000, 12);

        assertThat(concurrency.limit()).isBetween(11, 13);
    }

    @Test
    void itDoesNotGrowWhileItsSlotsAreNotUsed() {
        send(60, 100);
        var limit = concurrency.limit();
        for (var i = 0; i < 1_000; i++) {
            concurrency.started(1, now);
            now += SECOND;
            concurrency.finished(1_000, now);
        }
        assertThat(concurrency.limit()).isLessThanOrEqualTo(limit + 1);
    }

    @Test
    void aBrokenConnectionHalvesIt() {
        send(1_000, 100);
        concurrency.networkFault(now);
        assertThat(concurrency.limit()).isEqualTo(8);
        for (var i = 0; i < 10; i++) {
            concurrency.networkFault(now);
        }
        assertThat(concurrency.limit()).isEqualTo(1);
    }

    @Test
    void afterAnOutageItRampsUpFromOne() {
        send(1_000, 8);
        var before = concurrency.limit();
        concurrency.restart(now);
        assertThat(concurrency.limit()).isEqualTo(1);
        send(4 * (1 + 2 + 3 + 4 + 5 + 6 + 7 + 8), 8);

        assertThat(concurrency.limit()).isBetween(before - 1, before + 1);
    }

    @Test
    void aSinkThatTakesOneAtATimeGetsNoMore() {
        var one = new Concurrency(1);
        for (var i = 0; i < 100; i++) {
            one.started(1, i * SECOND);
            one.finished(1_000, (i + 1) * SECOND);
        }
        assertThat(one.limit()).isEqualTo(1);
    }
}
