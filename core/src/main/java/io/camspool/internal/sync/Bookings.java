package io.camspool.internal.sync;

import io.camspool.internal.ledger.ActiveSink;
import io.camspool.internal.ledger.Answer;
import io.camspool.internal.ledger.DueDelivery;
import io.camspool.internal.ledger.Ledger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a pump has to tell the ledger. Answers that the ledger can't take stay, with their leases,
/// and the next try waits with jitter; booking one twice changes nothing but the refusals that a
/// `Refused` adds and a `TakenBack` takes off. Confined to one thread but for [#trouble].
final class Bookings {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final ActiveSink sink;
    private final Ledger ledger;
    private final Leases leases;
    private final Pump.World world;
    private final Backoff backoff;
    private final List<Unbooked> unbooked = new ArrayList<>();

    /// What came of one send.
    ///
    /// @param answered the deliveries of it that were answered for
    /// @param last the last answer for each of them, and for others, by their seqs
    private record Unbooked(
            List<Answer> answers,
            List<DueDelivery> answered,
            Map<Long, Answer> last,
            boolean isSealed) {}

    private Optional<Breaker> unnoted = Optional.empty();
    private volatile @Nullable String trouble;
    private long waitEnd;

    Bookings(ActiveSink sink, Ledger ledger, Leases leases, Pump.World world) {
        this.sink = sink;
        this.ledger = ledger;
        this.leases = leases;
        this.world = world;
        this.backoff = new Backoff(world.random(), LONGEST_WAIT);
    }

    /// Takes answers to be booked. Of the deliveries that were leased, those without one are free
    /// again.
    ///
    /// @param isSealed whether they leave their batch all together
    void add(List<Answer> answers, List<DueDelivery> leased, boolean isSealed) {
        var last =
                answers.stream()
                        .collect(
                                Collectors.toMap(
                                        Answer::seq, Function.identity(), (_, later) -> later));
        var answered = new ArrayList<DueDelivery>();
        for (var delivery : leased) {
            if (last.containsKey(delivery.item().seq())) {
                answered.add(delivery);
            } else {
                leases.end(delivery.item().seq());
            }
        }
        if (!answers.isEmpty()) {
            unbooked.add(new Unbooked(answers, answered, last, isSealed));
        }
    }

    /// When the next probe is must be written down.
    void note(Breaker breaker) {
        unnoted = Optional.of(breaker);
    }

    /// Books all there is; throws a [CompletionException] when the ledger can't. When it last
    /// failed, a commit of nothing shows whether it can.
    void book() {
        if (unbooked.isEmpty()
                && unnoted.isEmpty()
                && trouble == null
                && ledger.trouble().isEmpty()) {
            return;
        }
        var now = world.clock().millis();
        var commits =
                new ArrayList<CompletableFuture<?>>(
                        unbooked.stream().map(one -> book(one, now)).toList());
        if (unnoted.isPresent()) {
            var rest = unnoted.get().rest();
            var at = unnoted.get().isOpen() ? now + rest.toMillis() : 0;
            commits.add(ledger.noteNextProbe(sink, at));
        }
        if (commits.isEmpty()) {
            commits.add(ledger.probe());
        }
        CompletableFuture.allOf(commits.toArray(CompletableFuture[]::new)).join();
        unnoted = Optional.empty();
        while (!unbooked.isEmpty()) {
            var one = unbooked.removeFirst();
            try {
                report(one);
            } finally {
                leases.end(one.answered);
            }
        }
        if (trouble != null) {
            trouble = null;
            backoff.reset();
        }
    }

    private CompletableFuture<List<Long>> book(Unbooked one, long now) {
        return one.isSealed
                ? ledger.answerTogether(sink, one.answers, now)
                : ledger.answer(sink, one.answers, now);
    }

    private void report(Unbooked one) {
        for (var delivery : one.answered) {
            var item = delivery.item();
            switch (one.last.get(item.seq())) {
                case Answer.Confirmed _ -> world.report().delivered(item.id(), item.kind());
                case Answer.Rejected rejected ->
                        world.report().rejected(item.id(), item.kind(), rejected.reason());
                case null, default -> {
                    // it is still owed
                }
            }
        }
    }

    Duration pause(CompletionException e) {
        var cause = e.getCause() == null ? e : e.getCause();
        return pause("can't book: " + cause.getMessage());
    }

    Duration pause(String why) {
        trouble = why;
        waitEnd = world.nanoTime().getAsLong() + backoff.next().toNanos();
        return rest();
    }

    /// Why the ledger can't be told, in words; null: it can.
    @Nullable String trouble() {
        return trouble;
    }

    /// What is left of the wait after a failure: whoever wakes a pump must not cut it short.
    Duration rest() {
        return trouble == null
                ? Duration.ZERO
                : Duration.ofNanos(Math.max(0, waitEnd - world.nanoTime().getAsLong()));
    }
}
