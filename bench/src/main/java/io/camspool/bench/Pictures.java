package io.camspool.bench;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/// Small JPEGs with a tail of noise, which is kept: as many bytes as wanted, and no work to make
/// them.
final class Pictures {
    private static final byte[] HEAD = head();

    private Pictures() {}

    static byte[] jpeg(int bytes, long seed) {
        var tail = new byte[Math.max(0, bytes - HEAD.length)];
        new SplittableRandom(seed).nextBytes(tail);
        var picture = Arrays.copyOf(HEAD, HEAD.length + tail.length);
        System.arraycopy(tail, 0, picture, HEAD.length, tail.length);
        return picture;
    }

    private static byte[] head() {
        try {
            var out = new ByteArrayOutputStream();
            ImageIO.write(new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB), "jpg", out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
