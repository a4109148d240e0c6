package io.camspool.internal.intake;

import io.camspool.Content;
import io.camspool.Encoded;
import io.camspool.Frame;
import io.camspool.ImageFormat;
import io.camspool.ImagePolicy;
import io.camspool.Opaque;
import io.camspool.image.Orientation;
import java.util.Optional;

/// What will be stored of a content: a pure function of what it declares and the policy.
///
/// @param keep store the bytes as they came
/// @param crashes kept because decoding it took the process down before
/// @param width of what is stored, in pixels
/// @param format of what is stored
record ImagePlan(
        Source source,
        boolean keep,
        boolean crashes,
        int width,
        int height,
        ImageFormat format,
        ImagePolicy policy) {
    /// What a content declares.
    ///
    /// @param format empty for a raw frame
    /// @param width in pixels, before turning
    /// @param height in pixels, before turning
    record Source(Optional<ImageFormat> format, int width, int height, Orientation orientation) {
        /// Its width once it is upright.
        int uprightWidth() {
            return orientation.swapsSides() ? height : width;
        }

        /// Its height once it is upright.
        int uprightHeight() {
            return orientation.swapsSides() ? width : height;
        }
    }

    static ImagePlan of(Content content, ImagePolicy policy) {
        return switch (content) {
            case Frame frame ->
                    make(
                            new Source(
                                    Optional.empty(),
                                    frame.width(),
                                    frame.height(),
                                    Orientation.UPRIGHT),
                            policy.format().orElse(ImageFormat.JPEG),
                            policy);
            case Encoded encoded -> of(ImageHeader.read(encoded.image()), encoded.bytes(), policy);
            case Opaque _ -> throw new IllegalArgumentException("a file is kept as it is");
        };
    }

    private static ImagePlan of(ImageHeader header, long bytes, ImagePolicy policy) {
        var source =
                new Source(
                        Optional.of(header.format()),
                        header.width(),
                        header.height(),
                        header.orientation());
        var wanted = policy.format().orElse(header.format());
        var fits = policy.original() || (sidesFit(source, policy) && bytes <= policy.maxBytes());
        if (fits && wanted == header.format()) {
            return keeping(source, wanted, policy);
        }
        return make(source, fits ? wanted : policy.format().orElse(ImageFormat.JPEG), policy);
    }

    /// Of the image as it lies in the file, since that is what would be kept.
    private static boolean sidesFit(Source source, ImagePolicy policy) {
        return source.width() <= policy.maxWidth() && source.height() <= policy.maxHeight();
    }

    private static ImagePlan keeping(Source source, ImageFormat format, ImagePolicy policy) {
        return new ImagePlan(source, true, false, source.width(), source.height(), format, policy);
    }

    private static ImagePlan make(Source source, ImageFormat format, ImagePolicy policy) {
        var width = source.uprightWidth();
        var height = source.uprightHeight();
        var scale =
                policy.original()
                        ? 1.0
                        : Math.min(
                                1.0,
                                Math.min(
                                        (double) policy.maxWidth() / width,
                                        (double) policy.maxHeight() / height));
        return new ImagePlan(
                source,
                false,
                false,
                scaled(width, scale, policy.maxWidth()),
                scaled(height, scale, policy.maxHeight()),
                format,
                policy);
    }

    /// Never under 1; rounding never goes above the maximum.
    private static int scaled(int side, double scale, int most) {
        return scale == 1.0 ? side : Math.clamp(Math.round(side * scale), 1, most);
    }

    /// Most memory that the content and what is made of it take on their way, in bytes.
    long mostBytes(long contentBytes) {
        if (keep) {
            return contentBytes;
        }
        var pixels = 3L * width * height;
        var made =
                format == ImageFormat.PNG || policy.original()
                        ? pixels
                        : Math.min(pixels, policy.maxBytes());
        return Math.max(contentBytes, made);
    }

    boolean resizes() {
        return width != source.uprightWidth() || height != source.uprightHeight();
    }

    boolean turns() {
        return !keep && source.orientation() != Orientation.UPRIGHT;
    }

    boolean converts() {
        return source.format().isPresent() && source.format().get() != format;
    }

    /// Whether only its bytes are in the way of keeping it as it came.
    boolean isOnlyTooManyBytes() {
        return source.format().isPresent()
                && !converts()
                && !resizes()
                && (policy.original() || sidesFit(source, policy));
    }

    /// The same content kept as it came, since it must not be decoded.
    ImagePlan undecoded() {
        var kept = kept();
        return new ImagePlan(source, true, true, kept.width, kept.height, kept.format, policy);
    }

    /// The same content kept as it came.
    ImagePlan kept() {
        return keeping(source, source.format().orElseThrow(), policy);
    }
}
