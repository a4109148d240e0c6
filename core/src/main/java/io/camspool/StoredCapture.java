package io.camspool;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// A capture held here.
///
/// @param path its file, absolute
/// @param width in pixels
/// @param height in pixels
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
        ImageFormat format,
        int width,
        int height,
        long bytes,
        String sha256,
        Optional<String> inputSha256,
        Optional<String> change,
        int confirmations)
        implements StoredItem {
    @Override
    public ItemKind kind() {
        return ItemKind.CAPTURE;
    }
}
