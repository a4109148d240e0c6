package io.camspool.internal.intake;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// How many images are written and forced at a time. A ledger's commit waits for the disk behind
/// them, and alerts with it: what is under way is bounded in bytes, and in time by how long one
/// image has taken of late. A fast disk gets many at once, which share its flushes; a slow one gets
/// one. Thread-safe.
final class WriteLimit {
    static final int MOST_WRITES = 8;

    /// Work of the disk that a commit may find before it.
    private static final long TARGET_NANOS = 8_000_000;

    private static final long MOST_BYTES = 8_000_000;

    /// Each image counts for this share of the smoothed time.
    private static final int SMOOTHING = 8;

    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition changed = lock.newCondition();
    private long smoothedNanos = TARGET_NANOS / 2;
    private int writes;
    private long bytes;

    /// Waits until this many more bytes may be written; a single image always may.
    void enter(long imageBytes) {
        lock.lock();
        try {
            while (writes > 0 && (writes >= limit() || bytes + imageBytes > MOST_BYTES)) {
                changed.awaitUninterruptibly();
            }
            writes++;
            bytes += imageBytes;
        } finally {
            lock.unlock();
        }
    }

    /// Ends an [#enter].
    ///
    /// @param nanos how long writing and forcing took
    void leave(long imageBytes, long nanos) {
        lock.lock();
        try {
            writes--;
            bytes -= imageBytes;
            smoothedNanos += (nanos - smoothedNanos) / SMOOTHING;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Writes at a time, 1 to [#MOST_WRITES].
    int limit() {
        lock.lock();
        try {
            return Math.clamp(TARGET_NANOS / Math.max(1, smoothedNanos), 1, MOST_WRITES);
        } finally {
            lock.unlock();
        }
    }
}
