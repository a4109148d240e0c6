package io.camspool.internal.sync;

import io.camspool.internal.ledger.ActiveSink;
import io.camspool.internal.ledger.Answer;
import io.camspool.internal.ledger.DueDelivery;
import io.camspool.internal.ledger.Ledger;
import io.camspool.sink.NamedSink;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/// What follows when a sink refuses an item: it waits for itself, longer each time, and is given up
/// on at last.
final class Refusals {
    /// A refused item's first wait; doubles with each refusal.
    private static final Duration FIRST_WAIT = Duration.ofSeconds(10);

    /// The refusal after which the wait doubles no more.
    private static final int LAST_DOUBLED = 4;

    /// No item waits longer for itself.
    static final Duration LONGEST_WAIT = waitAfter(LAST_DOUBLED);

    private Refusals() {}

    /// @param now in milliseconds since 1970
    static Answer answer(DueDelivery delivery, String reason, String answer, long now) {
        return answer(delivery, reason, answer, now, NamedSink.MAX_REFUSALS);
    }

    /// @param now in milliseconds since 1970
    /// @param max refusals after which the item is given up on
    static Answer answer(DueDelivery delivery, String reason, String answer, long now, int max) {
        var seq = delivery.item().seq();
        var refusals = delivery.refusals() + 1;
        return refusals >= max
                ? new Answer.Rejected(seq, reason, answer)
                : new Answer.Refused(seq, reason, answer, now + waitAfter(refusals).toMillis());
    }

    /// Makes due what has waited for itself; answers how many, at most one step.
    static CompletableFuture<Integer> ripen(Ledger ledger, ActiveSink sink, long now) {
        return ledger.reads().dueDeliveries().isRipe(sink, now, LONGEST_WAIT)
                ? ledger.ripen(sink, now, LONGEST_WAIT)
                : CompletableFuture.completedFuture(0);
    }

    private static Duration waitAfter(int refusals) {
        return FIRST_WAIT.multipliedBy(1L << (Math.min(refusals, LAST_DOUBLED) - 1));
    }
}
