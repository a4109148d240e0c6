package io.camspool.internal.sync;

import io.camspool.ItemKind;
import io.camspool.internal.archive.Archive;
import io.camspool.internal.ledger.ActiveSink;
import io.camspool.internal.ledger.Ledger;
import io.camspool.internal.report.SinkReport;
import io.camspool.internal.sync.Judge.Fault;
import io.camspool.internal.sync.Seals.Sealed;
import io.camspool.internal.sync.Send.Purpose;
import io.camspool.sink.NamedSink;
import io.camspool.sink.Sink;
import io.camspool.sink.Timetable;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Moves deliveries to one sink: lease what is due, send it, book the answers. [#runOnce] is called
/// by one thread, [#stop] after it; the rest is thread-safe. Sends run beside it, as many of each
/// kind as [Slots] allow.
///
/// A fault of the sink or the network counts against no item: everything stays pending, and the
/// [Breaker] lets nothing but a probe through. Answers that the ledger can't take are kept and
/// booked before anything more is sent. An item that the sink refuses waits for itself, the others
/// go on, and it is rejected at last. An item whose stored bytes no longer match their hash is
/// never sent: it is rejected at once.
public final class Pump {
    /// How long an idle pump sleeps when nobody wakes it: refused items come due by themselves.
    private static final Duration IDLE = Duration.ofSeconds(5);

    /// Batches after which a suspect is sent though others are due.
    private static final int SUSPECT_TURN = 20;

    /// The world outside.
    ///
    /// @param nanoTime as [System#nanoTime]: no wait depends on a clock that may be set
    /// @param random must be thread-safe
    /// @param sends where sends run
    /// @param sleep how they wait for their bandwidth
    /// @param report told what becomes of deliveries
    public record World(
            InstantSource clock,
            LongSupplier nanoTime,
            RandomGenerator random,
            Executor sends,
            Sleep sleep,
            SinkReport report) {}

    /// Waits on the present thread.
    public interface Sleep {
        void nanos(long nanos) throws InterruptedException;
    }

    /// What a sink may choose.
    ///
    /// @param isNewestFirst how its backlog goes within a priority
    /// @param maxRefusals after which an item is rejected
    /// @param zone whose hours the folders of sealed batches are, and the timetable
    /// @param bandwidth of images
    public record Options(
            boolean isNewestFirst, int maxRefusals, ZoneId zone, Timetable bandwidth) {
        public static final Options DEFAULT =
                new Options(false, NamedSink.MAX_REFUSALS, ZoneOffset.UTC, Timetable.OFF);

        /// What a sink was configured with.
        public static Options of(NamedSink sink, ZoneId zone) {
            return new Options(
                    sink.order() == NamedSink.Order.NEWEST_FIRST,
                    sink.maxRefusals(),
                    zone,
                    sink.bandwidth());
        }
    }

    private final ActiveSink active;
    private final Ledger ledger;
    private final World world;
    private final Leases leases;
    private final Lanes lanes;
    private final Breaker breaker;
    private final Suspects suspects;
    private final Slots slots;
    private final Turns turns;
    private final Seals seals;
    private final Judge judge;
    private final Bookings bookings;
    private final Send.Way way;
    private final Set<Send> underWay = new HashSet<>();
    private final LinkedBlockingQueue<Finished> finished = new LinkedBlockingQueue<>();

    private volatile @Nullable String trouble;
    private volatile @Nullable String suspectTrouble;
    private final AtomicLong flushes = new AtomicLong();
    private volatile boolean isHurried;
    private volatile Runnable wake = () -> {};
    private boolean lagging = true;

    /// Since one was another than what is sealed.
    private int probes;

    /// The last flush after which nothing was due any more.
    private long flushed;

    /// Batches that have started since a suspect was tried.
    private int batchesSinceSuspect;

    private record Finished(Send send, Send.Result result) {}

    public Pump(
            ActiveSink active,
            Sink sink,
            Ledger ledger,
            Archive archive,
            World world,
            Options options) {
        var reads = ledger.reads();
        this.active = active;
        this.ledger = ledger;
        this.world = world;
        this.leases = new Leases(active, reads, world.nanoTime, Integer.MAX_VALUE);
        this.lanes = new Lanes(active, reads, world.nanoTime, options.isNewestFirst);
        this.breaker = new Breaker(world.random, world.nanoTime);
        this.suspects = new Suspects(world.random, world.nanoTime);
        this.slots = new Slots(sink, world.nanoTime);
        this.turns = new Turns(active, sink, reads, lanes, slots, suspects, world.nanoTime);
        this.seals = new Seals(active, ledger, world, options.zone);
        this.judge = new Judge(suspects, world.clock, options.maxRefusals);
        this.bookings = new Bookings(active, ledger, leases, world);
        var bandwidth =
                new Bandwidth(
                        options.bandwidth, options.zone, world.clock, world.nanoTime, world.sleep);
        this.way = new Send.Way(sink, archive, ledger, world.clock, seals, bandwidth, world.report);
        var nextProbe = reads.dueDeliveries().nextProbeAt(active);
        if (nextProbe > 0) {
            world.report.down("it was at fault when it was last sent to");
            breaker.resume(Duration.ofMillis(nextProbe - world.clock.millis()));
            bookings.note(breaker);
        }
    }

    public String id() {
        return active.id();
    }

    public Leases leases() {
        return leases;
    }

    /// What hinders it now, in words; empty: nothing.
    public Optional<String> trouble() {
        return Stream.of(
                        Optional.ofNullable(bookings.trouble()),
                        Optional.ofNullable(trouble),
                        Optional.ofNullable(suspectTrouble))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /// Has a finished send wake whoever calls [#runOnce].
    public void connect(Runnable wakeUp) {
        wake = wakeUp;
        wakeUp.run(); // something may have finished before
    }

    /// Sends what lingers, until nothing is due any more.
    public void flush() {
        flushes.incrementAndGet();
        wake.run();
    }

    /// As [#flush], and probes a sink at fault at once.
    public void hurry() {
        isHurried = true;
        flush();
    }

    /// Books what has been answered and sends what is due while slots are free; answers how long to
    /// wait before the next call, zero when there is more to do.
    public Duration runOnce() {
        if (isHurried) {
            isHurried = false;
            breaker.hurry();
        }
        settleFinished();
        if (bookings.rest().isPositive()) {
            return bookings.rest();
        }
        try {
            bookings.book();
            lanes.sample();
            var wait = ledger.isPaused(active) ? IDLE : sendSoon();
            if (finished.isEmpty()) {
                return wait;
            }
            settleFinished();
            if (bookings.rest().isPositive()) {
                return bookings.rest();
            }
            bookings.book();
            return breaker.rest();
        } catch (CompletionException e) {
            return bookings.pause(e);
        }
    }

    /// Waits for what is under way and books its answers, after the last [#runOnce] has ended;
    /// false when something was still under way at the limit. It stays pending.
    public boolean stop(Duration limit) throws InterruptedException {
        var end = world.nanoTime.getAsLong() + limit.toNanos();
        while (true) {
            settleFinished();
            try {
                bookings.book();
            } catch (CompletionException e) {
                bookings.pause(e); // what is unbooked stays pending: it comes again, the same
            }
            if (underWay.isEmpty()) {
                return true;
            }
            var next = finished.poll(end - world.nanoTime.getAsLong(), TimeUnit.NANOSECONDS);
            if (next == null) {
                return false;
            }
            settle(next);
        }
    }

    private Duration sendSoon() {
        return breaker.rest().isPositive() ? breaker.rest() : sendSome();
    }

    private Duration sendSome() {
        Refusals.ripen(ledger, active, world.clock.millis()).join();
        if (lagging && hasSlot()) {
            lagging = ledger.fill(active).join();
        }
        if (!seals.isKnown()) {
            if (!underWay.isEmpty()) {
                return IDLE; // whether it is sealed is not known either
            }
            seals.find();
        }
        return breaker.isOpen() ? probe() : sendDue();
    }

    private boolean hasSlot() {
        return Slots.KINDS.stream().anyMatch(this::hasSlot);
    }

    private boolean hasSlot(ItemKind kind) {
        return slots.hasOne(kind, underWay);
    }

    private Duration sendDue() {
        while (sendSealed(
                Purpose.BATCH,
                one -> hasSlot(one.batch().kind()) && !suspects.contains(one.firstSeq()))) {
            // what may have been tried before goes first
        }
        while (hasSlot()) {
            if (batchesSinceSuspect >= SUSPECT_TURN && sendSuspect()) {
                continue; // or it would never be sent while there is always something due
            }
            var flush = flushes.get(); // a later one may be of what this turn does not see
            var batch = leases.lease(isFree -> turns.next(isFree, underWay, flush == flushed));
            if (batch.isEmpty()) {
                return lagging ? Duration.ZERO : rest(flush);
            }
            start(new Send(batch, Purpose.BATCH));
        }
        return IDLE; // what finishes wakes it
    }

    /// Sends again what was sealed before; false when there is nothing like it.
    private boolean sendSealed(Purpose purpose, Predicate<Sealed> isWanted) {
        var next = seals.next(isWanted);
        if (next.isEmpty()) {
            return false;
        }
        var members = next.get().members();
        var leased =
                leases.lease(
                        isFree ->
                                members.stream().allMatch(one -> isFree.test(one.item().seq()))
                                        ? members
                                        : List.of());
        if (leased.isEmpty()) {
            return false;
        }
        seals.started(next.get());
        start(new Send(next.get(), purpose));
        return true;
    }

    /// Nothing else is due: the turn of a suspect.
    private Duration rest(long flush) {
        if (!underWay.isEmpty()) {
            return untilDue(flush);
        }
        if (sendSuspect()) {
            return IDLE;
        }
        if (suspects.rest().isEmpty()) {
            suspectTrouble = null;
        }
        forgetOldTrouble();
        return untilDue(flush);
    }

    /// One at a time; false when there is none that may be sent now.
    private boolean sendSuspect() {
        if (underWay.stream().anyMatch(send -> send.is(Purpose.SUSPECT))) {
            return false;
        }
        for (var next = suspects.next(); next.isPresent(); next = suspects.next()) {
            if (sendSuspect(next.get())) {
                return true;
            }
            if (!Slots.KINDS.stream().allMatch(this::hasSlot)) {
                return false; // it may be one whose kind has no slot
            }
            suspects.forget(next.get());
        }
        return false;
    }

    private boolean sendSuspect(long seq) {
        if (sendSealed(
                Purpose.SUSPECT, one -> one.firstSeq() == seq && hasSlot(one.batch().kind()))) {
            return true;
        }
        var due =
                leases.lease(
                        isFree ->
                                isFree.test(seq)
                                        ? ledger.reads().dueDeliveries().one(active, seq).stream()
                                                .filter(one -> hasSlot(one.item().kind()))
                                                .toList()
                                        : List.of());
        if (!due.isEmpty()) {
            start(new Send(due, Purpose.SUSPECT));
        }
        return !due.isEmpty();
    }

    private void forgetOldTrouble() {
        if (trouble != null && owesNothing()) {
            trouble = null; // what it failed on has been removed
        }
    }

    private boolean owesNothing() {
        return ledger.reads().sinks().stream()
                .filter(status -> status.id().equals(active.id()))
                .noneMatch(status -> status.backlog().items() > 0);
    }

    /// When something comes due by itself. What could start now waits for what is under way, which
    /// wakes the pump.
    private Duration untilDue(long flush) {
        var lingering = turns.rest();
        if (lingering.isEmpty() && Slots.KINDS.stream().allMatch(this::hasSlot)) {
            flushed = flush; // without a slot nobody has looked for what lingers
        }
        return Stream.of(lingering, suspects.rest(), seals.rest())
                .flatMap(Optional::stream)
                .filter(Duration::isPositive)
                .min(Comparator.naturalOrder())
                .filter(rest -> rest.compareTo(IDLE) < 0)
                .orElse(IDLE);
    }

    /// One cheap try, when the time has come and something is due.
    private Duration probe() {
        if (!breaker.wantsProbe()) {
            return IDLE; // a probe is under way, and wakes it
        }
        // What is sealed might be to blame itself: each other probe is another. But each seals one
        // more, to be sent alone: the more there are, the rarer.
        var isOther = ++probes >= Math.max(2, seals.size());
        if (isOther) {
            probes = 0;
        }
        if (isOther ? probeOne() || probeSealed() : probeSealed() || probeOne()) {
            return IDLE;
        }
        forgetOldTrouble();
        return lagging ? Duration.ZERO : IDLE;
    }

    private boolean probeSealed() {
        return sendSealed(Purpose.PROBE, one -> slots.hasOneForProbe(one.batch().kind(), underWay));
    }

    private boolean probeOne() {
        var due = leases.lease(isFree -> turns.probe(isFree, underWay));
        if (!due.isEmpty()) {
            start(new Send(due, Purpose.PROBE));
        }
        return !due.isEmpty();
    }

    private void start(Send send) {
        underWay.add(send);
        slots.started(send.kind(), underWay);
        if (send.is(Purpose.PROBE)) {
            breaker.beginProbe();
        }
        batchesSinceSuspect = send.is(Purpose.SUSPECT) ? 0 : batchesSinceSuspect + 1;
        var asksSink = send.is(Purpose.PROBE) && judge.trustsOwnProbe();
        try {
            world.sends.execute(
                    () -> {
                        finished.add(new Finished(send, send.run(way, asksSink)));
                        wake.run();
                    });
        } catch (Throwable e) { // no memory for a thread
            underWay.remove(send);
            breaker.endProbe();
            send.sealed().ifPresent(one -> seals.again(one, false));
            leases.end(send.deliveries());
            throw e;
        }
    }

    private void settleFinished() {
        for (var next = finished.poll(); next != null; next = finished.poll()) {
            settle(next);
        }
    }

    private void settle(Finished done) {
        var send = done.send;
        var result = done.result;
        underWay.remove(send);
        var judgement = judge.judge(result);
        bookings.add(judgement.answers(), send.deliveries(), result.sealed().isPresent());
        result.unsealed().ifPresent(why -> bookings.pause("can't seal: " + why));
        if (result.mustGoAgain()) {
            seals.again(result.sealed().orElseThrow(), result.unreadable().isPresent());
        }
        if (judgement.fault().isPresent()) {
            react(send, judgement.fault().get(), !result.sent().isEmpty());
            return;
        }
        if (!send.is(Purpose.PROBE)) {
            slots.finished(send.kind(), Batcher.bytes(result.sent()));
        } else if (result.showsLife()) {
            breaker.close();
            world.report.up();
            slots.restart();
            turns.restart();
            bookings.note(breaker);
        } else {
            breaker.endProbe();
        }
        if (!breaker.isOpen()) {
            trouble = result.unreadable().orElse(null);
        }
    }

    /// @param isOfItem whether anything was sent, rather than the sink's own probe
    private void react(Send send, Fault fault, boolean isOfItem) {
        if (fault.mayBeOfItem() && send.is(Purpose.SUSPECT)) {
            suspectTrouble =
                    "%s fails again and again: %s"
                            .formatted(send.deliveries().getFirst().item().id(), fault.cause());
            return;
        }
        if (isOfItem && send.deliveries().size() == 1) {
            turns.failed(send.deliveries().getFirst().item().seq());
        }
        trouble = fault.cause();
        if (breaker.isOpen() && !send.is(Purpose.PROBE)) {
            breaker.prolong(fault.asked());
            bookings.note(breaker);
            return;
        }
        if (fault.isOfNetwork() && !breaker.isOpen()) {
            slots.networkFault(send.kind()); // once for all that break together
        }
        breaker.open(fault.asked());
        world.report.down(fault.cause());
        bookings.note(breaker);
    }
}
