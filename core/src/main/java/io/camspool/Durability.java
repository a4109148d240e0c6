package io.camspool;

/// What a receipt that says "stored" has survived by then.
public enum Durability {
    /// Image, folder and ledger row were forced to the disk: survives `kill -9` and power loss.
    FSYNC,
    /// Handed to the operating system only: survives `kill -9`; a power cut may take the last
    /// seconds.
    OS
}
