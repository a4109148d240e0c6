package io.camspool.internal.ledger;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The connections that reads share, a few at a time. Thread-safe.
final class ReadConnections implements AutoCloseable {
    /// Reads at a time; each connection has a page cache of some megabytes outside the heap.
    private static final int MAX_CONNECTIONS = 4;

    private final Path file;
    private final boolean isFrozen;
    private final Semaphore free = new Semaphore(MAX_CONNECTIONS, true);
    private volatile boolean closed;
    private final ConcurrentLinkedQueue<Connection> idle = new ConcurrentLinkedQueue<>();

    interface Read<T> {
        T from(Connection connection) throws SQLException;
    }

    /// @param isFrozen whether nobody can write the ledger, so that it has no log
    ReadConnections(Path file, boolean isFrozen) {
        this.file = file;
        this.isFrozen = isFrozen;
    }

    <T> Optional<T> first(String sql, RowReader<T> reader, Object... values) {
        return all(sql, reader, values).stream().findFirst();
    }

    <T> List<T> all(String sql, RowReader<T> reader, Object... values) {
        return with(
                connection -> {
                    try (var statement = prepare(connection, sql, List.of(values))) {
                        var found = new ArrayList<T>();
                        try (var rows = statement.executeQuery()) {
                            while (rows.next()) {
                                found.add(reader.read(rows));
                            }
                        }
                        return found;
                    }
                });
    }

    static PreparedStatement prepare(Connection connection, String sql, List<Object> values)
            throws SQLException {
        var statement = connection.prepareStatement(sql);
        for (var i = 0; i < values.size(); i++) {
            statement.setObject(i + 1, values.get(i));
        }
        return statement;
    }

    <T> T with(Read<T> read) {
        free.acquireUninterruptibly();
        try {
            if (closed) {
                throw new CamspoolException(
                        Reason.CLOSED, "the spool is closed; open it again to read");
            }
            var idleOne = idle.poll();
            var connection = idleOne != null ? idleOne : connect();
            var isSound = false;
            try {
                var result = read.from(connection);
                isSound = true;
                return result;
            } finally {
                if (isSound) {
                    idle.add(connection);
                } else {
                    connection.close();
                }
            }
        } catch (SQLException e) {
            throw CamspoolException.storage("read", file, e, "check the disk; nothing was changed");
        } finally {
            free.release();
        }
    }

    private Connection connect() throws SQLException {
        return isFrozen ? Connections.frozenReader(file) : Connections.reader(file);
    }

    interface Step {
        void run() throws SQLException;
    }

    /// Runs a step while no connection of this is open; new reads wait until it has ended. Throws
    /// when those under way don't end within the limit.
    void pause(Duration limit, Step step) throws SQLException {
        try {
            if (!free.tryAcquire(MAX_CONNECTIONS, limit.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new SQLException("reads under way don't end; it is tried again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while waiting for reads to end", e);
        }
        try {
            closeIdle();
            step.run();
        } finally {
            free.release(MAX_CONNECTIONS);
        }
    }

    private void closeIdle() throws SQLException {
        for (var connection = idle.poll(); connection != null; connection = idle.poll()) {
            connection.close();
        }
    }

    @Override
    public void close() {
        free.acquireUninterruptibly(MAX_CONNECTIONS);
        closed = true;
        try {
            closeIdle();
        } catch (SQLException e) {
            throw CamspoolException.storage("close", file, e, "nothing is lost by it");
        } finally {
            free.release(MAX_CONNECTIONS);
        }
    }
}
