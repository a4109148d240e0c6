package io.camspool.sink;

import java.util.List;

/// Deliveries sent in one attempt.
public record Batch(List<Delivery> deliveries) {
    public Batch {
        deliveries = List.copyOf(deliveries);
    }
}
