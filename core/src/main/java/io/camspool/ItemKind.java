package io.camspool;

/// What an item is.
public enum ItemKind {
    /// One image of one camera, kept as a file.
    CAPTURE,
    /// One JSON event, kept in the ledger.
    ALERT
}
