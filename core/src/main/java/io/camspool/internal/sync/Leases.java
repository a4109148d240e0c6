package io.camspool.internal.sync;

import io.camspool.ItemKind;
import io.camspool.internal.ledger.ActiveSink;
import io.camspool.internal.ledger.DueDelivery;
import io.camspool.internal.ledger.Reads;
import io.camspool.sink.Batching;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// Who may touch the deliveries of one sink, in memory: each is free, leased by a sender until it
/// ends the lease or time does, or withheld from all senders. Thread-safe.
public final class Leases {
    /// A lease that only [#end] ends: as good as never, and far from what nanoseconds can't count.
    static final Duration UNTIL_ENDED = Duration.ofDays(36_500);

    private final ActiveSink sink;
    private final Reads reads;
    private final LongSupplier nanoTime;

    /// How many keep each item from being leased.
    private final Map<Long, Integer> withheld = new HashMap<>();

    private final Map<Long, Lease> leased = new HashMap<>();

    private record Lease(DueDelivery delivery, long end) {}

    /// @param nanoTime as [System#nanoTime]: a lease must not end because a clock was set
    Leases(ActiveSink sink, Reads reads, LongSupplier nanoTime) {
        this.sink = sink;
        this.reads = reads;
        this.nanoTime = nanoTime;
    }

    /// Keeps an item from being leased until as many have [#letGo]; false when it is leased right
    /// now.
    public synchronized boolean withhold(long seq) {
        if (leased(seq).isPresent()) {
            return false;
        }
        withheld.merge(seq, 1, Integer::sum);
        return true;
    }

    /// Ends a [#withhold].
    public synchronized void letGo(long seq) {
        withheld.computeIfPresent(seq, (_, holders) -> holders == 1 ? null : holders - 1);
    }

    /// Leases what is due and free, in the order of lease, as one batch of one kind. What is not
    /// free is read past, so that it hides nothing. The rows are read under the lock: what is
    /// removed meanwhile was withheld before.
    synchronized List<DueDelivery> lease(Function<ItemKind, Batching> batching, Duration leaseFor) {
        var most =
                Math.max(
                        batching.apply(ItemKind.ALERT).maxItems(),
                        batching.apply(ItemKind.CAPTURE).maxItems());
        var batch = new ArrayList<DueDelivery>();
        var bytes = 0L;
        for (var delivery : free(most)) {
            var kind = delivery.item().kind();
            var limits = batching.apply(kind);
            bytes += delivery.item().bytes();
            if (!batch.isEmpty()
                    && (batch.getFirst().item().kind() != kind
                            || batch.size() == limits.maxItems()
                            || bytes > limits.maxBytes())) {
                break;
            }
            batch.add(delivery);
        }
        return lease(batch, leaseFor);
    }

    /// Leases so many of what is due and free, of any kind.
    synchronized List<DueDelivery> leaseAny(int items, Duration leaseFor) {
        return lease(free(items).stream().limit(items).toList(), leaseFor);
    }

    /// At least so many of what may be leased, where there are as many.
    private List<DueDelivery> free(int items) {
        leased.values().removeIf(this::isOver);
        return reads.due(sink, items + leased.size() + withheld.size()).stream()
                .filter(delivery -> !withheld.containsKey(delivery.item().seq()))
                .filter(delivery -> !leased.containsKey(delivery.item().seq()))
                .toList();
    }

    private List<DueDelivery> lease(List<DueDelivery> deliveries, Duration leaseFor) {
        var end = nanoTime.getAsLong() + leaseFor.toNanos();
        deliveries.forEach(delivery -> leased.put(delivery.item().seq(), new Lease(delivery, end)));
        return deliveries;
    }

    /// The delivery of an item that is leased now.
    synchronized Optional<DueDelivery> leased(long seq) {
        return Optional.ofNullable(leased.get(seq))
                .filter(lease -> !isOver(lease))
                .map(Lease::delivery);
    }

    /// How many are leased now.
    synchronized int size() {
        leased.values().removeIf(this::isOver);
        return leased.size();
    }

    /// Ends leases; what was not booked is free again.
    synchronized void end(Collection<DueDelivery> deliveries) {
        deliveries.forEach(delivery -> end(delivery.item().seq()));
    }

    synchronized void end(long seq) {
        leased.remove(seq);
    }

    private boolean isOver(Lease lease) {
        return nanoTime.getAsLong() - lease.end >= 0;
    }
}
