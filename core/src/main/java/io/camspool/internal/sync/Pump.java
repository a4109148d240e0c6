package io.camspool.internal.sync;

import io.camspool.ItemKind;
import io.camspool.internal.archive.Archive;
import io.camspool.internal.ledger.ActiveSink;
import io.camspool.internal.ledger.Answer;
import io.camspool.internal.ledger.DueDelivery;
import io.camspool.internal.ledger.Ledger;
import io.camspool.internal.sync.Send.Purpose;
import io.camspool.sink.Outcome;
import io.camspool.sink.Sink;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Moves deliveries to one sink: lease what is due, send it, book the answers. [#runOnce] is called
/// by one thread, [#stop] after it; the rest is thread-safe. Sends run beside it, as many of each
/// kind as [Concurrency] allows.
///
/// A fault of the sink or the network counts against no item: everything stays pending, and the
/// [Breaker] lets nothing but a probe through. Answers that the ledger can't take are kept and
/// booked before anything more is sent. An item that the sink refuses waits for itself, the others
/// go on, and it is rejected at last. An item whose stored bytes no longer match their hash is
/// never sent: it is rejected at once.
public final class Pump {
    /// How long an idle pump sleeps when nobody wakes it: refused items come due by themselves.
    private static final Duration IDLE = Duration.ofSeconds(5);

    /// The longest wait for a ledger that can't commit.
    private static final Duration LONGEST_LEDGER_WAIT = Duration.ofSeconds(10);

    /// The smallest of so many deliveries is the probe.
    private static final int PROBE_CANDIDATES = 100;

    /// Each so manieth lease takes the oldest of all that is due.
    private static final int FAIR_TURN = 10;

    /// What comes due by itself is looked for no more often.
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private static final List<ItemKind> KINDS = Slots.KINDS;

    /// The world outside.
    ///
    /// @param nanoTime as [System#nanoTime]: no wait depends on a clock that may be set
    /// @param random must be thread-safe
    /// @param sends where sends run
    public record World(
            InstantSource clock, LongSupplier nanoTime, RandomGenerator random, Executor sends) {}

    /// What a sink may choose.
    ///
    /// @param isNewestFirst how its backlog goes within a priority
    /// @param maxRefusals after which an item is rejected
    public record Options(boolean isNewestFirst, int maxRefusals) {
        public static final Options DEFAULT = new Options(false, Refusals.MAX_REFUSALS);
    }

    private final ActiveSink active;
    private final Sink sink;
    private final Ledger ledger;
    private final Archive archive;
    private final World world;
    private final Options options;
    private final Leases leases;
    private final Lanes lanes;
    private final Breaker breaker;
    private final MassRefusals mass = new MassRefusals();
    private final Suspects suspects;
    private final Slots slots;
    private final Batcher alerts;
    private final Batcher captures;
    private final Backoff ledgerBackoff;
    private final Set<Send> underWay = new HashSet<>();
    private final LinkedBlockingQueue<Finished> finished = new LinkedBlockingQueue<>();

    private final List<Answer> unbooked = new ArrayList<>();
    private volatile @Nullable String trouble;
    private volatile @Nullable String ledgerTrouble;
    private volatile @Nullable String suspectTrouble;
    private volatile boolean isFlushing;
    private volatile Runnable wake = () -> {};
    private boolean lagging = true;
    private boolean isProbeNoted = true;
    private long ledgerWaitEnd;
    private int turns;
    private int probes;

    private record Finished(Send send, Send.Result result) {}

    /// Why the breaker opens.
    private record Fault(String cause, Duration asked, boolean isOfNetwork) {}

    public Pump(
            ActiveSink active,
            Sink sink,
            Ledger ledger,
            Archive archive,
            World world,
            Options options) {
        this.active = active;
        this.sink = sink;
        this.ledger = ledger;
        this.archive = archive;
        this.world = world;
        this.options = options;
        this.leases = new Leases(active, ledger.reads(), world.nanoTime, Integer.MAX_VALUE);
        this.lanes = new Lanes(active, ledger.reads(), world.nanoTime, options.isNewestFirst);
        this.breaker = new Breaker(world.random, world.nanoTime);
        this.suspects = new Suspects(world.random, world.nanoTime);
        this.slots = new Slots(sink, world.nanoTime);
        this.alerts = batcherOf(ItemKind.ALERT);
        this.captures = batcherOf(ItemKind.CAPTURE);
        this.ledgerBackoff = new Backoff(world.random, LONGEST_LEDGER_WAIT);
        var nextProbe = ledger.reads().nextProbeAt(active);
        if (nextProbe > 0) {
            breaker.resume(Duration.ofMillis(nextProbe - world.clock.millis()));
        }
    }

    private Batcher batcherOf(ItemKind kind) {
        return new Batcher(kind, sink.batching(kind), lanes, world.nanoTime);
    }

    public String id() {
        return active.id();
    }

    public Leases leases() {
        return leases;
    }

    /// What hinders it now, in words; empty: nothing.
    public Optional<String> trouble() {
        return Stream.of(ledgerTrouble, trouble, suspectTrouble)
                .flatMap(Stream::ofNullable)
                .findFirst();
    }

    /// Has a finished send wake whoever calls [#runOnce].
    public void connect(Runnable wakeUp) {
        wake = wakeUp;
        wakeUp.run(); // something may have finished before
    }

    /// Sends what lingers, until nothing is due any more.
    public void flush() {
        isFlushing = true;
        wake.run();
    }

    /// Books what has been answered and sends what is due while slots are free; answers how long to
    /// wait before the next call, zero when there is more to do.
    public Duration runOnce() {
        settleFinished();
        var rest = ledgerRest();
        if (rest.isPositive()) {
            return rest;
        }
        try {
            catchUp();
            lanes.sample();
            var wait = breaker.isOpen() ? probe() : sendDue();
            if (finished.isEmpty()) {
                return wait;
            }
            settleFinished();
            book();
            return breaker.rest();
        } catch (CompletionException e) {
            return pauseForLedger(e);
        }
    }

    /// Waits for what is under way and books its answers, after the last [#runOnce] has ended;
    /// false when something was still under way at the limit. It stays pending.
    public boolean stop(Duration limit) throws InterruptedException {
        var end = world.nanoTime.getAsLong() + limit.toNanos();
        while (true) {
            settleFinished();
            try {
                book();
            } catch (CompletionException e) {
                pauseForLedger(e); // they stay pending: the sink gets them again, as the same items
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

    /// Books what is unbooked, makes due what has waited for itself, and makes the next deliveries.
    /// Nothing is sent whose answer could not be booked.
    private void catchUp() {
        book();
        if (breaker.rest().isPositive()) {
            return;
        }
        Refusals.ripen(ledger, active, world.clock.millis()).join();
        if (lagging && KINDS.stream().anyMatch(this::hasSlot)) {
            lagging = ledger.fill(active).join();
        }
    }

    /// Answers that could not be booked stay; booking one twice changes nothing but a refusal's
    /// count. When the ledger last failed, an empty list of answers shows whether it commits.
    private void book() {
        if (unbooked.isEmpty()
                && isProbeNoted
                && ledgerTrouble == null
                && ledger.trouble().isEmpty()) {
            return;
        }
        var now = world.clock.millis();
        var booked = ledger.answer(active, List.copyOf(unbooked), now);
        if (!isProbeNoted) {
            var at = breaker.isOpen() ? now + breaker.rest().toMillis() : 0;
            ledger.noteNextProbe(active, at).join();
            isProbeNoted = true;
        }
        booked.join();
        for (var answer : unbooked) {
            if (!(answer instanceof Answer.TakenBack)) {
                leases.end(answer.seq());
            }
        }
        unbooked.clear();
        if (ledgerTrouble != null) {
            ledgerTrouble = null;
            ledgerBackoff.reset();
        }
    }

    private Duration pauseForLedger(CompletionException e) {
        var cause = e.getCause() == null ? e : e.getCause();
        ledgerTrouble = "can't book: " + cause.getMessage();
        ledgerWaitEnd = world.nanoTime.getAsLong() + ledgerBackoff.next().toNanos();
        return ledgerRest();
    }

    /// Whoever wakes a pump must not cut short the wait after a failure.
    private Duration ledgerRest() {
        return ledgerTrouble == null
                ? Duration.ZERO
                : Duration.ofNanos(Math.max(0, ledgerWaitEnd - world.nanoTime.getAsLong()));
    }

    private boolean hasSlot(ItemKind kind) {
        return slots.hasOne(kind, underWay);
    }

    private Duration sendDue() {
        while (KINDS.stream().anyMatch(this::hasSlot)) {
            var batch = leases.lease(this::choose);
            if (batch.isEmpty()) {
                return lagging ? Duration.ZERO : sendSuspect();
            }
            start(new Send(batch, Purpose.BATCH));
        }
        return IDLE; // what finishes wakes it
    }

    private List<DueDelivery> choose(LongPredicate isFree) {
        LongPredicate isOrdinary = seq -> isFree.test(seq) && !suspects.contains(seq);
        for (var kind : order(isOrdinary)) {
            if (hasSlot(kind)) {
                var batch = batcher(kind).choose(isOrdinary, !isFlushing);
                if (!batch.isEmpty()) {
                    turns++;
                    return batch;
                }
            }
        }
        return List.of();
    }

    /// Alerts first; where the kinds share a slot, each so manieth turn is that of the oldest item.
    private List<ItemKind> order(LongPredicate isFree) {
        var isFair = slots.isSerial() && turns % FAIR_TURN == FAIR_TURN - 1;
        return isFair
                        && lanes.oldest(KINDS, isFree)
                                .filter(oldest -> oldest.item().kind() == ItemKind.CAPTURE)
                                .isPresent()
                ? KINDS.reversed()
                : KINDS;
    }

    private Batcher batcher(ItemKind kind) {
        return kind == ItemKind.ALERT ? alerts : captures;
    }

    /// Nothing else is due: the turn of a suspect, alone.
    private Duration sendSuspect() {
        if (!underWay.isEmpty()) {
            return untilDue();
        }
        for (var next = suspects.next(); next.isPresent(); next = suspects.next()) {
            long seq = next.get();
            var due =
                    leases.lease(
                            isFree ->
                                    isFree.test(seq)
                                            ? ledger.reads().due(active, seq).stream().toList()
                                            : List.of());
            if (!due.isEmpty()) {
                start(new Send(due, Purpose.SUSPECT));
                return IDLE;
            }
            suspects.forget(seq);
        }
        if (suspects.rest().isEmpty()) {
            suspectTrouble = null;
        }
        forgetOldTrouble();
        return untilDue();
    }

    private void forgetOldTrouble() {
        if (trouble != null && owesNothing()) {
            trouble = null; // what it failed on has been removed
        }
    }

    private boolean owesNothing() {
        return ledger.reads().sinks().stream()
                .noneMatch(
                        status -> status.id().equals(active.id()) && status.backlog().items() > 0);
    }

    /// When something comes due by itself.
    private Duration untilDue() {
        var lingering =
                Stream.of(alerts.rest(), captures.rest())
                        .flatMap(Optional::stream)
                        .min(Comparator.naturalOrder());
        if (lingering.isEmpty()) {
            isFlushing = false;
        }
        return Stream.of(lingering, suspects.rest(), Optional.of(IDLE))
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder())
                .filter(Duration::isPositive)
                .orElse(SHORTEST);
    }

    /// One cheap try, when the time has come and something is due.
    private Duration probe() {
        if (!breaker.wantsProbe()) {
            var rest = breaker.rest();
            return rest.isPositive() ? rest : IDLE;
        }
        var due = leases.lease(this::chooseProbe);
        if (due.isEmpty()) {
            forgetOldTrouble();
            return lagging ? Duration.ZERO : IDLE;
        }
        probes++;
        breaker.beginProbe();
        start(new Send(due, Purpose.PROBE));
        return IDLE;
    }

    /// The smallest of the first that are due. While the sink refuses everything, each in turn: one
    /// of them may be refused for itself.
    private List<DueDelivery> chooseProbe(LongPredicate isFree) {
        var candidates = new ArrayList<DueDelivery>();
        for (var kind : KINDS) {
            if (slots.hasOneForProbe(kind, underWay)) {
                candidates.addAll(
                        ledger.reads()
                                .due(
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
                : List.of(candidates.get(mass.isMass() ? probes % candidates.size() : 0));
    }

    private void start(Send send) {
        underWay.add(send);
        slots.started(send.kind(), underWay);
        var asksSink = send.is(Purpose.PROBE) && !mass.isMass();
        try {
            world.sends.execute(
                    () -> {
                        finished.add(
                                new Finished(
                                        send,
                                        send.run(sink, archive, ledger, world.clock, asksSink)));
                        wake.run();
                    });
        } catch (RuntimeException | Error e) { // no memory for a thread
            underWay.remove(send);
            breaker.endProbe();
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
        underWay.remove(send);
        var answers = new ArrayList<>(done.result.flaws());
        var fault = judge(done.result, answers);
        unbooked.addAll(answers);
        var answered = answers.stream().map(Answer::seq).collect(Collectors.toSet());
        for (var delivery : send.deliveries()) {
            if (!answered.contains(delivery.item().seq())) {
                leases.end(delivery.item().seq());
            }
        }
        if (fault.isPresent()) {
            react(send, fault.get());
            return;
        }
        if (done.result.showsLife() && send.is(Purpose.PROBE)) {
            breaker.close();
            slots.restart();
            isProbeNoted = false;
        } else {
            if (send.is(Purpose.PROBE)) {
                breaker.endProbe();
            }
            slots.finished(send.kind(), Batcher.bytes(done.result.sent()));
        }
        if (!breaker.isOpen()) {
            trouble = done.result.unreadable().orElse(null);
        }
    }

    /// What the outcomes mean for the items, added to the answers, and for the sink.
    private Optional<Fault> judge(Send.Result result, List<Answer> answers) {
        var fault = result.probed().flatMap(Pump::faultOf);
        for (var i = 0; i < result.sent().size(); i++) {
            var delivery = result.sent().get(i);
            var seq = delivery.item().seq();
            var outcome = result.outcomes().get(i);
            switch (outcome) {
                case Outcome.Delivered delivered -> {
                    answers.add(new Answer.Confirmed(seq, delivered.proof()));
                    suspects.passed(seq);
                    mass.end();
                }
                case Outcome.ItemRefused refused -> {
                    suspects.passed(seq);
                    if (mass.counts(seq, refused.reason())) {
                        answers.add(refusal(delivery, refused));
                    } else {
                        answers.addAll(mass.takeBack());
                        fault = faultOf(outcome);
                    }
                }
                case Outcome.SinkFault _ -> fault = faultOf(outcome);
                case Outcome.NetworkFault _ -> {
                    suspects.mark(seq);
                    fault = faultOf(outcome);
                }
            }
        }
        return fault;
    }

    private Answer refusal(DueDelivery delivery, Outcome.ItemRefused refused) {
        return Refusals.answer(
                delivery,
                refused.reason(),
                refused.answer(),
                world.clock.millis(),
                options.maxRefusals);
    }

    private static Optional<Fault> faultOf(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Delivered _ -> Optional.empty();
            case Outcome.ItemRefused refused ->
                    Optional.of(
                            new Fault(
                                    "refuses every item: " + refused.reason(),
                                    Duration.ZERO,
                                    false));
            case Outcome.SinkFault fault ->
                    Optional.of(
                            new Fault(
                                    fault.cause(),
                                    fault.retryAfter().orElse(Duration.ZERO),
                                    false));
            case Outcome.NetworkFault fault ->
                    Optional.of(new Fault(fault.cause(), Duration.ZERO, true));
        };
    }

    private void react(Send send, Fault fault) {
        if (fault.isOfNetwork) {
            slots.networkFault(send.kind());
        }
        if (fault.isOfNetwork && send.is(Purpose.SUSPECT)) {
            suspectTrouble =
                    "%s fails again and again: %s"
                            .formatted(send.deliveries().getFirst().item().id(), fault.cause);
        } else if (breaker.isOpen() && !send.is(Purpose.PROBE)) {
            breaker.prolong(fault.asked);
            trouble = fault.cause;
        } else {
            breaker.open(fault.asked);
            trouble = fault.cause;
            isProbeNoted = false;
        }
    }
}
