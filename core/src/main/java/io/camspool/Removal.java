package io.camspool;

/// What [Camspool#remove] did.
public enum Removal {
    /// It was delivered, and is gone.
    REMOVED,
    /// It was undelivered, and is gone because the caller said so.
    DROPPED,
    /// It is undelivered, and still held.
    KEPT_UNDELIVERED,
    /// It is being sent right now, and still held; try again.
    KEPT_LEASED,
    /// No such item is held.
    NOT_FOUND
}
