package io.camspool.agent.demo;

import java.io.IOException;
import java.util.List;

/// The four cameras of the demo.
final class Cameras {
    private static final long SEED = 20_261_123;

    private Cameras() {}

    /// Decodes the photographs and encodes ahead; takes some seconds of a slow core. The JPEG
    /// cameras come first: they need the largest photographs, and only while they are made.
    static List<Camera> open() throws IOException {
        var dock =
                new JpegCamera(
                        "dock-3",
                        2,
                        Photo.load("dock-3.jpg", 4480, 2520),
                        3840,
                        2160,
                        new SensorNoise(SEED + 3));
        var roof =
                new JpegCamera(
                        "roof-4",
                        3,
                        Photo.load("roof-4.jpg", 2560, 1440),
                        1920,
                        1080,
                        new SensorNoise(SEED + 4));
        var gate =
                new RawCamera(
                        "gate-1",
                        2.5,
                        Photo.load("gate-1.jpg", 2560, 1440),
                        1920,
                        1080,
                        new SensorNoise(SEED + 1));
        var yard =
                new RawCamera(
                        "yard-2",
                        2,
                        Photo.load("yard-2.jpg", 3200, 1800),
                        2560,
                        1440,
                        new SensorNoise(SEED + 2));
        return List.of(gate, yard, dock, roof);
    }
}
