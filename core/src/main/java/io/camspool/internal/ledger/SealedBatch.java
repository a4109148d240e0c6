package io.camspool.internal.ledger;

import io.camspool.ItemKind;

/// A batch whose members are fixed in the ledger.
///
/// @param id made for it at random
/// @param key where it goes at the sink
public record SealedBatch(long number, ItemKind kind, String id, String key) {}
