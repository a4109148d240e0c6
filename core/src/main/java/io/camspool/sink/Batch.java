package io.camspool.sink;

import java.util.List;
import java.util.Optional;

/// Deliveries of one kind of item, sent in one attempt.
///
/// @param seal of a batch that becomes one object: what it is called, the same at each try
public record Batch(List<Delivery> deliveries, Optional<Seal> seal) {
    public Batch {
        deliveries = List.copyOf(deliveries);
    }

    /// Each delivery is an object of its own.
    public Batch(List<Delivery> deliveries) {
        this(deliveries, Optional.empty());
    }

    /// What was committed of a batch before its first try.
    ///
    /// @param id made for it at random
    /// @param key where the object goes at the sink, without an extension
    public record Seal(String id, String key) {}
}
