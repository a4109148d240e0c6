package io.camspool.agent.demo;

import java.util.Random;

/// The noise of an image sensor, made once and laid over each row from another place. The same seed
/// gives the same noise. Not thread-safe.
final class SensorNoise {
    private static final int BLOCK = 1 << 17;
    private static final double DEVIATION = 2.5;

    private final byte[] block = new byte[BLOCK];
    private final Random random;

    SensorNoise(long seed) {
        random = new Random(seed);
        for (var i = 0; i < BLOCK; i++) {
            block[i] = (byte) Math.round(random.nextGaussian() * DEVIATION);
        }
    }

    /// Adds noise to `length` (at most [#BLOCK]) bytes of a picture.
    void addTo(byte[] pixels, int at, int length) {
        var from = random.nextInt(BLOCK - length);
        for (var i = 0; i < length; i++) {
            var value = (pixels[at + i] & 0xff) + block[from + i];
            pixels[at + i] = (byte) Math.clamp(value, 0, 255);
        }
    }
}
