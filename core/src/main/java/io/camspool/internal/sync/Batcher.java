package io.camspool.internal.sync;

import io.camspool.ItemKind;
import io.camspool.internal.ledger.DueDelivery;
import io.camspool.sink.Batching;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Chooses what goes together in the next batch of one kind, within the sink's [Batching]. A batch
/// that isn't full waits until it has been seen for as long as the sink says; each so manieth takes
/// the oldest of all that is due, so that nothing starves. Confined to one thread.
final class Batcher {
    private static final int FAIR_TURN = 10;

    /// Of the size of a batch, for each refusal of one of its members.
    private static final int HALVINGS = 3;

    private final ItemKind kind;
    private final Batching batching;
    private final Lanes lanes;
    private final LongSupplier nanoTime;

    /// Since when something has been due, but no full batch.
    private @Nullable Long lingering;

    private int batchesOfKind;

    /// @param nanoTime as [System#nanoTime]
    Batcher(ItemKind kind, Batching batching, Lanes lanes, LongSupplier nanoTime) {
        this.kind = kind;
        this.batching = batching;
        this.lanes = lanes;
        this.nanoTime = nanoTime;
    }

    /// The next batch; empty: nothing is due, or it lingers.
    ///
    /// @param mayLinger whether a batch that isn't full may wait for more
    List<DueDelivery> choose(LongPredicate isFree, boolean mayLinger) {
        var most = batching.maxItems();
        var turn = lanes.turn(kind);
        var own = lanes.due(kind, turn, isFree, most);
        // The other lane fills what this one leaves free.
        var other = lanes.due(kind, turn.other(), isFree, Math.max(1, most - own.size()));
        var due = new ArrayList<>(own);
        due.addAll(other);
        var batch = cut(due);
        if (batch.isEmpty() || (mayLinger && !isFull(batch, due) && lingers())) {
            lingering = batch.isEmpty() ? null : lingering;
            return List.of();
        }
        lingering = null;
        batchesOfKind++;
        var chosen = batchesOfKind % FAIR_TURN == 0 ? withOldest(batch, isFree) : batch;
        lanes.given(kind, chosen, !own.isEmpty() && !other.isEmpty());
        return chosen;
    }

    /// How long until a batch has lingered; empty: none does.
    Optional<Duration> rest() {
        var since = lingering;
        return since == null
                ? Optional.empty()
                : Optional.of(
                        Duration.ofNanos(
                                Math.max(
                                        0,
                                        batching.linger().toNanos()
                                                - (nanoTime.getAsLong() - since))));
    }

    private boolean lingers() {
        var now = nanoTime.getAsLong();
        if (lingering == null) {
            lingering = now;
        }
        return now - lingering < batching.linger().toNanos();
    }

    private List<DueDelivery> withOldest(List<DueDelivery> batch, LongPredicate isFree) {
        var candidates = new ArrayList<DueDelivery>(batch.size() + 1);
        lanes.oldest(List.of(kind), isFree).ifPresent(candidates::add);
        for (var delivery : batch) {
            if (candidates.isEmpty() || !isSame(delivery, candidates.getFirst())) {
                candidates.add(delivery);
            }
        }
        return cut(candidates);
    }

    private static boolean isSame(DueDelivery one, DueDelivery other) {
        return one.item().seq() == other.item().seq();
    }

    /// As many from the front as fit; a single larger one goes alone.
    private List<DueDelivery> cut(List<DueDelivery> due) {
        var batch = new ArrayList<DueDelivery>();
        var bytes = 0L;
        var most = batching.maxItems();
        for (var delivery : due) {
            bytes += delivery.item().bytes();
            most = Math.min(most, maxItems(delivery));
            if (!batch.isEmpty() && (batch.size() >= most || bytes > batching.maxBytes())) {
                break;
            }
            batch.add(delivery);
        }
        return batch;
    }

    /// A sealed batch is refused as a whole: its members go in smaller ones, until whoever is to
    /// blame is alone.
    private int maxItems(DueDelivery delivery) {
        var halvings = batching.sealed() ? Math.min(30, HALVINGS * delivery.refusals()) : 0;
        return Math.max(1, batching.maxItems() >> halvings);
    }

    private boolean isFull(List<DueDelivery> batch, List<DueDelivery> due) {
        return batch.size() >= batching.maxItems()
                || batch.size() < due.size()
                || bytes(batch) >= batching.maxBytes();
    }

    static long bytes(List<DueDelivery> deliveries) {
        return deliveries.stream().mapToLong(delivery -> delivery.item().bytes()).sum();
    }
}
