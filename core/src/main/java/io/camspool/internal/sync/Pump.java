package io.camspool.internal.sync;

import io.camspool.CamspoolException;
import io.camspool.internal.archive.Archive;
import io.camspool.internal.ledger.ActiveSink;
import io.camspool.internal.ledger.Answer;
import io.camspool.internal.ledger.DueDelivery;
import io.camspool.internal.ledger.Ledger;
import io.camspool.sink.Batch;
import io.camspool.sink.Outcome;
import io.camspool.sink.Sink;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Moves deliveries to one sink: lease what is due, send it once, book the answers. [#runOnce] is
/// called by one thread; the rest is thread-safe.
///
/// A fault of the sink or the network counts against no item: everything stays pending and the next
/// try waits with jitter. Answers that the ledger can't take are kept and booked before anything
/// more is sent. An item that the sink refuses waits for itself, the others go on; after
/// [Refusals#MAX_REFUSALS] it is rejected. An item whose stored bytes no longer match their hash is
/// never sent: it is rejected at once.
public final class Pump {
    /// How long an idle pump sleeps when nobody wakes it: refused items come due by themselves.
    private static final Duration IDLE = Duration.ofSeconds(5);

    /// A sink that asks for more patience is tried again after this.
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    private final ActiveSink active;
    private final Sink sink;
    private final Ledger ledger;
    private final Archive archive;
    private final InstantSource clock;
    private final Backoff backoff;
    private final Leases leases;

    private List<Answer> unbooked = List.of();
    private volatile @Nullable String trouble;
    private volatile @Nullable String ledgerTrouble;
    private boolean lagging = true;
    private long faultAt;
    private long notBefore;

    public Pump(
            ActiveSink active,
            Sink sink,
            Ledger ledger,
            Archive archive,
            InstantSource clock,
            RandomGenerator random) {
        this.active = active;
        this.sink = sink;
        this.ledger = ledger;
        this.archive = archive;
        this.clock = clock;
        this.backoff = new Backoff(random);
        this.leases = new Leases(active, ledger.reads(), System::nanoTime, Integer.MAX_VALUE);
    }

    public String id() {
        return active.id();
    }

    public Leases leases() {
        return leases;
    }

    /// What hinders it now, in words; empty: nothing.
    public Optional<String> trouble() {
        return Optional.ofNullable(ledgerTrouble).or(() -> Optional.ofNullable(trouble));
    }

    /// Moves one batch; answers how long to wait before the next call, zero when there is more to
    /// do.
    public Duration runOnce() {
        var rest = restOfWait();
        if (rest.isPositive()) {
            return rest;
        }
        try {
            catchUp();
        } catch (CompletionException e) {
            return pauseForLedger(e, Duration.ZERO);
        }
        var due = leases.lease(sink::batching);
        if (due.isEmpty()) {
            if (trouble != null && owesNothing()) {
                trouble = null; // what it failed on has been removed
            }
            return lagging ? Duration.ZERO : IDLE;
        }
        try {
            return send(due);
        } finally {
            leases.end(due);
        }
    }

    /// Books what is unbooked, makes due what has waited for itself, and makes the next deliveries.
    /// Nothing is sent whose answer could not be booked: when the ledger last failed, an empty list
    /// of answers shows whether it commits.
    private void catchUp() {
        if (ledgerTrouble != null || ledger.trouble().isPresent()) {
            book(unbooked);
        }
        Refusals.ripen(ledger, active, clock.millis()).join();
        if (lagging) {
            lagging = ledger.fill(active).join();
        }
        if (ledgerTrouble != null) {
            ledgerTrouble = null;
            backoff.reset();
        }
    }

    private boolean owesNothing() {
        return ledger.reads().sinks().stream()
                .noneMatch(sink -> sink.id().equals(active.id()) && sink.backlog().items() > 0);
    }

    /// Answers that could not be booked stay; booking one twice changes nothing but a refusal's
    /// count.
    private void book(List<Answer> answers) {
        unbooked = List.copyOf(answers);
        ledger.answer(active, unbooked, clock.millis()).join();
        unbooked = List.of();
    }

    private Duration pauseForLedger(CompletionException e, Duration atLeast) {
        var cause = e.getCause() == null ? e : e.getCause();
        ledgerTrouble = "can't book: " + cause.getMessage();
        return pause(atLeast);
    }

    private Duration pause(Duration atLeast) {
        var jittered = backoff.next();
        var asked = atLeast.compareTo(LONGEST_PAUSE) < 0 ? atLeast : LONGEST_PAUSE;
        var wait = asked.compareTo(jittered) > 0 ? asked : jittered;
        faultAt = clock.millis();
        notBefore = faultAt + wait.toMillis();
        return wait;
    }

    /// Whoever wakes a pump must not cut short the wait after a fault. A clock that was set back
    /// ends it.
    private Duration restOfWait() {
        var now = clock.millis();
        return now < faultAt || now >= notBefore
                ? Duration.ZERO
                : Duration.ofMillis(notBefore - now);
    }

    private Duration send(List<DueDelivery> due) {
        var answers = new ArrayList<Answer>();
        var intact = new ArrayList<StoredDelivery>();
        for (var delivery : due) {
            var stored = new StoredDelivery(delivery, archive, ledger.reads());
            stored.flaw(clock.millis()).ifPresentOrElse(answers::add, () -> intact.add(stored));
        }
        var unreadable =
                answers.stream()
                        .filter(Answer.Postponed.class::isInstance)
                        .map(Answer.Postponed.class::cast)
                        .findFirst()
                        .map(Answer.Postponed::reason);
        var wait = intact.isEmpty() ? Duration.ZERO : sendIntact(intact, answers);
        if (wait.isZero()) {
            trouble = unreadable.orElse(null);
        }
        if (!answers.isEmpty()) {
            try {
                book(answers);
            } catch (CompletionException e) {
                return pauseForLedger(e, wait);
            }
        }
        return wait;
    }

    private Duration sendIntact(List<StoredDelivery> deliveries, List<Answer> answers) {
        var outcomes = outcomes(deliveries);
        @Nullable String fault = null;
        Optional<Duration> retryAfter = Optional.empty();
        for (var i = 0; i < outcomes.size(); i++) {
            var delivery = deliveries.get(i);
            var seq = delivery.item().seq();
            switch (outcomes.get(i)) {
                case Outcome.Delivered delivered ->
                        answers.add(new Answer.Confirmed(seq, delivered.proof()));
                case Outcome.ItemRefused refused ->
                        answers.add(
                                Refusals.answer(
                                        delivery.due(),
                                        refused.reason(),
                                        refused.answer(),
                                        clock.millis()));
                case Outcome.SinkFault sinkFault -> {
                    fault = sinkFault.cause();
                    retryAfter = sinkFault.retryAfter();
                }
                case Outcome.NetworkFault networkFault -> fault = networkFault.cause();
            }
        }
        trouble = fault;
        if (fault == null) {
            backoff.reset();
            return Duration.ZERO;
        }
        return pause(retryAfter.orElse(Duration.ZERO));
    }

    @SuppressWarnings("CatchingUnchecked") // an adapter's missing class must not end the pump
    private List<Outcome> outcomes(List<StoredDelivery> deliveries) {
        try {
            var outcomes = sink.send(new Batch(List.copyOf(deliveries)));
            if (outcomes.size() == deliveries.size()
                    && outcomes.stream().allMatch(Objects::nonNull)) {
                return outcomes;
            }
            return faults(
                    deliveries,
                    "the sink answered for %d of %d deliveries"
                            .formatted(
                                    outcomes.stream().filter(Objects::nonNull).count(),
                                    deliveries.size()));
        } catch (Throwable e) {
            return faults(deliveries, CamspoolException.causeInWords(e));
        }
    }

    private static List<Outcome> faults(List<StoredDelivery> deliveries, String cause) {
        return deliveries.stream().map(_ -> (Outcome) new Outcome.SinkFault(cause)).toList();
    }
}
