package io.camspool.internal.sync;

import io.camspool.ItemKind;
import io.camspool.internal.ledger.ActiveSink;
import io.camspool.internal.ledger.DueDelivery;
import io.camspool.internal.ledger.Reads;
import io.camspool.sink.Sink;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/// Chooses what is leased next for one sink, of what is due, free and has a slot. Confined to one
/// thread.
final class Turns {
    /// The smallest of so many deliveries of each kind may be the probe.
    private static final int PROBE_CANDIDATES = 100;

    /// Deliveries that are remembered as having failed as the probe.
    private static final int MOST_FAILED = 1_000;

    /// Where the kinds share a slot, each so manieth turn is that of the oldest item.
    private static final int FAIR_TURN = 10;

    private final ActiveSink active;
    private final Reads reads;
    private final Lanes lanes;
    private final Slots slots;
    private final Suspects suspects;
    private final Batcher alerts;
    private final Batcher captures;
    private final LinkedHashSet<Long> failed = new LinkedHashSet<>();
    private int batchesOfAnyKind;
    private int probes;

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
                    batchesOfAnyKind++;
                    return batch;
                }
            }
        }
        return List.of();
    }

    private List<ItemKind> order(LongPredicate isFree) {
        var isFair = slots.isSerial() && batchesOfAnyKind % FAIR_TURN == FAIR_TURN - 1;
        var isOfCapture =
                isFair
                        && lanes.oldest(Slots.KINDS, isFree)
                                .filter(oldest -> oldest.item().kind() == ItemKind.CAPTURE)
                                .isPresent();
        return isOfCapture ? Slots.KINDS.reversed() : Slots.KINDS;
    }

    /// One delivery as the probe: the smallest of the first that are due, or the newest of a kind,
    /// by turns: what is to blame itself may be all that is first. Only when nothing else is due is
    /// it a suspect, or what has [#failed].
    List<DueDelivery> probe(LongPredicate isFree, Collection<Send> underWay) {
        var kinds =
                Slots.KINDS.stream().filter(kind -> slots.hasOneForProbe(kind, underWay)).toList();
        LongPredicate isOrdinary = seq -> isFree.test(seq) && !suspects.contains(seq);
        var chosen = probeOf(kinds, seq -> isOrdinary.test(seq) && !failed.contains(seq));
        if (chosen.isEmpty()) {
            failed.clear();
            chosen = probeOf(kinds, isOrdinary).or(() -> probeOf(kinds, isFree));
        }
        probes++;
        return chosen.stream().toList();
    }

    private Optional<DueDelivery> probeOf(List<ItemKind> kinds, LongPredicate isWanted) {
        if (probes % 2 == 0) {
            return smallest(kinds, isWanted);
        }
        var kind = Slots.KINDS.get(probes / 2 % Slots.KINDS.size());
        return Stream.of(List.of(kind), Slots.KINDS)
                .map(some -> some.stream().filter(kinds::contains).toList())
                .flatMap(some -> reads.dueDeliveries().newest(active, some, isWanted).stream())
                .findFirst();
    }

    private Optional<DueDelivery> smallest(List<ItemKind> kinds, LongPredicate isWanted) {
        return kinds.stream()
                .flatMap(
                        kind ->
                                reads
                                        .dueDeliveries()
                                        .ofKind(
                                                active,
                                                kind,
                                                0,
                                                Long.MAX_VALUE,
                                                false,
                                                isWanted,
                                                PROBE_CANDIDATES)
                                        .stream())
                .min(Comparator.comparingLong(delivery -> delivery.item().bytes()));
    }

    /// A send of one delivery was at fault: the next probe is another.
    void failed(long seq) {
        failed.add(seq);
        if (failed.size() > MOST_FAILED) {
            failed.removeFirst();
        }
    }

    /// The sink is back.
    void restart() {
        failed.clear();
        probes = 0;
    }

    /// How long until a batch has lingered; empty: none does.
    Optional<Duration> rest() {
        return Stream.of(alerts.rest(), captures.rest())
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder());
    }
}
