package io.camspool;

import java.awt.image.BufferedImage;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// Raw pixels before encoding, top row first. Row `y` begins at byte `y * stride`; `stride` is in
/// bytes and at least `width * bytesPerPixel`. The memory stays the caller's: it is copied by
/// `save` and may be reused when `save` has returned.
public record Frame(MemorySegment pixels, int width, int height, int stride, PixelFormat format)
        implements Content {
    /// Longest side, in pixels: what a JPEG can hold.
    public static final int MAX_SIDE = 65_500;

    public Frame {
        requireSide("width", width);
        requireSide("height", height);
        var row = (long) width * format.bytesPerPixel();
        if (stride < row) {
            throw CamspoolException.invalid("stride", stride, "at least " + row + " bytes a row");
        }
        var needed = (long) stride * (height - 1) + row;
        if (pixels.byteSize() < needed) {
            throw CamspoolException.invalid(
                    "pixels",
                    pixels.byteSize(),
                    "at least %d bytes for %dx%d %s with stride %d"
                            .formatted(needed, width, height, format, stride));
        }
    }

    /// Rows that follow each other without a gap.
    public static Frame of(byte[] pixels, int width, int height, PixelFormat format) {
        return of(MemorySegment.ofArray(pixels), width, height, format);
    }

    /// Rows that follow each other without a gap, from the buffer's position on.
    public static Frame of(ByteBuffer pixels, int width, int height, PixelFormat format) {
        return of(MemorySegment.ofBuffer(pixels), width, height, format);
    }

    /// Rows that follow each other without a gap.
    public static Frame of(MemorySegment pixels, int width, int height, PixelFormat format) {
        requireSide("width", width);
        return new Frame(pixels, width, height, width * format.bytesPerPixel(), format);
    }

    /// A copy of the image's pixels; transparency is dropped.
    public static Frame of(BufferedImage image) {
        var width = image.getWidth();
        var height = image.getHeight();
        var pixels = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
        var row = new int[width];
        var at = 0;
        for (var y = 0; y < height; y++) {
            image.getRGB(0, y, width, 1, row, 0, width);
            for (var rgb : row) {
                pixels[at++] = (byte) rgb;
                pixels[at++] = (byte) (rgb >> 8);
                pixels[at++] = (byte) (rgb >> 16);
            }
        }
        return of(pixels, width, height, PixelFormat.BGR);
    }

    @Override
    public long bytes() {
        return (long) stride * (height - 1) + (long) width * format.bytesPerPixel();
    }

    private static void requireSide(String field, int side) {
        if (side < 1 || side > MAX_SIDE) {
            throw CamspoolException.invalid(field, side, "1 to " + MAX_SIDE + " pixels");
        }
    }
}
