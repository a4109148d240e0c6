package io.camspool.internal.ledger;

import io.camspool.Balance.Amount;
import io.camspool.SinkStatus.PerSecond;
import java.util.Optional;

/// How much is taken a second: what was taken weighs less the longer ago it was, by e in a minute.
/// A clock that is set back counts as one that stands still. Thread-safe.
final class Rate {
    private static final double SPAN_MILLIS = 60_000;

    /// The weight of one second: less says nothing yet.
    private static final double LEAST_WEIGHT = 1 - Math.exp(-1_000 / SPAN_MILLIS);

    /// Weighted items below which nothing is being taken any more.
    private static final double LEAST_ITEMS = 0.01;

    private double items;
    private double bytes;

    /// How much of a whole span has been looked at: 0 at the beginning, 1 after some minutes.
    private double weight;

    private boolean hasBegun;
    private long at;

    /// @param now in milliseconds since 1970; the first time only begins, for nobody knows how long
    ///   it took
    synchronized void add(Amount taken, long now) {
        if (!hasBegun) {
            hasBegun = true;
            at = now;
            return;
        }
        age(now);
        items += taken.items();
        bytes += taken.bytes();
    }

    /// Empty: nothing was taken in the last minutes, or it can't be told yet.
    synchronized Optional<PerSecond> at(long now) {
        age(now);
        if (weight < LEAST_WEIGHT || items < LEAST_ITEMS) {
            return Optional.empty();
        }
        var seconds = weight * SPAN_MILLIS / 1_000;
        return Optional.of(new PerSecond(items / seconds, bytes / seconds));
    }

    private void age(long now) {
        if (hasBegun) {
            var kept = Math.exp(-Math.max(0, now - at) / SPAN_MILLIS);
            items *= kept;
            bytes *= kept;
            weight = 1 - (1 - weight) * kept;
            at = now;
        }
    }
}
