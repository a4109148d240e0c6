package io.camspool.agent.demo;

import io.camspool.Content;
import io.camspool.Frame;
import java.util.List;

/// Hands over raw frames, as a detector that reads a video stream does.
final class RawCamera extends Camera {
    private final MovingWindow window;

    RawCamera(
            String name,
            double picturesPerSecond,
            Photo photo,
            int width,
            int height,
            SensorNoise noise) {
        super(name, "raw BGR", picturesPerSecond, width, height);
        this.window = new MovingWindow(photo, width, height, noise);
    }

    @Override
    Content picture() {
        return window.next();
    }

    /// The whole frame and its middle: a part is the same memory with the frame's stride.
    @Override
    List<Content> alertPictures() {
        var frame = window.next();
        var x = width / 4;
        var y = height / 4;
        var offset = (long) y * frame.stride() + (long) x * frame.format().bytesPerPixel();
        var middle =
                new Frame(
                        frame.pixels().asSlice(offset),
                        width / 2,
                        height / 2,
                        frame.stride(),
                        frame.format());
        return List.of(frame, middle);
    }
}
