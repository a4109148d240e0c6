package io.camspool;

/// What a capture shows: raw pixels, or an image that is encoded already.
public sealed interface Content permits Frame, Encoded {
    /// Size in memory, in bytes.
    long bytes();
}
