package io.camspool.internal.intake;

import io.camspool.ItemId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An item that asks to be admitted: what is known of it before any room is taken.
///
/// @param path as in [io.camspool.internal.ledger.NewItem]
/// @param inputSha256 of what is handed in; null where the caller gave no id
@SuppressWarnings("ArrayRecordComponent") // compared where it matters
record Candidate(
        PendingReceipt receipt,
        String path,
        Instant time,
        Instant acceptedAt,
        byte @Nullable [] inputSha256) {
    boolean hasCallersId() {
        return inputSha256 != null;
    }

    ItemId id() {
        return receipt.id();
    }
}
