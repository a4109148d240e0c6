package io.camspool.agent.http;

import java.time.Duration;
import java.util.function.LongSupplier;

/// How fast bytes go one way, counting only the time that was spent waiting for the client. One
/// thread moves the bytes, another looks.
final class Pace {
    private final LongSupplier clock;
    private boolean waiting;
    private long since;
    private long waited;
    private long bytes;

    /// @param clock as [System#nanoTime]
    Pace(LongSupplier clock) {
        this.clock = clock;
    }

    synchronized void reset() {
        waited = 0;
        bytes = 0;
    }

    synchronized void begin() {
        since = clock.getAsLong();
        waiting = true;
    }

    synchronized void end(long moved) {
        waited += clock.getAsLong() - since;
        waiting = false;
        bytes += moved;
    }

    synchronized long bytes() {
        return bytes;
    }

    /// Whether the client is to be waited for no longer.
    synchronized boolean isTooSlow(HttpLimits limits) {
        if (!waiting) {
            return false;
        }
        var now = clock.getAsLong() - since;
        var all = waited + now;
        return now > limits.stall().toNanos()
                || (all > HttpLimits.GRACE.toNanos()
                        && bytes * (double) Duration.ofSeconds(1).toNanos() / all
                                < limits.minBytesPerSecond());
    }
}
