package io.camspool.internal.intake;

import io.camspool.Content;
import io.camspool.Encoded;
import io.camspool.Frame;
import io.camspool.ImageFormat;
import io.camspool.ImagePolicy;

/// What will be stored of a content: a pure function of its declared size and the policy.
///
/// @param keep store the bytes as they came
/// @param sourceWidth of the content, in pixels
/// @param width of what is stored, in pixels
/// @param format of what is stored
record ImagePlan(
        boolean keep,
        int sourceWidth,
        int sourceHeight,
        int width,
        int height,
        ImageFormat format,
        ImagePolicy policy) {
    static ImagePlan of(Content content, ImagePolicy policy) {
        return switch (content) {
            case Frame frame ->
                    make(
                            frame.width(),
                            frame.height(),
                            policy.format().orElse(ImageFormat.JPEG),
                            policy);
            case Encoded encoded -> of(ImageHeader.read(encoded.image()), encoded.bytes(), policy);
        };
    }

    private static ImagePlan of(ImageHeader header, long bytes, ImagePolicy policy) {
        var wanted = policy.format().orElse(header.format());
        var sidesFit = header.width() <= policy.maxWidth() && header.height() <= policy.maxHeight();
        var fits = policy.original() || (sidesFit && bytes <= policy.maxBytes());
        if (fits && wanted == header.format()) {
            return new ImagePlan(
                    true,
                    header.width(),
                    header.height(),
                    header.width(),
                    header.height(),
                    wanted,
                    policy);
        }
        return make(
                header.width(),
                header.height(),
                fits ? wanted : policy.format().orElse(ImageFormat.JPEG),
                policy);
    }

    private static ImagePlan make(
            int sourceWidth, int sourceHeight, ImageFormat format, ImagePolicy policy) {
        var scale =
                policy.original()
                        ? 1.0
                        : Math.min(
                                1.0,
                                Math.min(
                                        (double) policy.maxWidth() / sourceWidth,
                                        (double) policy.maxHeight() / sourceHeight));
        return new ImagePlan(
                false,
                sourceWidth,
                sourceHeight,
                scaled(sourceWidth, scale, policy.maxWidth()),
                scaled(sourceHeight, scale, policy.maxHeight()),
                format,
                policy);
    }

    /// Never under 1; rounding never goes above the maximum.
    private static int scaled(int side, double scale, int most) {
        return scale == 1.0 ? side : Math.clamp(Math.round(side * scale), 1, most);
    }

    boolean resizes() {
        return width != sourceWidth || height != sourceHeight;
    }

    /// The same content kept as it came.
    ImagePlan kept() {
        return new ImagePlan(
                true, sourceWidth, sourceHeight, sourceWidth, sourceHeight, format, policy);
    }
}
