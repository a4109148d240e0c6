package io.camspool;

import io.camspool.Balance.Amount;

/// What a cleanup or a clear did, or would do.
///
/// @param removed delivered, and gone
/// @param dropped undelivered, and gone because the owner said so
/// @param keptUndelivered old, undelivered, and still held
/// @param keptLeased being sent while they were looked at, and still held; try again
/// @param imagesLeft captures among those that are gone whose file withstood; it is tried again
///   every second
public record Cleaned(
        Amounts removed,
        Amounts dropped,
        Amounts keptUndelivered,
        Amount keptLeased,
        long imagesLeft) {}
