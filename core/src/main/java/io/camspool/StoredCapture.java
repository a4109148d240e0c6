package io.camspool;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// A capture held here.
///
/// @param path its file, absolute
/// @param mediaType of what is stored
/// @param sides in pixels; empty: it is kept without having been looked into
/// @param inputSha256 of what was handed in, as [#sha256]; differs where the image was made
///   smaller; of a raw frame only where the caller gave an id: of its pixels, row by row
/// @param change what was done to the image, in words (`resized 3840x2160 -> 1920x1080`); empty:
///   nothing
public record StoredCapture(
        ItemId id,
        long seq,
        String camera,
        Optional<String> alertId,
        Instant time,
        Map<String, String> labels,
        int priority,
        Path path,
        String mediaType,
        Optional<Sides> sides,
        long bytes,
        String sha256,
        Optional<String> inputSha256,
        Optional<String> change,
        int confirmations,
        boolean deliveredBefore)
        implements StoredItem {
    /// Width and height, in pixels.
    public record Sides(int width, int height) {
        @Override
        public String toString() {
            return width + "x" + height;
        }
    }

    @Override
    public ItemKind kind() {
        return ItemKind.CAPTURE;
    }
}
