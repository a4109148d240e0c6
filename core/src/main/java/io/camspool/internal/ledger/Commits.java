package io.camspool.internal.ledger;

import io.camspool.CamspoolException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Waits for what the ledger commits.
public final class Commits {
    private Commits() {}

    /// The result, or the [CamspoolException] that the commit failed with.
    public static <T> T await(CompletableFuture<T> commit) {
        try {
            return commit.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof CamspoolException known ? known : e;
        }
    }
}
