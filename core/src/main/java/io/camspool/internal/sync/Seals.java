package io.camspool.internal.sync;

import io.camspool.internal.ledger.ActiveSink;
import io.camspool.internal.ledger.Commits;
import io.camspool.internal.ledger.DueDelivery;
import io.camspool.internal.ledger.Ledger;
import io.camspool.internal.ledger.SealedBatch;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// The sealed batches of one sink that are not answered for. A batch that becomes one object is
/// fixed in the ledger before its first try, and sent unchanged until it is answered for, by this
/// run or the next: what became of a try that broke nobody knows. [#seal] is thread-safe; the rest
/// is confined to one thread.
final class Seals {
    private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("yyyyMMdd/HH");

    /// How long a batch rests of which a member can't be read.
    private static final Duration UNREADABLE_REST = Duration.ofSeconds(30);

    private final ActiveSink sink;
    private final Ledger ledger;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private final ZoneId zone;
    private final List<Waiting> waiting = new ArrayList<>();
    private volatile boolean isKnown;

    /// A batch that is to be sent again, and when.
    private record Waiting(Sealed sealed, long notBefore) {}

    /// A sealed batch with its members, in their order.
    record Sealed(SealedBatch batch, List<DueDelivery> members) {
        long firstSeq() {
            return members.getFirst().item().seq();
        }
    }

    Seals(ActiveSink sink, Ledger ledger, Pump.World world, ZoneId zone) {
        this.sink = sink;
        this.ledger = ledger;
        this.clock = world.clock();
        this.nanoTime = world.nanoTime();
        this.random = world.random();
        this.zone = zone;
    }

    /// Commits deliveries as one batch, in this order.
    Sealed seal(List<DueDelivery> members) {
        var first = members.getFirst();
        var kind = first.item().kind();
        var id = HexFormat.of().toHexDigits(random.nextLong());
        var key =
                "%s/%s/%s/%s"
                        .formatted(
                                first.source(),
                                switch (kind) {
                                    case ALERT -> "alerts";
                                    case CAPTURE -> "captures";
                                },
                                HOUR.format(first.item().time().atZone(zone)),
                                id);
        var seqs = members.stream().map(member -> member.item().seq()).toList();
        try {
            return new Sealed(
                    Commits.await(ledger.seal(sink, kind, id, key, seqs, clock.millis())), members);
        } catch (RuntimeException e) {
            isKnown = false; // it may be in the ledger all the same
            throw e;
        }
    }

    /// Whether it knows what the ledger has: not before [#find], nor after a commit that may have
    /// failed.
    boolean isKnown() {
        return isKnown;
    }

    /// Finds what the ledger has; to be called while nothing is under way.
    void find() {
        var found = new ArrayList<Waiting>();
        for (var batch : ledger.reads().dueDeliveries().sealed(sink)) {
            var members = ledger.reads().dueDeliveries().members(sink, batch);
            if (!members.isEmpty()) {
                found.add(new Waiting(new Sealed(batch, members), nanoTime.getAsLong()));
            }
        }
        waiting.clear();
        waiting.addAll(found);
        isKnown = true; // not where a read has failed: it looks again
    }

    /// The first that may be sent again now.
    Optional<Sealed> next(Predicate<Sealed> isWanted) {
        var now = nanoTime.getAsLong();
        return waiting.stream()
                .filter(one -> one.notBefore - now <= 0)
                .map(Waiting::sealed)
                .filter(isWanted)
                .findFirst();
    }

    /// How many wait.
    int size() {
        return waiting.size();
    }

    void started(Sealed sealed) {
        waiting.removeIf(one -> one.sealed.batch.equals(sealed.batch));
    }

    /// It must be sent again.
    ///
    /// @param isUnreadable whether it could not be sent at all
    void again(Sealed sealed, boolean isUnreadable) {
        var rest = isUnreadable ? UNREADABLE_REST.toNanos() : 0;
        waiting.add(new Waiting(sealed, nanoTime.getAsLong() + rest));
    }

    /// How long until one may be sent again; empty: none waits.
    Optional<Duration> rest() {
        var now = nanoTime.getAsLong();
        return waiting.stream()
                .map(one -> Duration.ofNanos(Math.max(0, one.notBefore - now)))
                .min(Duration::compareTo);
    }
}
