package io.camspool.agent.watch;

import java.nio.file.Path;
import java.time.Duration;

/// A file that was seen and not taken yet. Confined to one thread; times are of one clock that only
/// goes forward, in nanoseconds.
final class Sighting {
    private static final long FIRST_PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

    /// Nobody waits longer for a permission that was given back.
    private static final long LONGEST_PAUSE_NANOS = Duration.ofMinutes(5).toNanos();

    private static final int MOST_DOUBLINGS = 9;

    final Path file;

    /// Relative to the watched folder, with `/`.
    final String path;

    private final long firstSeen;
    private FileStamp stamp;
    private long since;
    private long due;
    private int failures;

    Sighting(Path file, String path, FileStamp stamp, long now, long settleNanos) {
        this.file = file;
        this.path = path;
        this.stamp = stamp;
        this.firstSeen = now;
        this.since = now;
        this.due = now + settleNanos;
    }

    FileStamp stamp() {
        return stamp;
    }

    /// Notes how it is now; whether it is as it was.
    boolean isStill(FileStamp current, long now, long settleNanos) {
        if (current.equals(stamp)) {
            return true;
        }
        stamp = current;
        since = now;
        due = now + settleNanos;
        failures = 0;
        return false;
    }

    /// For how long it has been as it is.
    long stillNanos(long now) {
        return now - since;
    }

    boolean isDue(long now) {
        return now - due >= 0;
    }

    long dueInNanos(long now) {
        return due - now;
    }

    void againAfter(long nanos, long now) {
        due = now + nanos;
    }

    /// Has it wait longer after each failure.
    void failed(long now) {
        due =
                now
                        + Math.min(
                                LONGEST_PAUSE_NANOS,
                                FIRST_PAUSE_NANOS << Math.min(failures, MOST_DOUBLINGS));
        failures++;
    }

    int failures() {
        return failures;
    }

    /// Whether it has been changing ever since it was seen, and for longer than this.
    boolean isGrowing(long nanos) {
        return since != firstSeen && since - firstSeen > nanos;
    }
}
