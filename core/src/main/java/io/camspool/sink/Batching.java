package io.camspool.sink;

import io.camspool.CamspoolException;

/// How much a sink wants at once.
///
/// @param maxItems deliveries a batch, 1 to 10,000
/// @param maxBytes bytes a batch; a single larger delivery goes alone
public record Batching(int maxItems, long maxBytes) {
    public Batching {
        if (maxItems < 1 || maxItems > 10_000) {
            throw CamspoolException.invalid("batch items", maxItems, "1 to 10000");
        }
        if (maxBytes < 1) {
            throw CamspoolException.invalid("batch bytes", maxBytes, "at least 1");
        }
    }
}
