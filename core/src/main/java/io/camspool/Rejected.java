package io.camspool;

import java.time.Instant;

/// A delivery that was given up on after the sink refused the item itself, or because its stored
/// bytes are damaged.
///
/// @param reason of the last refusal
/// @param answer what the sink answered then
/// @param refusals how often it refused the item
/// @param when it was given up on
public record Rejected(StoredItem item, String reason, String answer, int refusals, Instant when) {}
