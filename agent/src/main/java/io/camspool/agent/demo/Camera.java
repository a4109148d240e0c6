package io.camspool.agent.demo;

import io.camspool.Content;
import java.util.List;

/// A simulated camera. Used by one thread at a time.
interface Camera {
    String name();

    /// What it hands over, for people: `raw BGR 1920x1080`.
    String kind();

    double picturesPerSecond();

    /// The picture of this moment; valid until the next call.
    Content picture();

    /// The two pictures of an alert; valid until the next call.
    List<Content> alertPictures();
}
