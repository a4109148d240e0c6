package io.camspool;

import java.util.Optional;

/// What an image must fit, and how it is made when it doesn't.
///
/// @param maxWidth longest width, in pixels
/// @param maxHeight longest height, in pixels
/// @param maxBytes largest encoded size, in bytes; an image above it is encoded anew
/// @param quality JPEG quality, 1 to 100
/// @param format what to store; empty: an image that fits keeps its own, whatever must be made
///   becomes a JPEG
/// @param original true: nothing is made smaller, encoded images are kept byte for byte
public record ImagePolicy(
        int maxWidth,
        int maxHeight,
        long maxBytes,
        int quality,
        Optional<ImageFormat> format,
        boolean original) {
    /// 1920 x 1080, 1 MB, quality 85: a camera's own quality-95 snapshots multiply a SIM's bill.
    public static final ImagePolicy DEFAULT =
            new ImagePolicy(1920, 1080, 1_000_000, 85, Optional.empty(), false);

    /// Lowest quality that is tried to get an image under [#maxBytes].
    public static final int LOWEST_QUALITY = 45;

    public ImagePolicy {
        requireRange("max-size", maxWidth, 1, Frame.MAX_SIDE);
        requireRange("max-size", maxHeight, 1, Frame.MAX_SIDE);
        requireRange("max-bytes", maxBytes, 1, Integer.MAX_VALUE);
        requireRange("quality", quality, 1, 100);
    }

    public ImagePolicy withMaxSize(int width, int height) {
        return new ImagePolicy(width, height, maxBytes, quality, format, original);
    }

    public ImagePolicy withMaxBytes(long bytes) {
        return new ImagePolicy(maxWidth, maxHeight, bytes, quality, format, original);
    }

    public ImagePolicy withQuality(int newQuality) {
        return new ImagePolicy(maxWidth, maxHeight, maxBytes, newQuality, format, original);
    }

    public ImagePolicy withFormat(ImageFormat newFormat) {
        return new ImagePolicy(
                maxWidth, maxHeight, maxBytes, quality, Optional.of(newFormat), original);
    }

    /// Keeps all pixels and all bytes.
    public ImagePolicy asOriginal() {
        return new ImagePolicy(maxWidth, maxHeight, maxBytes, quality, format, true);
    }

    private static void requireRange(String field, long value, long low, long high) {
        if (value < low || value > high) {
            throw CamspoolException.invalid(field, value, low + " to " + high);
        }
    }
}
