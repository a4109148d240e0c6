package io.camspool.internal.ledger;

import io.camspool.CamspoolException;
import io.camspool.Durability;
import io.camspool.internal.ledger.Checkpoint.Mode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Copies the write-ahead log into the database: beside the writer, from a connection of its own,
/// and on the writer's connection when the log is full. One at a time: a second one would be turned
/// away without having done anything. Thread-safe.
final class Checkpoints implements AutoCloseable {
    /// Pages in the log at which the writer copies it, 4 MB: what a full disk must still have room
    /// for.
    private static final int FULL_FRAMES = 1_000;

    /// Pages that may be added before the writer tries again when something was in the way.
    private static final int RETRY_FRAMES = 250;

    /// Pages in the log that make [#copy] hurry.
    private static final int BUSY_FRAMES = 250;

    private static final Duration BUSY_PAUSE = Duration.ofMillis(50);
    private static final Duration QUIET_PAUSE = Duration.ofSeconds(1);

    private final Path file;
    private final Durability durability;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Connection own;
    private volatile long fullAt = FULL_FRAMES;

    Checkpoints(Path file, Durability durability) {
        this.file = file;
        this.durability = durability;
    }

    /// Copies what no reader needs any more; waits for nobody. Answers how long to wait before the
    /// next call: little while much is written, so that the writer finds little when it is full.
    Duration copy() {
        lock.lock();
        try {
            if (own == null) {
                own = Connections.writer(file, durability);
            }
            var frames = Checkpoint.run(own, Mode.PASSIVE).frames();
            return frames > BUSY_FRAMES ? BUSY_PAUSE : QUIET_PAUSE;
        } catch (SQLException e) {
            close();
            throw CamspoolException.storage("checkpoint", "the ledger", e, "it is tried again");
        } finally {
            lock.unlock();
        }
    }

    /// Has the disk hold all that the connection sees, or throws.
    void copyWhole(Connection connection) throws SQLException {
        lock.lock();
        try {
            Checkpoint.runWhole(connection);
        } finally {
            lock.unlock();
        }
    }

    /// Copies the log when it is full, so that the next commit begins it anew: beside a writer that
    /// doesn't rest, [#copy] alone never catches up with it.
    void bound(Connection writer) throws SQLException {
        var frames = Checkpoint.run(writer, Mode.NOOP).frames();
        if (frames < fullAt) {
            return;
        }
        if (!lock.tryLock()) {
            fullAt = frames + RETRY_FRAMES;
            return;
        }
        try {
            Connections.letWaitBriefly(writer);
            var blocked = Checkpoint.run(writer, Mode.RESTART).blocked();
            Connections.letWaitLong(writer);
            fullAt = blocked ? frames + RETRY_FRAMES : FULL_FRAMES;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (own != null) {
                own.close();
            }
        } catch (SQLException _) {
            // it holds nothing that is not in the log
        } finally {
            own = null;
            lock.unlock();
        }
    }
}
