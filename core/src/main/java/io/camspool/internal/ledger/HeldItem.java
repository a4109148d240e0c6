package io.camspool.internal.ledger;

import io.camspool.ItemId;
import io.camspool.ItemKind;
import java.time.Instant;

/// What retention must know of an item.
///
/// @param time when it was taken or happened, as the caller said
/// @param acceptedAt when it was accepted, as the clock said
/// @param delivered whether every required sink has confirmed it
/// @param sealed whether it is a member of a sealed batch: it must stay, whatever its age
public record HeldItem(
        long seq,
        ItemId id,
        ItemKind kind,
        Instant time,
        Instant acceptedAt,
        long bytes,
        boolean delivered,
        boolean sealed) {
    /// A clock that says less has not been set: what it says of an age means nothing.
    public static final Instant SET_CLOCK = Instant.parse("1980-01-01T00:00:00Z");
}
