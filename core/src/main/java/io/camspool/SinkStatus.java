package io.camspool;

import io.camspool.Balance.Amount;
import java.util.Optional;

/// How one sink stands.
///
/// @param id its configured name
/// @param required whether items may be removed only after it has confirmed them
/// @param backlog still owed to it
/// @param delivered confirmed by it since it was added
/// @param rejected given up on after it refused the item itself; kept, and not part of the backlog
/// @param trouble what hinders it now, in words; empty: nothing, or not running here
public record SinkStatus(
        String id,
        boolean required,
        Amount backlog,
        Amount delivered,
        Amount rejected,
        Optional<String> trouble) {}
