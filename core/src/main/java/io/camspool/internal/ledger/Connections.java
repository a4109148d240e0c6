package io.camspool.internal.ledger;

import io.camspool.Durability;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TempStore;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;

/// Opens connections with the settings that the guarantees rest on.
///
/// JDBC's own transactions are never used: with auto-commit off, a transaction that SQLite rolled
/// back after a full disk leaves the driver throwing at each commit while single inserts go
/// through. BEGIN and COMMIT are explicit.
final class Connections {
    /// How long a statement waits for another process's lock.
    private static final int BUSY_TIMEOUT_MILLIS = 5_000;

    /// How long the writer waits for readers before it lets the write-ahead log grow on.
    private static final int BRIEF_TIMEOUT_MILLIS = 20;

    /// How long [#alone] waits for others to let the ledger go; reads of the owner wait with it.
    private static final int ALONE_TIMEOUT_MILLIS = 500;

    /// The write-ahead log is cut back to this after it has been checkpointed.
    private static final int JOURNAL_LIMIT_BYTES = 16_000_000;

    private Connections() {}

    static Connection writer(Path file, Durability durability) throws SQLException {
        var config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(
                durability == Durability.FSYNC ? SynchronousMode.FULL : SynchronousMode.NORMAL);
        config.setTransactionMode(TransactionMode.IMMEDIATE);
        config.setTempStore(TempStore.FILE);
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        config.setJournalSizeLimit(JOURNAL_LIMIT_BYTES);
        // Else the driver runs a query of its own after each insert.
        config.setGetGeneratedKeys(false);
        var connection = config.createConnection("jdbc:sqlite:" + file);
        try {
            set(connection, "wal_autocheckpoint = 0");
            set(connection, "cache_size = -8000");
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /// Whether the disk had no room.
    static boolean isFull(Throwable e) {
        return primaryCode(e) == SQLiteErrorCode.SQLITE_FULL.code;
    }

    /// Whether it was the disk that failed, not the statement.
    static boolean isOfDisk(Throwable e) {
        return isFull(e) || isBroken(e);
    }

    /// Whether the disk failed a call for another reason than that it had no room.
    static boolean isBroken(Throwable e) {
        return primaryCode(e) == SQLiteErrorCode.SQLITE_IOERR.code;
    }

    private static int primaryCode(Throwable e) {
        return e instanceof SQLiteException failure ? failure.getResultCode().code & 0xFF : 0;
    }

    private static void set(Connection connection, String pragma) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA " + pragma);
        }
    }

    /// Writes a commit to the log that changes nothing. In what a failed commit has left there no
    /// crash can find it any more.
    static void commitNothing(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            statement.execute("INSERT INTO spool VALUES ('tried', '')");
            statement.execute("DELETE FROM spool WHERE name = 'tried'");
            statement.execute("COMMIT");
        }
    }

    /// A writer that has the ledger to itself, and makes an index of the log from the log alone.
    /// What looks into the ledger fails while another connection is open.
    static Connection alone(Path file) throws SQLException {
        var config = new SQLiteConfig();
        config.setBusyTimeout(ALONE_TIMEOUT_MILLIS);
        var connection = config.createConnection("jdbc:sqlite:" + file);
        try {
            // Before anything has looked into the ledger: else the shared index is used.
            set(connection, "locking_mode = EXCLUSIVE");
            set(connection, "synchronous = FULL");
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /// Only reads, and has the ledger open as long as it is open itself: SQLite makes no checkpoint
    /// when a writer is closed beside it, nor when it is closed as the last.
    static Connection guard(Path file) throws SQLException {
        var connection = reader(file);
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT 1 FROM sqlite_schema LIMIT 1")) {
            rows.next();
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /// Bounds how long the connection's statements wait for another's lock.
    static void letWaitBriefly(Connection connection) throws SQLException {
        set(connection, "busy_timeout = " + BRIEF_TIMEOUT_MILLIS);
    }

    /// As a new connection does.
    static void letWaitLong(Connection connection) throws SQLException {
        set(connection, "busy_timeout = " + BUSY_TIMEOUT_MILLIS);
    }

    /// Reads and changes nothing, but for undoing what a crash cut off, as SQLite asks for.
    static Connection unchanged(Path file) throws SQLException {
        var config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        return config.createConnection("jdbc:sqlite:" + file);
    }

    static Connection reader(Path file) throws SQLException {
        return readOnly("jdbc:sqlite:" + file);
    }

    /// Reads without log and locks: sound only where nothing can be written and no log is left.
    /// What an owner writes meanwhile, who finds room after all, may look like damage.
    static Connection frozenReader(Path file) throws SQLException {
        return readOnly("jdbc:sqlite:" + file.toUri() + "?immutable=1");
    }

    /// Whether it fails as it does where SQLite can't make the log's index beside the ledger, as on
    /// a read-only mount or a full disk.
    static boolean isLogMissing(SQLException failure) {
        return failure instanceof SQLiteException known
                && (primaryCode(known) == SQLiteErrorCode.SQLITE_CANTOPEN.code
                        || known.getResultCode() == SQLiteErrorCode.SQLITE_IOERR_SHMSIZE);
    }

    private static Connection readOnly(String url) throws SQLException {
        var config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setOpenMode(SQLiteOpenMode.READONLY);
        config.setTempStore(TempStore.FILE);
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        return config.createConnection(url);
    }
}
