package io.camspool.internal.intake;

import io.camspool.Capture;
import org.jspecify.annotations.Nullable;

/// A capture whose content has passed the limits.
///
/// @param image what will be stored of an image; null for a file that is kept as it is
/// @param extension of its name in the archive
record CapturePlan(Capture capture, @Nullable ImagePlan image, String extension) {
    /// Most memory that it takes on its way, in bytes.
    long mostBytes() {
        var bytes = capture.content().bytes();
        return image == null ? bytes : image.mostBytes(bytes);
    }
}
