package io.camspool;

/// What to do with an item that some required sink has not confirmed.
public enum Undelivered {
    /// Leave it.
    KEEP,
    /// Remove it all the same; counted, logged and recorded as a drop.
    DROP
}
