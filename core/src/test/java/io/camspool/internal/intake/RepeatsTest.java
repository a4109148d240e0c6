package io.camspool.internal.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.CamspoolException;
import io.camspool.Durability;
import io.camspool.ItemId;
import io.camspool.Receipt;
import io.camspool.internal.archive.Archive;
import io.camspool.internal.disk.Disk;
import io.camspool.internal.ledger.KnownItem;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Claims of ids while the ledger takes its time.
final class RepeatsTest {
    private static final ItemId ID = new ItemId("an");

    /// Has the hash code of the other.
    private static final ItemId NEIGHBOUR = new ItemId("c0");

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir Path folder;
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answered = new CountDownLatch(1);

    private static Candidate candidate(ItemId id) {
        return new Candidate(
                new PendingReceipt(id, Optional.empty()),
                id.value(),
                Instant.EPOCH,
                Instant.EPOCH,
                new byte[32]);
    }

    private Repeats repeats() {
        return new Repeats(
                id -> {
                    if (id.equals(ID)) {
                        asked.countDown();
                        await(answered);
                    }
                    return Optional.<KnownItem>empty();
                },
                new Archive(Disk.real(), folder, Durability.OS));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static FutureTask<Optional<List<Receipt>>> claiming(
            Repeats repeats, Candidate candidate) {
        var task = new FutureTask<>(() -> repeats.claim(List.of(candidate)));
        Thread.ofPlatform().daemon().start(task);
        return task;
    }

    @Test
    void whoSavesUnderAnotherIdWaitsForNoReadOfTheLedger()
            throws InterruptedException, ExecutionException, TimeoutException {
        assertThat(ID.hashCode()).isEqualTo(NEIGHBOUR.hashCode());
        var repeats = repeats();
        var slow = claiming(repeats, candidate(ID));
        asked.await();

        var other = claiming(repeats, candidate(NEIGHBOUR));

        assertThat(other.get(20, TimeUnit.SECONDS)).isEmpty();
        answered.countDown();
        assertThat(slow.get(20, TimeUnit.SECONDS)).isEmpty();
    }

    @Test
    void repeatsAtTheSameTimeShareTheReceiptOfTheFirst()
            throws InterruptedException, ExecutionException, TimeoutException {
        var repeats = repeats();
        var first = candidate(ID);
        var claim = claiming(repeats, first);
        asked.await();
        var repeat = claiming(repeats, candidate(ID));
        answered.countDown();

        assertThat(claim.get(20, TimeUnit.SECONDS)).isEmpty();
        assertThat(repeat.get(20, TimeUnit.SECONDS).orElseThrow()).containsExactly(first.receipt());
    }

    @Test
    void aClaimThatFailsLeavesTheIdToWhoeverWaits()
            throws InterruptedException, ExecutionException, TimeoutException {
        var reads = new AtomicInteger();
        var repeats =
                new Repeats(
                        _ -> {
                            if (reads.incrementAndGet() > 1) {
                                return Optional.empty();
                            }
                            asked.countDown();
                            await(answered);
                            throw new CamspoolException(
                                    CamspoolException.Reason.STORAGE, "the disk is gone");
                        },
                        new Archive(Disk.real(), folder, Durability.OS));
        var failing = claiming(repeats, candidate(ID));
        asked.await();
        var next = claiming(repeats, candidate(ID));
        answered.countDown();

        assertThat(next.get(20, TimeUnit.SECONDS)).isEmpty();
        assertThat(failing).failsWithin(SOON);
    }

    @Test
    void whatIsDoneUnderAFreeIdKeepsNobodyElseWaiting()
            throws InterruptedException, ExecutionException, TimeoutException {
        var repeats = repeats();
        var claimed = new CompletableFuture<Optional<List<Receipt>>>();

        var free =
                repeats.ifFree(
                        candidate(ID),
                        () -> {
                            try {
                                var other = claiming(repeats, candidate(NEIGHBOUR));
                                claimed.complete(other.get(20, TimeUnit.SECONDS));
                            } catch (Exception e) {
                                claimed.completeExceptionally(e);
                            }
                        });

        assertThat(free).isTrue();
        assertThat(claimed.get(1, TimeUnit.SECONDS)).isEmpty();
        assertThat(repeats.ifFree(candidate(NEIGHBOUR), () -> {})).isFalse();
    }
}
