package io.camspool.internal.sync;

import io.camspool.internal.ledger.ActiveSink;
import io.camspool.internal.ledger.Answer;
import io.camspool.internal.ledger.DueDelivery;
import io.camspool.internal.ledger.Ledger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a pump has to tell the ledger. Answers that the ledger can't take stay, with their leases,
/// and the next try waits with jitter; booking one twice changes nothing but a refusal's count.
/// Confined to one thread but for [#trouble].
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
    private record Unbooked(List<Answer> answers, List<DueDelivery> answered, boolean isSealed) {}

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
        var seqs = answers.stream().map(Answer::seq).collect(Collectors.toSet());
        var answered = new ArrayList<DueDelivery>();
        for (var delivery : leased) {
            if (seqs.contains(delivery.item().seq())) {
                answered.add(delivery);
            } else {
                leases.end(delivery.item().seq());
            }
        }
        if (!answers.isEmpty()) {
            unbooked.add(new Unbooked(answers, answered, isSealed));
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
        unbooked.forEach(one -> leases.end(one.answered));
        unbooked.clear();
        if (trouble != null) {
            trouble = null;
            backoff.reset();
        }
    }

    private CompletableFuture<Integer> book(Unbooked one, long now) {
        return one.isSealed
                ? ledger.answerTogether(sink, one.answers, now)
                : ledger.answer(sink, one.answers, now);
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
