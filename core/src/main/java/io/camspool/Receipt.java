package io.camspool;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// Proof of acceptance; completes when the item is stored. Thread-safe.
public interface Receipt {
    ItemId id();

    /// Where the image will stand, known at once; it can be opened when the receipt has completed.
    /// Empty for an alert.
    Optional<Path> path();

    /// Completes when the item is durable, or exceptionally with a [CamspoolException]. What is
    /// chained to it runs on a virtual thread of its own and can't hold up the spool.
    CompletionStage<Stored> stored();

    /// Waits for [#stored] and gives its result, or throws its [CamspoolException]; after `limit`
    /// one with reason TIMEOUT, which takes nothing back.
    Stored await(Duration limit);
}
