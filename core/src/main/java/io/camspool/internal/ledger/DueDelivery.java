package io.camspool.internal.ledger;

import io.camspool.StoredItem;

/// A delivery that may be sent now.
///
/// @param source box and spool as they were when the item was accepted: a repeat carries the same
///   bytes, also when the box was renamed meanwhile
/// @param refusals how often the sink has refused the item
public record DueDelivery(StoredItem item, String path, String key, String source, int refusals) {}
