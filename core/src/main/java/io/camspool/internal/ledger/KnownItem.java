package io.camspool.internal.ledger;

import io.camspool.Stored;
import org.jspecify.annotations.Nullable;

/// An item that is held under an id, or was within the window.
///
/// @param path as in [NewItem]
/// @param inputSha256 as in [NewItem]
@SuppressWarnings("ArrayRecordComponent") // compared where it matters
public record KnownItem(Stored stored, String path, byte @Nullable [] inputSha256) {}
