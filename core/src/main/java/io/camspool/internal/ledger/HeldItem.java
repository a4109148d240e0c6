package io.camspool.internal.ledger;

import io.camspool.ItemId;
import io.camspool.ItemKind;
import java.time.Instant;

/// What retention must know of an item.
///
/// @param time when it was taken or happened, as the caller said
/// @param acceptedAt when it was accepted, as the clock said
/// @param delivered whether every required sink has confirmed it
public record HeldItem(
        long seq,
        ItemId id,
        ItemKind kind,
        Instant time,
        Instant acceptedAt,
        long bytes,
        boolean delivered) {}
