package io.camspool.internal.ledger;

import java.sql.Connection;
import java.sql.SQLException;

/// What a look at the write-ahead log found, or what copying it into the database left.
///
/// @param blocked another connection was in the way
/// @param frames pages in the log; -1: another checkpoint is running
/// @param copied pages of them that the database holds, too
record Checkpoint(boolean blocked, long frames, long copied) {
    /// How a log is checkpointed, in SQLite's words.
    enum Mode {
        /// Looks only.
        NOOP,
        /// Copies what no reader needs any more; waits for nobody.
        PASSIVE,
        /// Copies all, waits for readers, and lets the next commit begin the log anew.
        RESTART,
        /// As RESTART, and cuts the log to nothing.
        TRUNCATE
    }

    static Checkpoint run(Connection connection, Mode mode) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("PRAGMA wal_checkpoint(" + mode + ")")) {
            if (!rows.next()) {
                throw new SQLException("the write-ahead log does not answer");
            }
            return new Checkpoint(rows.getInt(1) != 0, rows.getLong(2), rows.getLong(3));
        }
    }

    /// Has the disk hold all that the connection sees. After a failed fsync the page cache may show
    /// what the disk doesn't hold: only what a whole checkpoint has forced counts.
    static void runWhole(Connection connection) throws SQLException {
        var checkpoint = run(connection, Mode.TRUNCATE);
        if (checkpoint.frames < 0 || checkpoint.frames != checkpoint.copied) {
            throw new SQLException(
                    "of %d pages in the write-ahead log %d could be copied; another process may be reading"
                            .formatted(checkpoint.frames, checkpoint.copied));
        }
    }
}
