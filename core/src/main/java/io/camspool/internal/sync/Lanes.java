package io.camspool.internal.sync;

import io.camspool.ItemKind;
import io.camspool.internal.ledger.ActiveSink;
import io.camspool.internal.ledger.DueDelivery;
import io.camspool.internal.ledger.Reads;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/// The two lanes of one sink: live is what was accepted in the last [#LIVE], by a clock that nobody
/// sets; backlog is the rest, and all that was held at the start. Where both have something of a
/// kind due they share [#LIVE_SHARE] to [#BACKLOG_SHARE] by bytes. Confined to one thread.
final class Lanes {
    enum Lane {
        LIVE,
        BACKLOG;

        Lane other() {
            return this == LIVE ? BACKLOG : LIVE;
        }
    }

    static final int LIVE_SHARE = 70;
    static final int BACKLOG_SHARE = 30;
    private static final Duration LIVE = Duration.ofSeconds(30);

    /// How exact the border is. Bounds the samples, too.
    private static final Duration SAMPLED = Duration.ofSeconds(1);

    private final ActiveSink sink;
    private final Reads reads;
    private final LongSupplier nanoTime;
    private final boolean isNewestFirst;
    private final ArrayDeque<Sample> samples = new ArrayDeque<>();
    private final Map<ItemKind, Share> shares = new EnumMap<>(ItemKind.class);

    /// What the next item was at a time.
    private record Sample(long at, long nextSeq) {}

    /// Bytes that the lanes have moved while both had something due.
    private static final class Share {
        private long live;
        private long backlog;
    }

    /// @param nanoTime as [System#nanoTime]
    /// @param isNewestFirst how the backlog goes within a priority; live goes oldest first
    Lanes(ActiveSink sink, Reads reads, LongSupplier nanoTime, boolean isNewestFirst) {
        this.sink = sink;
        this.reads = reads;
        this.nanoTime = nanoTime;
        this.isNewestFirst = isNewestFirst;
    }

    /// Notes where the order of acceptance has got to; to be called whenever something may have
    /// been accepted.
    void sample() {
        var now = nanoTime.getAsLong();
        if (samples.isEmpty() || now - samples.getLast().at >= SAMPLED.toNanos()) {
            samples.add(new Sample(now, reads.nextSeq()));
        }
        while (samples.size() > 1 && isPast(second(), now)) {
            samples.removeFirst();
        }
    }

    private Sample second() {
        var iterator = samples.iterator();
        iterator.next();
        return iterator.next();
    }

    private static boolean isPast(Sample sample, long now) {
        return now - sample.at >= LIVE.toNanos();
    }

    /// The first item that is live.
    long firstLive() {
        return samples.getFirst().nextSeq;
    }

    /// The lane whose turn it is where both have something due.
    Lane turn(ItemKind kind) {
        var share = share(kind);
        return share.live * BACKLOG_SHARE <= share.backlog * LIVE_SHARE ? Lane.LIVE : Lane.BACKLOG;
    }

    /// What is due and free in a lane, in the order of lease.
    List<DueDelivery> due(ItemKind kind, Lane lane, LongPredicate isFree, int limit) {
        return lane == Lane.LIVE
                ? reads.dueDeliveries()
                        .ofKind(sink, kind, firstLive(), Long.MAX_VALUE, false, isFree, limit)
                : reads.dueDeliveries()
                        .ofKind(sink, kind, 0, firstLive(), isNewestFirst, isFree, limit);
    }

    /// The oldest that is due and free, of both lanes and all priorities.
    Optional<DueDelivery> oldest(List<ItemKind> kinds, LongPredicate isFree) {
        return reads.dueDeliveries().oldest(sink, kinds, isFree);
    }

    /// Notes what the lanes were given of a kind.
    ///
    /// @param bothDue whether each had something due; a lane that was alone owes the other nothing
    void given(ItemKind kind, List<DueDelivery> batch, boolean bothDue) {
        var share = share(kind);
        if (!bothDue) {
            share.live = 0;
            share.backlog = 0;
            return;
        }
        for (var delivery : batch) {
            if (delivery.item().seq() >= firstLive()) {
                share.live += delivery.item().bytes();
            } else {
                share.backlog += delivery.item().bytes();
            }
        }
    }

    private Share share(ItemKind kind) {
        return shares.computeIfAbsent(kind, _ -> new Share());
    }
}
