package io.camspool.internal.sync;

import io.camspool.internal.ledger.ActiveSink;
import io.camspool.internal.ledger.DueDelivery;
import io.camspool.internal.ledger.Reads;
import io.camspool.sink.Delivery;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/// Who may touch the deliveries of one sink, in memory: each is free, leased by a sender until it
/// ends the lease or time does, or withheld from all senders. Thread-safe.
public final class Leases {
    /// A lease that only [#end] ends: as good as never, and far from what nanoseconds can't count.
    static final Duration UNTIL_ENDED = Duration.ofDays(36_500);

    private final ActiveSink sink;
    private final Reads reads;
    private final LongSupplier nanoTime;
    private final int most;

    /// How many keep each item from being leased.
    private final Map<Long, Integer> withheld = new HashMap<>();

    private final Map<Long, Lease> leased = new HashMap<>();

    /// @param holder who may end it early
    private record Lease(Object holder, long end) {}

    /// @param nanoTime as [System#nanoTime]: a lease must not end because a clock was set
    /// @param most leased at a time
    Leases(ActiveSink sink, Reads reads, LongSupplier nanoTime, int most) {
        this.sink = sink;
        this.reads = reads;
        this.nanoTime = nanoTime;
        this.most = most;
    }

    /// Keeps an item from being leased until as many have [#letGo]; false when it is leased right
    /// now.
    public synchronized boolean withhold(long seq) {
        if (isLeased(seq)) {
            return false;
        }
        withheld.merge(seq, 1, Integer::sum);
        return true;
    }

    /// Ends a [#withhold].
    public synchronized void letGo(long seq) {
        withheld.computeIfPresent(seq, (_, holders) -> holders == 1 ? null : holders - 1);
    }

    /// Leases what is chosen of what is free, until it is ended. The rows are read under the lock:
    /// what is removed meanwhile was withheld before.
    synchronized List<DueDelivery> lease(Choice choice) {
        forgetThoseOver();
        return hold(choice.from(this::isFree));
    }

    /// Chooses what to lease.
    interface Choice {
        /// What of it to lease, in order.
        ///
        /// @param isFree whether an item may be leased, by its seq
        List<DueDelivery> from(LongPredicate isFree);
    }

    private boolean isFree(long seq) {
        return !withheld.containsKey(seq) && !leased.containsKey(seq);
    }

    /// Leases so many of what is due and free, of any kind, until somebody [#end]s it or it is
    /// [#handOver]ed.
    synchronized List<DueDelivery> leaseAny(int items) {
        return hold(free(items));
    }

    /// What may be leased, up to so many.
    private List<DueDelivery> free(int items) {
        var room = Math.min(items, most - size());
        if (room < 1) {
            return List.of();
        }
        return reads.dueDeliveries().inOrder(sink, room + leased.size() + withheld.size()).stream()
                .filter(delivery -> isFree(delivery.item().seq()))
                .limit(room)
                .toList();
    }

    private List<DueDelivery> hold(List<DueDelivery> due) {
        due.forEach(delivery -> hold(delivery.item().seq(), delivery, UNTIL_ENDED));
        return due;
    }

    /// Gives leases a holder and a time, which begins now.
    synchronized void handOver(Collection<? extends Delivery> deliveries, Duration leaseFor) {
        deliveries.forEach(delivery -> hold(delivery.item().seq(), delivery, leaseFor));
    }

    private void hold(long seq, Object holder, Duration leaseFor) {
        leased.put(seq, new Lease(holder, nanoTime.getAsLong() + leaseFor.toNanos()));
    }

    private boolean isLeased(long seq) {
        var lease = leased.get(seq);
        return lease != null && !isOver(lease);
    }

    /// Whether the lease of this delivery, as it was handed over, lasts.
    synchronized boolean isLeased(Delivery delivery) {
        var lease = leased.get(delivery.item().seq());
        return lease != null && !isOver(lease) && lease.holder.equals(delivery);
    }

    /// How many are leased now. Those that time has ended are forgotten.
    public synchronized int size() {
        forgetThoseOver();
        return leased.size();
    }

    private void forgetThoseOver() {
        leased.values().removeIf(this::isOver);
    }

    /// Ends leases; what was not booked is free again.
    synchronized void end(Collection<DueDelivery> deliveries) {
        deliveries.forEach(delivery -> end(delivery.item().seq()));
    }

    synchronized void end(long seq) {
        leased.remove(seq);
    }

    /// Ends the lease of this delivery, as it was handed over; false when it has ended before.
    synchronized boolean end(Delivery delivery) {
        var lasts = isLeased(delivery);
        if (lasts) {
            end(delivery.item().seq());
        }
        return lasts;
    }

    private boolean isOver(Lease lease) {
        return nanoTime.getAsLong() - lease.end >= 0;
    }
}
