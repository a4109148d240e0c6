package io.camspool;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// Makes images for tests; the same seed gives the same bytes.
public final class Pictures {
    /// The size of [#exif].
    public static final int EXIF_BYTES = 32;

    private Pictures() {}

    public static byte[] jpeg(int width, int height, long seed) {
        return encoded(width, height, seed, "jpg");
    }

    public static byte[] png(int width, int height, long seed) {
        return encoded(width, height, seed, "png");
    }

    /// A raw BGR frame of a gradient with some noise.
    public static byte[] bgr(int width, int height, long seed) {
        var pixels = new byte[width * height * 3];
        var random = new SplittableRandom(seed);
        for (var i = 0; i < pixels.length; i += 3) {
            var x = i / 3 % width;
            var y = i / 3 / width;
            var noise = (int) (random.nextLong() & 7);
            pixels[i] = (byte) (x * 255 / width + noise);
            pixels[i + 1] = (byte) (y * 255 / height + noise);
            pixels[i + 2] = (byte) (seed * 31 + noise);
        }
        return pixels;
    }

    /// EXIF that has the orientation as its only field, as in an APP1 segment.
    public static byte[] exif(int orientation, ByteOrder order) {
        return ByteBuffer.allocate(EXIF_BYTES)
                .order(order)
                .put("Exif\0\0".getBytes(StandardCharsets.US_ASCII))
                .put(
                        (order == ByteOrder.BIG_ENDIAN ? "MM" : "II")
                                .getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 42)
                .putInt(8)
                .putShort((short) 1)
                .putShort((short) 0x0112)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) orientation)
                .putShort((short) 0)
                .putInt(0)
                .array();
    }

    /// The JPEG with that EXIF in front.
    public static byte[] withOrientation(byte[] jpeg, int orientation, ByteOrder order) {
        return ByteBuffer.allocate(jpeg.length + 4 + EXIF_BYTES)
                .put(jpeg, 0, 2)
                .putShort((short) 0xffe1)
                .putShort((short) (2 + EXIF_BYTES))
                .put(exif(orientation, order))
                .put(jpeg, 2, jpeg.length - 2)
                .array();
    }

    private static byte[] encoded(int width, int height, long seed, String format) {
        var pixels = bgr(width, height, seed);
        var image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        image.getRaster().setDataElements(0, 0, width, height, rgb(pixels));
        var out = new ByteArrayOutputStream();
        // In memory: some tests have no folder for temporary files.
        try (var stream = new MemoryCacheImageOutputStream(out)) {
            ImageIO.write(image, format, stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /// A raster's data elements are in the order of its bands, red first.
    private static byte[] rgb(byte[] bgr) {
        var rgb = bgr.clone();
        for (var i = 0; i < rgb.length; i += 3) {
            rgb[i] = bgr[i + 2];
            rgb[i + 2] = bgr[i];
        }
        return rgb;
    }
}
