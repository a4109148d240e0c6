package io.camspool.internal.sync;

import io.camspool.CamspoolException;
import io.camspool.ItemKind;
import io.camspool.internal.archive.Archive;
import io.camspool.internal.ledger.Answer;
import io.camspool.internal.ledger.DueDelivery;
import io.camspool.internal.ledger.Ledger;
import io.camspool.internal.report.SinkReport;
import io.camspool.internal.sync.Seals.Sealed;
import io.camspool.sink.Batch;
import io.camspool.sink.Outcome;
import io.camspool.sink.Sink;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// One attempt: checks the stored bytes of leased deliveries, seals what is intact where it becomes
/// one object, and sends it. Runs once, on any thread; never throws.
final class Send {
    /// Why it is made.
    enum Purpose {
        BATCH,
        PROBE,
        SUSPECT
    }

    private final List<DueDelivery> deliveries;
    private final Optional<Sealed> sealed;
    private final Purpose purpose;

    /// What it needs.
    record Way(
            Sink sink,
            Archive archive,
            Ledger ledger,
            InstantSource clock,
            Seals seals,
            Bandwidth bandwidth,
            SinkReport report) {}

    /// What became of it.
    ///
    /// @param sent what the sink was given, in order
    /// @param outcomes one for each of them
    /// @param flaws what must be booked of those that were not sent
    /// @param probed what the sink's own probe showed; nothing was sent then
    /// @param sealed what is fixed in the ledger
    /// @param unreadable why something could not be read, in words
    /// @param unsealed why it could not be sealed, in words; nothing was sent then
    record Result(
            List<DueDelivery> sent,
            List<Outcome> outcomes,
            List<Answer> flaws,
            Optional<Outcome> probed,
            Optional<Sealed> sealed,
            Optional<String> unreadable,
            Optional<String> unsealed) {

        /// Whether the sink has answered at all.
        boolean showsLife() {
            return probed.isPresent() || !sent.isEmpty();
        }

        /// Whether what is sealed was not answered for as a whole.
        boolean mustGoAgain() {
            return sealed.isPresent()
                    && (sent.isEmpty() || outcomes.stream().anyMatch(Send::isFault));
        }
    }

    /// @param deliveries of one kind
    Send(List<DueDelivery> deliveries, Purpose purpose) {
        this.deliveries = List.copyOf(deliveries);
        this.sealed = Optional.empty();
        this.purpose = purpose;
    }

    /// As it was sealed before.
    Send(Sealed sealed, Purpose purpose) {
        this.deliveries = sealed.members();
        this.sealed = Optional.of(sealed);
        this.purpose = purpose;
    }

    List<DueDelivery> deliveries() {
        return deliveries;
    }

    /// What was sealed before.
    Optional<Sealed> sealed() {
        return sealed;
    }

    ItemKind kind() {
        return deliveries.getFirst().item().kind();
    }

    boolean is(Purpose other) {
        return purpose == other;
    }

    /// @param asksSink whether the sink's own probe, where it has one, is enough
    Result run(Way way, boolean asksSink) {
        var result = attempt(way, asksSink);
        for (var outcome : result.outcomes) {
            way.report.answered(kind(), outcome);
        }
        return result;
    }

    private Result attempt(Way way, boolean asksSink) {
        var attempt = new Attempt();
        try {
            var probed = asksSink ? way.sink.probe() : Optional.<Outcome>empty();
            return probed.isPresent() ? attempt.probed(probed.get()) : attempt.run(way);
        } catch (Throwable e) { // an adapter's missing class must not end the pump
            return attempt.failed(e);
        }
    }

    /// What is known of it so far.
    private final class Attempt {
        private final List<StoredDelivery> intact = new ArrayList<>(deliveries.size());
        private final List<Answer> flaws = new ArrayList<>();
        private Optional<Sealed> fixed = sealed;

        Result probed(Outcome outcome) {
            return new Result(
                    List.of(),
                    List.of(),
                    List.of(),
                    Optional.of(outcome),
                    fixed,
                    Optional.empty(),
                    Optional.empty());
        }

        Result failed(Throwable e) {
            var fault = new Outcome.SinkFault(CamspoolException.causeInWords(e));
            return intact.isEmpty() ? probed(fault) : result(all(intact.size(), fault));
        }

        Result run(Way way) {
            var reads = way.ledger.reads();
            for (var delivery : deliveries) {
                var stored = new StoredDelivery(delivery, way.archive, reads, way.bandwidth::limit);
                stored.flaw(way.clock.millis())
                        .ifPresentOrElse(flaws::add, () -> intact.add(stored));
            }
            if (!flaws.isEmpty() && sealed.isPresent()) {
                return spoilt();
            }
            if (intact.isEmpty()) {
                return result(List.of());
            }
            if (fixed.isEmpty() && way.sink.batching(kind()).sealed()) {
                intact.sort(Comparator.comparingLong(delivery -> delivery.item().seq()));
                try {
                    fixed = Optional.of(way.seals.seal(dues()));
                } catch (RuntimeException e) {
                    intact.clear();
                    return unsealed(CamspoolException.causeInWords(e));
                }
            }
            var seal = fixed.map(one -> new Batch.Seal(one.batch().id(), one.batch().key()));
            return result(outcomes(way, new Batch(List.copyOf(intact), seal)));
        }

        /// A member of what is sealed can't be sent. When it is damaged the others go without it,
        /// in other batches; else all wait.
        private Result spoilt() {
            var isDamaged = flaws.stream().anyMatch(Answer.Rejected.class::isInstance);
            var why = unreadable();
            if (isDamaged) {
                intact.forEach(
                        delivery -> flaws.add(new Answer.TakenBack(delivery.item().seq(), 0)));
                fixed = Optional.empty();
            } else {
                flaws.clear();
            }
            intact.clear();
            return new Result(
                    List.of(), List.of(), flaws, Optional.empty(), fixed, why, Optional.empty());
        }

        private Result unsealed(String why) {
            return new Result(
                    List.of(),
                    List.of(),
                    flaws,
                    Optional.empty(),
                    Optional.empty(),
                    unreadable(),
                    Optional.of(why));
        }

        private Result result(List<Outcome> outcomes) {
            return new Result(
                    dues(),
                    outcomes,
                    flaws,
                    Optional.empty(),
                    fixed,
                    unreadable(),
                    Optional.empty());
        }

        private List<DueDelivery> dues() {
            return intact.stream().map(StoredDelivery::due).toList();
        }

        private Optional<String> unreadable() {
            return flaws.stream()
                    .filter(Answer.Postponed.class::isInstance)
                    .map(Answer.Postponed.class::cast)
                    .findFirst()
                    .map(Answer.Postponed::reason);
        }
    }

    private static boolean isFault(Outcome outcome) {
        return outcome instanceof Outcome.SinkFault || outcome instanceof Outcome.NetworkFault;
    }

    private static List<Outcome> outcomes(Way way, Batch batch) {
        var outcomes = timed(way, batch);
        var answered = outcomes.stream().filter(Objects::nonNull).count();
        var asked = batch.deliveries().size();
        return outcomes.size() == asked && answered == asked
                ? outcomes
                : all(
                        asked,
                        new Outcome.SinkFault(
                                "the sink answered for %d of %d deliveries"
                                        .formatted(answered, asked)));
    }

    private static List<Outcome> timed(Way way, Batch batch) {
        var began = way.report.now();
        try {
            return way.sink.send(batch);
        } finally {
            way.report.sent(began);
        }
    }

    private static List<Outcome> all(int count, Outcome outcome) {
        return Collections.nCopies(count, outcome);
    }
}
