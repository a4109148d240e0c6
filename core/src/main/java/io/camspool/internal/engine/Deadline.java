package io.camspool.internal.engine;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Points in [System#nanoTime], for limits of any length.
final class Deadline {
    private Deadline() {}

    static long after(Duration limit) {
        return System.nanoTime()
                + Math.clamp(TimeUnit.NANOSECONDS.convert(limit), 0, Long.MAX_VALUE / 4);
    }
}
