package io.camspool;

/// What a capture shows: raw pixels, an image that is encoded already, or a file of any other media
/// type.
public sealed interface Content permits Frame, Encoded, Opaque {
    /// What it takes of memory on its way, in bytes.
    long bytes();
}
