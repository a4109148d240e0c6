package io.camspool.internal.ledger;

import io.camspool.CamspoolException;
import io.camspool.Durability;
import io.camspool.internal.ledger.Checkpoint.Mode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Copies the write-ahead log into the database: beside the writer, from a connection of its own,
/// and on the writer's connection when the log is full. One at a time: a second one would be turned
/// away without having done anything. Thread-safe.
///
/// A checkpoint that a reader cuts short counts its pages as copied, in the log's index, before
/// they are forced. When the fsync that was to force them fails, no later checkpoint copies them
/// again. So a failed checkpoint leaves a doubt, and nothing is copied nor committed until [#mend]
/// has copied the whole log by an index made anew. The guard keeps SQLite from copying by the old
/// index when a writer is closed.
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

    /// How long [#mend] waits for reads under way.
    private static final Duration READS_LIMIT = Duration.ofSeconds(1);

    private final Path file;
    private final Durability durability;
    private final Reads reads;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Connection own;
    private @Nullable Connection guard;
    private volatile long fullAt = FULL_FRAMES;
    private volatile @Nullable String doubt;

    Checkpoints(Path file, Durability durability, Reads reads) throws SQLException {
        this.file = file;
        this.durability = durability;
        this.reads = reads;
        this.guard = Connections.guard(file);
    }

    /// Why what is copied may be lost, in words; empty: nothing says so.
    Optional<String> doubt() {
        return Optional.ofNullable(doubt);
    }

    /// Copies the whole log anew where a checkpoint has failed. The writer's connection must be
    /// closed; reads wait meanwhile. Throws while the disk fails, while reads don't end, or while
    /// another process has the ledger open.
    void mend() throws SQLException {
        lock.lock();
        try {
            if (doubt == null) {
                return;
            }
            closeOwn();
            reads.pause(READS_LIMIT, this::copyAnew);
            doubt = null;
        } finally {
            lock.unlock();
        }
    }

    private void copyAnew() throws SQLException {
        closeGuard();
        try (var alone = Connections.alone(file)) {
            Checkpoint.runWhole(alone);
        } catch (SQLException e) {
            throw new SQLException(
                    "the log must be copied anew while no other process has the ledger open: "
                            + e.getMessage(),
                    e);
        } finally {
            guard = Connections.guard(file);
        }
    }

    private Checkpoint run(Connection connection, Mode mode) throws SQLException {
        try {
            return Checkpoint.run(connection, mode);
        } catch (SQLException e) {
            doubtAfter(e);
            throw e;
        }
    }

    private void doubtAfter(SQLException e) {
        if (Connections.isBroken(e)) {
            doubt = "a checkpoint of the ledger failed: " + CamspoolException.causeInWords(e);
        }
    }

    /// Copies what no reader needs any more; waits for nobody. Answers how long to wait before the
    /// next call: little while much is written, so that the writer finds little when it is full.
    Duration copy() {
        lock.lock();
        try {
            if (doubt != null) {
                return QUIET_PAUSE;
            }
            if (own == null) {
                own = Connections.writer(file, durability);
            }
            var frames = run(own, Mode.PASSIVE).frames();
            return frames > BUSY_FRAMES ? BUSY_PAUSE : QUIET_PAUSE;
        } catch (SQLException e) {
            closeOwn();
            throw CamspoolException.storage("checkpoint", "the ledger", e, "it is tried again");
        } finally {
            lock.unlock();
        }
    }

    /// Has the disk hold all that the connection sees, or throws.
    void copyWhole(Connection connection) throws SQLException {
        lock.lock();
        try {
            if (doubt != null) {
                throw new SQLException(doubt);
            }
            Checkpoint.runWhole(connection);
        } catch (SQLException e) {
            doubtAfter(e);
            throw e;
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
            if (doubt != null) {
                return;
            }
            Connections.letWaitBriefly(writer);
            var blocked = run(writer, Mode.RESTART).blocked();
            Connections.letWaitLong(writer);
            fullAt = blocked ? frames + RETRY_FRAMES : FULL_FRAMES;
        } finally {
            lock.unlock();
        }
    }

    private void closeOwn() {
        close(own);
        own = null;
    }

    private void closeGuard() {
        close(guard);
        guard = null;
    }

    private static void close(@Nullable Connection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException _) {
            // it holds nothing that is not in the log
        }
    }

    /// Before the writer's connection is closed for good, so that this copies what is left in the
    /// log; it must not in doubt, and the guard stays until [#letGo].
    @Override
    public void close() {
        lock.lock();
        try {
            closeOwn();
            if (doubt == null) {
                closeGuard();
            }
        } finally {
            lock.unlock();
        }
    }

    /// After all others are closed.
    void letGo() {
        lock.lock();
        try {
            closeGuard();
        } finally {
            lock.unlock();
        }
    }
}
