package io.camspool.internal.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class BudgetTest {
    private static final long CAPACITY = 10 * 1024;
    private static final Duration SHORT = Duration.ofMillis(30);
    private static final Duration LONG = Duration.ofSeconds(15);

    private static Budget budget(Duration wait) {
        return new Budget("intake.memory", CAPACITY, wait);
    }

    private static void awaitWaiting(Budget budget, long callers) {
        while (budget.waited() < callers) {
            Thread.onSpinWait();
        }
    }

    @Test
    void whatIsTakenIsGivenBack() {
        var budget = budget(SHORT);
        budget.take(4 * 1024);
        budget.take(6 * 1024);
        assertThat(budget.taken()).isEqualTo(CAPACITY).isEqualTo(budget.capacity());

        budget.give(4 * 1024);
        budget.give(6 * 1024);
        assertThat(budget.taken()).isZero();
        budget.take(CAPACITY);
        assertThat(budget.waited()).isZero();
        assertThat(budget.refused()).isZero();
    }

    @Test
    void whenFullACallerWaitsAndIsThenRefused() {
        var budget = budget(SHORT);
        budget.take(CAPACITY);
        var begin = System.nanoTime();

        assertThatThrownBy(() -> budget.take(2_000))
                .isInstanceOfSatisfying(
                        CamspoolException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.INTAKE_FULL))
                .hasMessageContaining("2000 bytes within 30 ms")
                .hasMessageContaining("intake.memory");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(SHORT);
        assertThat(budget.waited()).isEqualTo(1);
        assertThat(budget.refused()).isEqualTo(1);
        assertThat(budget.taken()).isEqualTo(CAPACITY);
    }

    @Test
    void withoutAWaitACallerIsRefusedAtOnce() {
        var budget = budget(Duration.ZERO);
        budget.take(CAPACITY);

        assertThatThrownBy(() -> budget.take(1))
                .isInstanceOfSatisfying(
                        CamspoolException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.INTAKE_FULL));
        assertThat(budget.refused()).isEqualTo(1);
    }

    @Test
    void aCallerThatWaitsGetsRoomAsSoonAsThereIsSome() {
        var budget = budget(LONG);
        budget.take(CAPACITY);
        var waiting = CompletableFuture.runAsync(() -> budget.take(5 * 1024));
        awaitWaiting(budget, 1);
        budget.give(5 * 1024);
        waiting.join();

        assertThat(budget.waited()).isEqualTo(1);
        assertThat(budget.refused()).isZero();
        assertThat(budget.taken()).isEqualTo(CAPACITY);
    }

    @Test
    void whatCanNeverFitIsInvalidWithoutWaiting() {
        var budget = budget(LONG);

        assertThatThrownBy(() -> budget.take(CAPACITY + 1))
                .isInstanceOfSatisfying(
                        CamspoolException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.INVALID))
                .hasMessageContaining("10241 is not allowed")
                .hasMessageContaining("at most 10240 bytes (intake.memory)");
        assertThatThrownBy(() -> budget.take(Long.MAX_VALUE / 2))
                .isInstanceOf(CamspoolException.class);
        assertThat(budget.waited()).isZero();
        assertThat(budget.refused()).isZero();
        assertThat(budget.taken()).isZero();
    }

    @Test
    void nothingNeedsNoRoom() {
        var budget = budget(Duration.ZERO);
        budget.take(CAPACITY);
        budget.take(0);
        budget.give(0);

        assertThat(budget.taken()).isEqualTo(CAPACITY);
    }

    @Test
    void nothingDoesNotStandInTheLine() throws InterruptedException {
        var budget = budget(LONG);
        budget.take(CAPACITY);
        var waiting = Thread.ofPlatform().start(() -> budget.take(1));
        awaitWaiting(budget, 1);
        budget.take(0);

        assertThat(waiting.isAlive()).isTrue();
        assertThat(budget.waited()).isEqualTo(1);
        budget.give(CAPACITY);
        waiting.join();
    }

    @Test
    void manyTinyItemsAreBoundedToo() {
        var budget = budget(Duration.ZERO);
        for (var i = 0; i < 10; i++) {
            budget.take(1);
        }

        assertThatThrownBy(() -> budget.take(1)).isInstanceOf(CamspoolException.class);
        for (var i = 0; i < 10; i++) {
            budget.give(1);
        }
        assertThat(budget.taken()).isZero();
    }

    @Test
    void anInterruptedCallerIsRefusedAndStaysInterrupted() throws InterruptedException {
        var budget = budget(LONG);
        budget.take(CAPACITY);
        var interrupted = new CompletableFuture<Boolean>();
        var caller =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try {
                                        budget.take(1);
                                    } catch (CamspoolException _) {
                                        interrupted.complete(
                                                Thread.currentThread().isInterrupted());
                                    }
                                });
        awaitWaiting(budget, 1);
        caller.interrupt();
        caller.join();

        assertThat(interrupted).isCompletedWithValue(true);
        assertThat(budget.refused()).isEqualTo(1);
    }

    @Test
    void anInterruptedCallerGetsRoomWhereThereIsSome() {
        var budget = budget(LONG);
        Thread.currentThread().interrupt();

        budget.take(1024);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(budget.taken()).isEqualTo(1024);
    }

    @Test
    void closingSendsAwayWhoWaits() throws InterruptedException {
        var budget = budget(LONG);
        budget.take(CAPACITY);
        var reason = new CompletableFuture<CamspoolException.Reason>();
        var caller =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try {
                                        budget.take(1);
                                    } catch (CamspoolException e) {
                                        reason.complete(e.reason());
                                    }
                                });
        awaitWaiting(budget, 1);

        budget.close();
        caller.join();

        assertThat(reason).isCompletedWithValue(CamspoolException.Reason.CLOSED);
    }

    @Test
    void aSmallCallerDoesNotJumpTheLine() throws InterruptedException {
        var budget = budget(LONG);
        budget.take(CAPACITY);
        var large = Thread.ofPlatform().start(() -> budget.take(8 * 1024));
        awaitWaiting(budget, 1);
        budget.give(4 * 1024);
        var small = Thread.ofPlatform().start(() -> budget.take(2 * 1024));
        awaitWaiting(budget, 2);

        assertThat(large.isAlive()).isTrue();
        budget.give(CAPACITY - 4 * 1024);
        large.join();
        small.join();
        assertThat(budget.refused()).isZero();
    }

    @Test
    void manyCallersNeverTakeMoreThanThereIs() throws Exception {
        var budget = budget(LONG);
        var most = new AtomicLong();
        var now = new AtomicLong();
        var callers = new ArrayList<CompletableFuture<Void>>();
        for (var caller = 0; caller < 8; caller++) {
            var bytes = (1 + caller) * 1024L;
            callers.add(
                    CompletableFuture.runAsync(
                            () -> {
                                for (var i = 0; i < 500; i++) {
                                    budget.take(bytes);
                                    most.accumulateAndGet(now.addAndGet(bytes), Math::max);
                                    now.addAndGet(-bytes);
                                    budget.give(bytes);
                                }
                            },
                            task -> Thread.ofVirtual().start(task)));
        }
        for (var caller : callers) {
            caller.get(15, TimeUnit.SECONDS);
        }

        assertThat(most.get()).isPositive().isLessThanOrEqualTo(CAPACITY);
        assertThat(budget.taken()).isZero();
        assertThat(budget.refused()).isZero();
    }
}
