package io.camspool;

/// How an item stands with one sink.
public enum DeliveryState {
    /// Owed to it, or being sent.
    PENDING,
    /// Given up on after the sink refused the item itself.
    REJECTED,
    /// Confirmed by it.
    DELIVERED
}
