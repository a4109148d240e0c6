package io.camspool;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/// Makes images for tests; the same seed gives the same bytes.
public final class Pictures {
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

    private static byte[] encoded(int width, int height, long seed, String format) {
        var pixels = bgr(width, height, seed);
        var image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        image.getRaster().setDataElements(0, 0, width, height, rgb(pixels));
        var out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, format, out);
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
