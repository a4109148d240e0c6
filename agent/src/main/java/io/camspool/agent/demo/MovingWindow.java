package io.camspool.agent.demo;

import io.camspool.Frame;
import io.camspool.PixelFormat;

/// A camera's view: a window that wanders smoothly over a photograph, with sensor noise. Fills the
/// same memory each time. Not thread-safe.
final class MovingWindow {
    /// Steps of one swing to the side and of one up and down; they share no divisor, so that the
    /// path is long.
    private static final int SIDEWAYS = 37;

    private static final int UP_AND_DOWN = 53;

    private final Photo photo;
    private final int width;
    private final int height;
    private final SensorNoise noise;
    private final byte[] pixels;
    private int step;

    MovingWindow(Photo photo, int width, int height, SensorNoise noise) {
        if (photo.width() < width || photo.height() < height) {
            throw new IllegalArgumentException(
                    "a %dx%d window does not fit a %dx%d photograph"
                            .formatted(width, height, photo.width(), photo.height()));
        }
        this.photo = photo;
        this.width = width;
        this.height = height;
        this.noise = noise;
        this.pixels = new byte[width * height * PixelFormat.BGR.bytesPerPixel()];
    }

    /// The next picture; valid until the next call.
    Frame next() {
        var x = swing(step, SIDEWAYS, photo.width() - width);
        var y = swing(step, UP_AND_DOWN, photo.height() - height);
        var row = width * PixelFormat.BGR.bytesPerPixel();
        for (var line = 0; line < height; line++) {
            photo.copyRow(x, y + line, pixels, line * row, row);
            noise.addTo(pixels, line * row, row);
        }
        step++;
        return Frame.of(pixels, width, height, PixelFormat.BGR);
    }

    private static int swing(int step, int period, int room) {
        return (int) Math.round((1 + Math.sin(2 * Math.PI * step / period)) / 2 * room);
    }
}
