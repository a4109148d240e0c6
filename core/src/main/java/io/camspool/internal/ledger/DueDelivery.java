package io.camspool.internal.ledger;

import io.camspool.StoredItem;

/// A delivery that may be sent now.
public record DueDelivery(StoredItem item, String path, String key) {}
