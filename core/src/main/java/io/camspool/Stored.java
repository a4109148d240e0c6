package io.camspool;

import java.util.Optional;

/// Says that an item is stored, durable as [CamspoolConfig#durability] names it.
///
/// @param seq its order of acceptance
/// @param bytes size of what is stored
/// @param sha256 of what is stored, 64 hexadecimal digits
/// @param change what was done to the image, in words; empty: nothing
public record Stored(ItemId id, long seq, long bytes, String sha256, Optional<String> change) {}
