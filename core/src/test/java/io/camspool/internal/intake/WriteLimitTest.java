package io.camspool.internal.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class WriteLimitTest {
    private static final int MEGABYTE = 1_000_000;
    private static final long MILLISECOND = 1_000_000;

    private final WriteLimit limit = new WriteLimit();

    private void write(long nanos, int times) {
        for (var i = 0; i < times; i++) {
            limit.enter(MEGABYTE);
            limit.leave(MEGABYTE, nanos);
        }
    }

    /// A thread that wants to write and has been seen to wait.
    private Thread waiting(long bytes, CountDownLatch entered) {
        var thread =
                Thread.ofPlatform()
                        .daemon()
                        .start(
                                () -> {
                                    limit.enter(bytes);
                                    entered.countDown();
                                });
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        return thread;
    }

    @Test
    void aFastDiskGetsManyWritesAtATimeAndASlowOneGetsOne() {
        write(MILLISECOND / 2, 100);
        assertThat(limit.limit()).isEqualTo(WriteLimit.MOST_WRITES);

        write(50 * MILLISECOND, 100);
        assertThat(limit.limit()).isEqualTo(1);

        write(4 * MILLISECOND, 100);
        assertThat(limit.limit()).isBetween(1, 2);
    }

    @Test
    void aWriteBeyondTheLimitWaitsForOneToEnd() throws InterruptedException {
        write(50 * MILLISECOND, 100);
        limit.enter(MEGABYTE);
        var entered = new CountDownLatch(1);
        var second = waiting(MEGABYTE, entered);
        assertThat(entered.getCount()).isEqualTo(1);

        limit.leave(MEGABYTE, MILLISECOND);
        second.join();
        assertThat(entered.getCount()).isZero();
    }

    @Test
    void manyBytesWaitUnlessTheyAreAlone() throws InterruptedException {
        write(MILLISECOND / 2, 100);
        limit.enter(30 * MEGABYTE);
        var entered = new CountDownLatch(1);
        var small = waiting(1, entered);
        assertThat(entered.getCount()).isEqualTo(1);

        limit.leave(30 * MEGABYTE, MILLISECOND / 2);
        small.join();
    }
}
