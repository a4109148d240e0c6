package io.camspool.internal.sync;

import io.camspool.CamspoolException;
import io.camspool.ItemKind;
import io.camspool.internal.archive.Archive;
import io.camspool.internal.ledger.Answer;
import io.camspool.internal.ledger.DueDelivery;
import io.camspool.internal.ledger.Ledger;
import io.camspool.sink.Batch;
import io.camspool.sink.Outcome;
import io.camspool.sink.Sink;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// One attempt: checks the stored bytes of leased deliveries, and sends what is intact. Runs once,
/// on any thread; never throws.
final class Send {
    /// Why it is made.
    enum Purpose {
        BATCH,
        PROBE,
        SUSPECT
    }

    private final List<DueDelivery> deliveries;
    private final Purpose purpose;

    /// What became of it.
    ///
    /// @param sent what the sink was given, in order
    /// @param outcomes one for each of them
    /// @param flaws what must be booked of those that were not sent
    /// @param probed what the sink's own probe showed; nothing was sent then
    record Result(
            List<DueDelivery> sent,
            List<Outcome> outcomes,
            List<Answer> flaws,
            Optional<Outcome> probed) {
        static Result nothing(List<Answer> flaws) {
            return new Result(List.of(), List.of(), flaws, Optional.empty());
        }

        /// Whether the sink has answered at all.
        boolean showsLife() {
            return probed.isPresent() || !sent.isEmpty();
        }

        /// Why something could not be read, in words.
        Optional<String> unreadable() {
            return flaws.stream()
                    .filter(Answer.Postponed.class::isInstance)
                    .map(Answer.Postponed.class::cast)
                    .findFirst()
                    .map(Answer.Postponed::reason);
        }
    }

    /// @param deliveries of one kind
    Send(List<DueDelivery> deliveries, Purpose purpose) {
        this.deliveries = List.copyOf(deliveries);
        this.purpose = purpose;
    }

    List<DueDelivery> deliveries() {
        return deliveries;
    }

    ItemKind kind() {
        return deliveries.getFirst().item().kind();
    }

    boolean is(Purpose other) {
        return purpose == other;
    }

    /// @param asksSink whether the sink's own probe, where it has one, is enough
    Result run(Sink sink, Archive archive, Ledger ledger, InstantSource clock, boolean asksSink) {
        try {
            var probed = asksSink ? sink.probe() : Optional.<Outcome>empty();
            if (probed.isPresent()) {
                return new Result(List.of(), List.of(), List.of(), probed);
            }
        } catch (Throwable e) { // an adapter's missing class must not end the pump
            return new Result(List.of(), List.of(), List.of(), Optional.of(fault(e)));
        }
        var intact = new ArrayList<StoredDelivery>(deliveries.size());
        var flaws = new ArrayList<Answer>();
        try {
            for (var delivery : deliveries) {
                var stored = new StoredDelivery(delivery, archive, ledger.reads());
                stored.flaw(clock.millis()).ifPresentOrElse(flaws::add, () -> intact.add(stored));
            }
            if (intact.isEmpty()) {
                return Result.nothing(flaws);
            }
            return result(intact, outcomes(sink, new Batch(List.copyOf(intact))), flaws);
        } catch (Throwable e) {
            return result(intact, all(intact.size(), fault(e)), flaws);
        }
    }

    private static Result result(
            List<StoredDelivery> sent, List<Outcome> outcomes, List<Answer> flaws) {
        return new Result(
                sent.stream().map(StoredDelivery::due).toList(), outcomes, flaws, Optional.empty());
    }

    private static List<Outcome> outcomes(Sink sink, Batch batch) {
        var outcomes = sink.send(batch);
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

    private static Outcome fault(Throwable e) {
        return new Outcome.SinkFault(CamspoolException.causeInWords(e));
    }

    private static List<Outcome> all(int count, Outcome outcome) {
        return Collections.nCopies(count, outcome);
    }
}
