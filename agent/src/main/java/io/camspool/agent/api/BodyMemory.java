package io.camspool.agent.api;

import io.camspool.agent.http.Problem;
import io.camspool.agent.http.ProblemException;
import io.camspool.agent.http.ProblemType;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Memory for the bodies of all requests together, given out in the order of asking. Thread-safe.
final class BodyMemory {
    private static final int UNIT_BYTES = 1024;
    private static final Duration SOON = Duration.ofSeconds(1);

    private final long capacity;
    private final Duration wait;
    private final Semaphore units;

    BodyMemory(long capacity, Duration wait) {
        this.capacity = capacity;
        this.wait = wait;
        this.units = new Semaphore((int) (capacity / UNIT_BYTES), true);
    }

    /// What one request has of it, until it is closed. For one thread.
    final class Share implements AutoCloseable {
        private int taken;

        /// Waits for more, or ends the request with 429.
        void take(long bytes) {
            var needed = units(bytes);
            try {
                if (!units.tryAcquire(needed, wait.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw full(bytes);
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                throw full(bytes);
            }
            taken += needed;
        }

        @Override
        public void close() {
            units.release(taken);
            taken = 0;
        }
    }

    Share share() {
        return new Share();
    }

    /// Whether there is ever room for so much.
    boolean holds(long bytes) {
        return bytes <= capacity - UNIT_BYTES;
    }

    long free() {
        return (long) units.availablePermits() * UNIT_BYTES;
    }

    private ProblemException full(long bytes) {
        return new ProblemException(
                Problem.of(
                                ProblemType.INTAKE_FULL,
                                "no memory for a body of %d bytes within %d ms; nothing was stored"
                                        .formatted(bytes, wait.toMillis()))
                        .hint("slow down, and try again")
                        .retryAfter(SOON));
    }

    private static int units(long bytes) {
        return (int) ((bytes + UNIT_BYTES - 1) / UNIT_BYTES);
    }
}
