package io.camspool;

import java.time.Instant;
import java.util.Optional;

/// Something that has happened in a running spool, as an [EventFeed] tells it: what is told is
/// committed. It is news, not the record: [Camspool#status] and [Camspool#story] say how things
/// stand, also after a feed has missed something or an open has healed what a crash left.
public sealed interface SpoolEvent {
    /// An item that was saved is stored; its receipt has completed.
    ///
    /// @param seq its order of acceptance
    /// @param camera of an alert that names none: empty
    /// @param alertId the alert's own id, or that of the alert that a capture belongs to
    /// @param time of the capture or alert itself
    /// @param bytes size of what is stored
    record Stored(
            ItemId id,
            ItemKind kind,
            long seq,
            Optional<String> camera,
            Optional<String> alertId,
            Instant time,
            long bytes)
            implements SpoolEvent {}

    /// A sink has confirmed an item, which is no longer owed to it.
    record Delivered(String sink, ItemId id, ItemKind kind) implements SpoolEvent {}

    /// A delivery was given up on; it is kept and can be retried.
    ///
    /// @param reason in words
    record Rejected(String sink, ItemId id, ItemKind kind, String reason) implements SpoolEvent {}

    /// Something undelivered was given up for good, as its owner said: the item itself, or, where
    /// the reason names a sink, its delivery to that sink alone.
    ///
    /// @param reason in words
    record Dropped(ItemId id, ItemKind kind, String reason) implements SpoolEvent {}

    /// A sink is at fault or can't be reached; it is tried again from time to time. Told once,
    /// until it is up again.
    ///
    /// @param reason in words
    record SinkDown(String sink, String reason) implements SpoolEvent {}

    /// A sink that was down takes what it is sent.
    record SinkUp(String sink) implements SpoolEvent {}
}
