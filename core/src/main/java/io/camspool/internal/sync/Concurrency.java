package io.camspool.internal.sync;

/// How many batches of one kind may be under way at once, from one to what the sink allows. It
/// grows by one as long as that brings more than [#WORTHWHILE] bytes a second, and goes back when
/// it doesn't; a broken connection halves it, and after an outage it begins with one. Confined to
/// one thread.
///
/// The throughput is measured over windows of completed sends, and only where all slots were used:
/// else it says nothing about one slot more.
final class Concurrency {
    /// What one slot more must multiply the throughput by.
    private static final double WORTHWHILE = 1.05;

    /// Sends of a window for each slot: fewer would measure chance.
    private static final int SENDS_A_SLOT = 4;

    /// Windows without growth after one that brought nothing: links change, but not that often.
    private static final int RESTS = 8;

    private final int most;
    private int limit = 1;

    /// Below this it grows with each window: the link has carried as much before.
    private int carried = 1;

    private double bytesPerSecond;
    private boolean hasGrown;
    private int rests;
    private long windowStart;
    private long windowBytes;
    private int windowSends;
    private boolean wasFull;

    /// @param most of the sink's `Batching`
    Concurrency(int most) {
        this.most = most;
    }

    int limit() {
        return limit;
    }

    int most() {
        return most;
    }

    /// @param underWay with the one that starts
    /// @param now in nanoseconds
    void started(int underWay, long now) {
        if (windowSends == 0 && !wasFull) {
            windowStart = now;
        }
        wasFull |= underWay >= limit;
    }

    /// A batch was answered for, other than by a fault.
    void finished(long bytes, long now) {
        windowBytes += bytes;
        windowSends++;
        if (windowSends >= SENDS_A_SLOT * limit) {
            adapt(windowBytes * 1e9 / Math.max(1, now - windowStart));
            beginWindow(now);
        }
    }

    private void adapt(double measured) {
        if (!wasFull) {
            return;
        }
        var isWorthwhile = measured > bytesPerSecond * WORTHWHILE;
        if (limit < carried) {
            limit++;
            hasGrown = true;
        } else if (hasGrown && !isWorthwhile) {
            limit = Math.max(1, limit - 1);
            carried = limit;
            hasGrown = false;
            rests = RESTS;
            return; // the throughput to compare with is that before the growth
        } else if (rests > 0) {
            rests--;
            hasGrown = false;
        } else if (limit < most) {
            limit++;
            hasGrown = true;
        } else {
            hasGrown = false;
        }
        bytesPerSecond = measured;
    }

    /// A connection broke: half as many.
    void networkFault(long now) {
        limit = Math.max(1, limit / 2);
        carried = limit;
        hasGrown = false;
        beginWindow(now);
    }

    /// The sink is back: from one, and quickly up to what was carried before.
    void restart(long now) {
        carried = Math.max(carried, limit);
        limit = 1;
        bytesPerSecond = 0;
        rests = 0;
        hasGrown = false;
        beginWindow(now);
    }

    private void beginWindow(long now) {
        windowStart = now;
        windowBytes = 0;
        windowSends = 0;
        wasFull = false;
    }
}
