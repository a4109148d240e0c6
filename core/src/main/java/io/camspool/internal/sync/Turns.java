package io.camspool.internal.sync;

import io.camspool.ItemKind;
import io.camspool.internal.ledger.ActiveSink;
import io.camspool.internal.ledger.DueDelivery;
import io.camspool.internal.ledger.Reads;
import io.camspool.sink.Sink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/// Chooses what is leased next for one sink, of what is due, free and has a slot. Confined to one
/// thread.
final class Turns {
    /// The smallest of so many deliveries is the probe.
    private static final int PROBE_CANDIDATES = 100;

    /// Where the kinds share a slot, each so manieth turn is that of the oldest item.
    private static final int FAIR_TURN = 10;

    private final ActiveSink active;
    private final Reads reads;
    private final Lanes lanes;
    private final Slots slots;
    private final Suspects suspects;
    private final Batcher alerts;
    private final Batcher captures;
    private int turns;

    /// @param nanoTime as [System#nanoTime]
    Turns(
            ActiveSink active,
            Sink sink,
            Reads reads,
            Lanes lanes,
            Slots slots,
            Suspects suspects,
            LongSupplier nanoTime) {
        this.active = active;
        this.reads = reads;
        this.lanes = lanes;
        this.slots = slots;
        this.suspects = suspects;
        this.alerts = new Batcher(ItemKind.ALERT, sink.batching(ItemKind.ALERT), lanes, nanoTime);
        this.captures =
                new Batcher(ItemKind.CAPTURE, sink.batching(ItemKind.CAPTURE), lanes, nanoTime);
    }

    /// The next batch, without suspects; empty: nothing is due, or it lingers.
    List<DueDelivery> next(LongPredicate isFree, Collection<Send> underWay, boolean mayLinger) {
        LongPredicate isOrdinary = seq -> isFree.test(seq) && !suspects.contains(seq);
        for (var kind : order(isOrdinary)) {
            if (slots.hasOne(kind, underWay)) {
                var batcher = kind == ItemKind.ALERT ? alerts : captures;
                var batch = batcher.choose(isOrdinary, mayLinger);
                if (!batch.isEmpty()) {
                    turns++;
                    return batch;
                }
            }
        }
        return List.of();
    }

    private List<ItemKind> order(LongPredicate isFree) {
        var isFair = slots.isSerial() && turns % FAIR_TURN == FAIR_TURN - 1;
        var isOfCapture =
                isFair
                        && lanes.oldest(Slots.KINDS, isFree)
                                .filter(oldest -> oldest.item().kind() == ItemKind.CAPTURE)
                                .isPresent();
        return isOfCapture ? Slots.KINDS.reversed() : Slots.KINDS;
    }

    /// The smallest of the first that are due.
    ///
    /// @param turn which of them instead, while the sink refuses everything: one of them may be
    ///   refused for itself
    List<DueDelivery> probe(
            LongPredicate isFree, Collection<Send> underWay, Optional<Integer> turn) {
        var candidates = new ArrayList<DueDelivery>();
        for (var kind : Slots.KINDS) {
            if (slots.hasOneForProbe(kind, underWay)) {
                candidates.addAll(
                        reads.due(
                                active,
                                kind,
                                0,
                                Long.MAX_VALUE,
                                false,
                                isFree,
                                PROBE_CANDIDATES - candidates.size()));
            }
        }
        candidates.sort(Comparator.comparingLong(delivery -> delivery.item().bytes()));
        return candidates.isEmpty()
                ? List.of()
                : List.of(candidates.get(turn.orElse(0) % candidates.size()));
    }

    /// How long until a batch has lingered; empty: none does.
    Optional<Duration> rest() {
        return Stream.of(alerts.rest(), captures.rest())
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder());
    }
}
