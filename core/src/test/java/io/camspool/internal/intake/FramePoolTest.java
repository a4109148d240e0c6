package io.camspool.internal.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.internal.intake.FramePool.Buffer;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class FramePoolTest {
    private static final long GRAIN = FramePool.GRAIN_BYTES;

    private static boolean isAlive(Buffer buffer) {
        return buffer.memory().scope().isAlive();
    }

    @Test
    void memoryIsAtLeastWhatWasAskedFor() {
        try (var pool = new FramePool(4 * GRAIN)) {
            for (var bytes : new long[] {0, 1, GRAIN - 1, GRAIN, GRAIN + 1}) {
                var buffer = pool.take(bytes);
                assertThat(buffer.memory().byteSize())
                        .isEqualTo(FramePool.sizeOf(bytes))
                        .isGreaterThanOrEqualTo(Math.max(1, bytes));
                pool.give(buffer);
            }
        }
    }

    @Test
    void memoryThatWasGivenBackIsUsedAgain() {
        try (var pool = new FramePool(100 * GRAIN)) {
            var first = pool.take(10 * GRAIN);
            pool.give(first);

            assertThat(pool.take(10 * GRAIN - 1000)).isSameAs(first);
            assertThat(pool.take(10 * GRAIN)).isNotSameAs(first);
        }
    }

    @Test
    void aLargeBufferIsNotSpentOnASmallImage() {
        try (var pool = new FramePool(100 * GRAIN)) {
            var large = pool.take(10 * GRAIN);
            pool.give(large);

            assertThat(pool.take(GRAIN)).isNotSameAs(large);
            assertThat(pool.take(5 * GRAIN)).isSameAs(large);
        }
    }

    @Test
    void idleMemoryMakesRoomForWhatIsNeeded() {
        try (var pool = new FramePool(4 * GRAIN)) {
            var idle = new ArrayList<Buffer>();
            for (var i = 0; i < 4; i++) {
                idle.add(pool.take(GRAIN));
            }
            idle.forEach(pool::give);
            assertThat(idle).allMatch(FramePoolTest::isAlive);

            var large = pool.take(3 * GRAIN);
            assertThat(idle.stream().filter(FramePoolTest::isAlive)).hasSize(1);
            assertThat(isAlive(large)).isTrue();
        }
    }

    @Test
    void whatIsAboveTheCapacityIsFreedWhenItIsGivenBack() {
        try (var pool = new FramePool(2 * GRAIN)) {
            var first = pool.take(GRAIN);
            var second = pool.take(GRAIN);
            var third = pool.take(GRAIN);

            pool.give(third);
            assertThat(isAlive(third)).isFalse();
            pool.give(first);
            pool.give(second);
            assertThat(isAlive(first)).isTrue();
            assertThat(isAlive(second)).isTrue();
        }
    }

    @Test
    void memoryThatTheProcessDoesNotHaveIsRefusedAndNotCounted() {
        try (var pool = new FramePool(2 * GRAIN)) {
            var held = pool.take(GRAIN);

            assertThatThrownBy(() -> pool.take(1L << 50))
                    .isInstanceOfSatisfying(
                            CamspoolException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.INTAKE_FULL))
                    .hasMessageContaining("no memory outside the heap for " + (1L << 50));
            pool.give(held);
            assertThat(isAlive(held)).as("there is still room to keep it").isTrue();
        }
    }

    @Test
    void closingFreesIdleMemoryAtOnceAndTheRestWhenItComesBack() {
        var pool = new FramePool(10 * GRAIN);
        var idle = pool.take(GRAIN);
        var used = pool.take(5 * GRAIN);
        pool.give(idle);
        pool.close();

        assertThat(isAlive(idle)).isFalse();
        assertThat(isAlive(used)).isTrue();
        pool.give(used);
        assertThat(isAlive(used)).isFalse();
    }

    @Test
    void noTwoHoldersEverShareMemory() throws Exception {
        var seed = 9L;
        var random = new SplittableRandom(seed);
        try (var pool = new FramePool(6 * GRAIN)) {
            var holders = new ArrayList<CompletableFuture<Boolean>>();
            for (var holder = 1; holder <= 6; holder++) {
                var own = random.split();
                var mark = (byte) holder;
                holders.add(
                        CompletableFuture.supplyAsync(
                                () -> holdsAlone(pool, own, mark),
                                task -> Thread.ofPlatform().start(task)));
            }
            for (var holder : holders) {
                assertThat(holder.get(20, TimeUnit.SECONDS)).as("seed %d", seed).isTrue();
            }
        }
    }

    private static boolean holdsAlone(FramePool pool, SplittableRandom random, byte mark) {
        for (var i = 0; i < 400; i++) {
            var bytes = 1 + random.nextInt((int) (3 * GRAIN));
            var buffer = pool.take(bytes);
            var memory = buffer.memory().asSlice(0, bytes).fill(mark);
            Thread.onSpinWait();
            var alone =
                    memory.get(ValueLayout.JAVA_BYTE, 0) == mark
                            && memory.get(ValueLayout.JAVA_BYTE, bytes - 1L) == mark
                            && memory.get(ValueLayout.JAVA_BYTE, bytes / 2) == mark;
            pool.give(buffer);
            if (!alone) {
                return false;
            }
        }
        return true;
    }
}
