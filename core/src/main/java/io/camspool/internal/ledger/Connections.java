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
import org.sqlite.SQLiteOpenMode;

/// Opens connections with the settings that the guarantees rest on.
///
/// JDBC's own transactions are never used: with auto-commit off, a transaction that SQLite rolled
/// back after a full disk leaves the driver throwing at each commit while single inserts go
/// through. BEGIN and COMMIT are explicit.
final class Connections {
    /// How long a statement waits for another process's lock.
    private static final int BUSY_TIMEOUT_MILLIS = 5_000;

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
        var connection = config.createConnection("jdbc:sqlite:" + file);
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_autocheckpoint = 0");
            statement.execute("PRAGMA cache_size = -8000");
        }
        return connection;
    }

    static Connection reader(Path file) throws SQLException {
        var config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setOpenMode(SQLiteOpenMode.READONLY);
        config.setTempStore(TempStore.FILE);
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        return config.createConnection("jdbc:sqlite:" + file);
    }
}
