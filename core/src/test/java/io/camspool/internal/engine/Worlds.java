package io.camspool.internal.engine;

import io.camspool.image.ImageCodec;
import io.camspool.image.ImageCodecs;
import io.camspool.internal.disk.Disk;
import io.camspool.internal.disk.Whereabouts;
import io.camspool.internal.intake.LazyCodec;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// Worlds for tests: the real one, with one part exchanged.
public final class Worlds {
    private Worlds() {}

    public static Engine.World with(ImageCodec codec) {
        return new Engine.World(
                Disk.real(),
                InstantSource.system(),
                new SecureRandom(),
                new LazyCodec(() -> codec),
                Whereabouts::of);
    }

    public static Engine.World with(Disk disk) {
        return with(disk, InstantSource.system());
    }

    public static Engine.World with(Disk disk, InstantSource clock) {
        return new Engine.World(
                disk, clock, new SecureRandom(), new LazyCodec(ImageCodecs::best), Whereabouts::of);
    }

    public static Engine.World with(RandomGenerator random) {
        return new Engine.World(
                Disk.real(),
                InstantSource.system(),
                random,
                new LazyCodec(ImageCodecs::best),
                Whereabouts::of);
    }
}
