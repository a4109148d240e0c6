package io.camspool.internal.ledger;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;

/// A change that the writer is asked for.
///
/// @param bytes what it adds to the ledger, roughly
/// @param isBackground whether saves go before it
record Request<T>(Change<T> change, long bytes, boolean isBackground, CompletableFuture<T> result) {
    /// A change of the ledger; sees the changes before it in the same round. Runs again when its
    /// round has to be tried again.
    interface Change<T> {
        T apply(Round round) throws SQLException;
    }

    Request(Change<T> change, long bytes, boolean isBackground) {
        this(change, bytes, isBackground, new CompletableFuture<>());
    }
}
