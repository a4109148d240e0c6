package io.camspool.internal.ledger;

/// What the ledger is told about one delivery.
public sealed interface Answer {
    long seq();

    /// Delivered, with proof: the delivery is no longer owed.
    record Confirmed(long seq, String proof) implements Answer {}

    /// The item was refused; due again at a time, in milliseconds since 1970.
    record Refused(long seq, String reason, String answer, long dueAt) implements Answer {}

    /// Not sent, for a reason that is neither the item's nor the sink's; due again at a time.
    record Postponed(long seq, String reason, long dueAt) implements Answer {}

    /// Given up on; kept and visible.
    record Rejected(long seq, String reason, String answer) implements Answer {}
}
