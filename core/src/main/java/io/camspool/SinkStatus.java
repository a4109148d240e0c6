package io.camspool;

import io.camspool.Balance.Amount;
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
        Optional<String> trouble) {
    /// What would be lost if it were forgotten: its backlog, and what it has rejected.
    public Amount owed() {
        return backlog.plus(rejected);
    }

    public SinkStatus withTrouble(Optional<String> words) {
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
                words);
    }
}
