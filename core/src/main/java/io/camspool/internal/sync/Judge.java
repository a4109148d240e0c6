package io.camspool.internal.sync;

import io.camspool.internal.ledger.Answer;
import io.camspool.internal.ledger.DueDelivery;
import io.camspool.sink.Outcome;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Decides what the outcomes of a send mean: for the items, and for the sink. Confined to one
/// thread.
final class Judge {
    private final Suspects suspects;
    private final MassRefusals mass = new MassRefusals();
    private final InstantSource clock;
    private final int maxRefusals;

    /// Whether an item failed after the sink's own probe went well, and none was answered for
    /// since.
    private boolean isOwnProbeVain;

    /// Whether the sink's own probe went well and nothing was sent since.
    private boolean isOwnProbeLast;

    /// What a send has shown.
    ///
    /// @param answers what must be booked
    /// @param fault of sink or network; empty: none
    record Judgement(List<Answer> answers, Optional<Fault> fault) {}

    /// Why the breaker opens.
    ///
    /// @param asked how long the sink wants to be left alone
    /// @param mayBeOfItem whether what was sent may be to blame: a sink that refuses everything
    ///   speaks of itself
    record Fault(String cause, Duration asked, boolean isOfNetwork, boolean mayBeOfItem) {
        static Optional<Fault> of(Outcome outcome) {
            return switch (outcome) {
                case Outcome.Delivered _ -> Optional.empty();
                case Outcome.ItemRefused refused ->
                        Optional.of(
                                new Fault(
                                        "refuses every item: " + refused.reason(),
                                        Duration.ZERO,
                                        false,
                                        false));
                case Outcome.SinkFault fault ->
                        Optional.of(
                                new Fault(
                                        fault.cause(),
                                        fault.retryAfter().orElse(Duration.ZERO),
                                        false,
                                        true));
                case Outcome.NetworkFault fault ->
                        Optional.of(new Fault(fault.cause(), Duration.ZERO, true, true));
            };
        }
    }

    /// @param maxRefusals after which an item is rejected
    Judge(Suspects suspects, InstantSource clock, int maxRefusals) {
        this.suspects = suspects;
        this.clock = clock;
        this.maxRefusals = maxRefusals;
    }

    /// Whether the sink's own probe, where it has one, shows that the sink is well: not while it
    /// refuses everything, nor while items fail after that probe went well.
    boolean trustsOwnProbe() {
        return !mass.isMass() && !isOwnProbeVain;
    }

    Judgement judge(Send.Result result) {
        var judgement = judgeItems(result);
        var isFault = judgement.fault.isPresent();
        if (!result.sent().isEmpty()) {
            isOwnProbeVain = isFault && (isOwnProbeVain || isOwnProbeLast);
            isOwnProbeLast = false;
        } else if (result.probed().isPresent()) {
            isOwnProbeLast = !isFault;
        }
        return judgement;
    }

    private Judgement judgeItems(Send.Result result) {
        if (result.mustGoAgain()) {
            return new Judgement(result.flaws(), faultOfSealed(result));
        }
        var answers = new ArrayList<>(result.flaws());
        var fault = result.probed().flatMap(Fault::of);
        var counted = new HashMap<String, Boolean>();
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
                    if (counts(result, seq, refused.reason(), counted)) {
                        answers.add(refusal(result, delivery, refused));
                    } else {
                        answers.addAll(mass.takeBack());
                        if (result.sealed().isPresent()) {
                            answers.add(new Answer.TakenBack(seq, 0));
                        }
                        fault = Fault.of(outcome);
                    }
                }
                case Outcome.SinkFault _, Outcome.NetworkFault _ -> {
                    fault = Fault.of(outcome);
                    if (fault.get().mayBeOfItem) {
                        suspects.mark(seq, fault.get().asked);
                    }
                }
            }
        }
        return new Judgement(answers, fault);
    }

    /// Whether a refusal counts against the item; what is sealed is refused as one.
    private boolean counts(
            Send.Result result, long seq, String reason, Map<String, Boolean> counted) {
        return result.sealed().isPresent()
                ? counted.computeIfAbsent(reason, why -> mass.counts(seqs(result.sent()), why))
                : mass.counts(List.of(seq), reason);
    }

    private static List<Long> seqs(List<DueDelivery> deliveries) {
        return deliveries.stream().map(delivery -> delivery.item().seq()).toList();
    }

    /// Of what is refused as one nobody knows who is to blame: an item is given up on only where it
    /// was alone.
    private Answer refusal(Send.Result result, DueDelivery delivery, Outcome.ItemRefused refused) {
        var wasAlone = result.sealed().isEmpty() || result.sent().size() == 1;
        var max = wasAlone ? maxRefusals : Integer.MAX_VALUE;
        return Refusals.answer(delivery, refused.reason(), refused.answer(), clock.millis(), max);
    }

    /// What is sealed was not answered for as a whole, so that not one of its items was.
    private Optional<Fault> faultOfSealed(Send.Result result) {
        var fault =
                Stream.concat(result.probed().stream(), result.outcomes().stream())
                        .map(Fault::of)
                        .flatMap(Optional::stream)
                        .findFirst();
        if (fault.isPresent() && fault.get().mayBeOfItem && !result.sent().isEmpty()) {
            suspects.mark(result.sealed().orElseThrow().firstSeq(), fault.get().asked);
        }
        return fault;
    }
}
