package io.camspool.internal.intake;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.Status.Pool;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// Bytes that may be on their way to the disk, given out in the order of asking. Thread-safe.
final class Budget {
    private static final int UNIT_BYTES = 1024;

    private final String field;
    private final long capacity;
    private final Duration wait;
    private final Semaphore units;
    private volatile boolean closed;
    private final LongAdder waited = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /// @param field the setting that a refusal names
    Budget(String field, long capacity, Duration wait) {
        this.field = field;
        this.capacity = capacity;
        this.wait = wait;
        this.units = new Semaphore(units(capacity), true);
    }

    /// Takes bytes, or throws: INVALID when there will never be room, INTAKE_FULL when there was
    /// none in time, CLOSED. Nothing needs no room, and never stands in the line.
    void take(long bytes) {
        if (bytes == 0) {
            return;
        }
        if (units(bytes) > units(capacity)) {
            throw CamspoolException.invalid(
                    "size", bytes, "at most " + capacity + " bytes (" + field + ")");
        }
        if (tryToTake(units(bytes))) {
            if (closed) {
                throw new CamspoolException(Reason.CLOSED, "the spool is closed");
            }
            return;
        }
        refused.increment();
        throw new CamspoolException(
                Reason.INTAKE_FULL,
                "the intake is full: no room for %d bytes within %d ms; slow down, try again, or raise %s (%d bytes)"
                        .formatted(bytes, wait.toMillis(), field, capacity));
    }

    private boolean tryToTake(int needed) {
        try {
            // The form with a time stands in the line; the one without would jump it.
            if (units.tryAcquire(needed, 0, TimeUnit.NANOSECONDS)) {
                return true;
            }
            waited.increment();
            return units.tryAcquire(
                    needed, TimeUnit.NANOSECONDS.convert(wait), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            // A thread that is being ended may still hand in its last alert, if there is room.
            Thread.currentThread().interrupt();
            return units.tryAcquire(needed);
        }
    }

    /// Sends those away who wait, and all who come. For one thread at a time.
    void close() {
        if (!closed) {
            closed = true;
            units.release(units(capacity));
        }
    }

    void give(long bytes) {
        units.release(units(bytes));
    }

    long taken() {
        return (long) (units(capacity) - units.availablePermits()) * UNIT_BYTES;
    }

    Pool pool(String name) {
        return new Pool(name, taken(), capacity);
    }

    long capacity() {
        return capacity;
    }

    long waited() {
        return waited.sum();
    }

    long refused() {
        return refused.sum();
    }

    private static int units(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, (bytes + UNIT_BYTES - 1) / UNIT_BYTES);
    }
}
