package io.camspool.internal.engine;

import java.time.Duration;

/// Lets bytes pass at a rate, by making who brings them wait. Confined to one thread.
final class Throttle {
    private final long bytesPerSecond;
    private final long begin = System.nanoTime();
    private long passed;

    Throttle(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    /// Waits until these bytes, and all before them, may have passed; an interrupt ends the wait.
    void pass(long bytes) {
        passed += bytes;
        var due = (long) (passed * 1e9 / bytesPerSecond);
        var wait = due - (System.nanoTime() - begin);
        if (wait > 0) {
            try {
                Thread.sleep(Duration.ofNanos(wait));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
