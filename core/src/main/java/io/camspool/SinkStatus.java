package io.camspool;

import io.camspool.Balance.Amount;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How one sink stands.
///
/// @param id its configured name
/// @param required whether items may be removed only after it has confirmed them
/// @param configured whether it was named by the last open that spoke of sinks; one that was not is
///   still owed its backlog
/// @param enabled whether it is sent to at all
/// @param paused whether its owner has halted it until he resumes it
/// @param backlog still owed to it
/// @param delivered confirmed by it since it was added
/// @param rejected given up on after it refused the item itself; kept, and not part of the backlog
/// @param dropped rejected, and then given up for good by the owner, since it was added
/// @param oldest when the oldest item of the backlog was accepted; empty: there is none
/// @param rate how much it has taken a second, of late; empty: nothing, or it is not sent to here
/// @param nextProbe when it is tried again; empty: it was well when it was last sent to
/// @param trouble what hinders it now, in words; empty: nothing, or not running here
public record SinkStatus(
        String id,
        boolean required,
        boolean configured,
        boolean enabled,
        boolean paused,
        Amount backlog,
        Amount delivered,
        Amount rejected,
        Amount dropped,
        Optional<Instant> oldest,
        Optional<PerSecond> rate,
        Optional<Instant> nextProbe,
        Optional<String> trouble) {
    /// Items and bytes a second, over the last minute or so: what was longer ago weighs less.
    public record PerSecond(double items, double bytes) {}

    /// What would be lost if it were forgotten: its backlog, and what it has rejected.
    public Amount owed() {
        return backlog.plus(rejected);
    }

    /// How long the backlog takes at the present rate, if nothing came in; empty: there is no rate.
    public Optional<Duration> timeToDrain() {
        if (backlog.items() == 0) {
            return Optional.of(Duration.ZERO);
        }
        return rate.map(
                each ->
                        Duration.ofSeconds(
                                (long)
                                        Math.ceil(
                                                Math.max(
                                                        backlog.items() / each.items(),
                                                        backlog.bytes() / each.bytes()))));
    }

    /// As it runs here.
    public SinkStatus running(Optional<PerSecond> perSecond, Optional<String> words) {
        return new SinkStatus(
                id,
                required,
                configured,
                enabled,
                paused,
                backlog,
                delivered,
                rejected,
                dropped,
                oldest,
                perSecond,
                nextProbe,
                words);
    }
}
