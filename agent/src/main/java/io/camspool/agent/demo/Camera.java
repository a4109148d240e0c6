package io.camspool.agent.demo;

import io.camspool.Content;
import java.util.List;

/// A simulated camera. Used by one thread at a time.
abstract class Camera {
    final int width;
    final int height;
    private final String name;
    private final String encoding;
    private final double picturesPerSecond;

    /// @param encoding how it hands over its pictures, in words
    Camera(String name, String encoding, double picturesPerSecond, int width, int height) {
        this.name = name;
        this.encoding = encoding;
        this.picturesPerSecond = picturesPerSecond;
        this.width = width;
        this.height = height;
    }

    final String name() {
        return name;
    }

    /// What it hands over, for people: `raw BGR 1920x1080`.
    final String kind() {
        return "%s %dx%d".formatted(encoding, width, height);
    }

    final double picturesPerSecond() {
        return picturesPerSecond;
    }

    /// The picture of this moment; valid until the next call.
    abstract Content picture();

    /// The two pictures of an alert; valid until the next call.
    abstract List<Content> alertPictures();
}
