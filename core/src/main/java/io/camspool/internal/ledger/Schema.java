package io.camspool.internal.ledger;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/// The tables, described column by column in docs/format.md.
final class Schema {
    static final int VERSION = 1;

    /// Settings in the table `spool`.
    static final String SPOOL_ID = "spool-id";

    static final String BOX = "box";

    /// Where the images stand.
    static final String CAPTURES = "captures";

    /// Where the folder was at the last open.
    static final String WHEREABOUTS = "whereabouts";

    /// Stands until the first open after the tables were made has healed.
    static final String UNVOUCHED = "unvouched";

    /// `camspool` as the application id in the header, so that `file` and we can tell a ledger from
    /// other databases.
    private static final int APPLICATION_ID = 0x43535031;

    private static final String[] TABLES = {
        """
        CREATE TABLE spool (
          name  TEXT PRIMARY KEY,
          value TEXT NOT NULL
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE spool_ids (
          first_seq INTEGER PRIMARY KEY,
          id        TEXT    NOT NULL
        )
        """,
        """
        CREATE TABLE items (
          seq            INTEGER PRIMARY KEY,
          id             TEXT    NOT NULL UNIQUE,
          kind           INTEGER NOT NULL,
          state          INTEGER NOT NULL,
          camera         TEXT,
          alert_id       TEXT,
          time           INTEGER NOT NULL,
          time_quality   INTEGER NOT NULL,
          corrected_time INTEGER,
          accepted_at    INTEGER NOT NULL,
          group_seq      INTEGER,
          group_index    INTEGER,
          box            TEXT    NOT NULL,
          rendition      INTEGER NOT NULL,
          media_type     TEXT    NOT NULL,
          bytes          INTEGER NOT NULL,
          width          INTEGER,
          height         INTEGER,
          priority       INTEGER NOT NULL,
          labels         TEXT,
          change         TEXT,
          input_sha256   BLOB,
          sha256         BLOB    NOT NULL,
          path           TEXT    NOT NULL,
          confirmations  INTEGER NOT NULL DEFAULT 0,
          json           BLOB,
          caller_id      INTEGER NOT NULL,
          delivered_before INTEGER NOT NULL,
          captures       TEXT,
          event          TEXT
        )
        """,
        "CREATE INDEX items_by_time ON items (kind, time, seq)",
        "CREATE INDEX items_by_camera ON items (kind, camera, time, seq)",
        "CREATE INDEX items_by_alert ON items (alert_id, kind, time, seq) WHERE alert_id IS NOT NULL",
        "CREATE INDEX items_by_alert_camera ON items (alert_id, camera, time, seq) WHERE kind = 0 AND alert_id IS NOT NULL",
        "CREATE INDEX items_by_path ON items (path) WHERE kind = 0",
        "CREATE INDEX items_removing ON items (seq) WHERE state = 1",
        """
        CREATE TABLE sinks (
          number          INTEGER PRIMARY KEY AUTOINCREMENT,
          id              TEXT    NOT NULL UNIQUE,
          required        INTEGER NOT NULL,
          configured      INTEGER NOT NULL DEFAULT 1,
          enabled         INTEGER NOT NULL DEFAULT 1,
          paused          INTEGER NOT NULL DEFAULT 0,
          forgotten       INTEGER NOT NULL DEFAULT 0,
          first_capture   INTEGER NOT NULL DEFAULT 1,
          first_alert     INTEGER NOT NULL DEFAULT 1,
          next_seq        INTEGER NOT NULL,
          backlog_items   INTEGER NOT NULL DEFAULT 0,
          backlog_bytes   INTEGER NOT NULL DEFAULT 0,
          delivered_items INTEGER NOT NULL DEFAULT 0,
          delivered_bytes INTEGER NOT NULL DEFAULT 0,
          rejected_items  INTEGER NOT NULL DEFAULT 0,
          rejected_bytes  INTEGER NOT NULL DEFAULT 0,
          dropped_items   INTEGER NOT NULL DEFAULT 0,
          dropped_bytes   INTEGER NOT NULL DEFAULT 0,
          next_probe_at   INTEGER NOT NULL DEFAULT 0,
          after_sink      INTEGER,
          after_limit     INTEGER NOT NULL DEFAULT 0,
          public_url      TEXT
        )
        """,
        """
        CREATE TABLE deliveries (
          sink     INTEGER NOT NULL,
          state    INTEGER NOT NULL,
          rank     INTEGER NOT NULL,
          seq      INTEGER NOT NULL,
          key      TEXT    NOT NULL,
          bytes    INTEGER NOT NULL,
          batch    INTEGER,
          refusals INTEGER NOT NULL DEFAULT 0,
          due_at   INTEGER NOT NULL DEFAULT 0,
          reason   TEXT,
          answer   TEXT,
          after_sink INTEGER,
          absent   TEXT,
          public_url TEXT,
          PRIMARY KEY (sink, state, rank, seq)
        ) WITHOUT ROWID
        """,
        "CREATE INDEX deliveries_by_item ON deliveries (seq, sink)",
        "CREATE INDEX deliveries_by_batch ON deliveries (batch, seq) WHERE batch IS NOT NULL",
        """
        CREATE TABLE batches (
          number  INTEGER PRIMARY KEY,
          sink    INTEGER NOT NULL,
          id      TEXT    NOT NULL UNIQUE,
          key     TEXT    NOT NULL,
          kind    INTEGER NOT NULL,
          made_at INTEGER NOT NULL
        )
        """,
        "CREATE INDEX batches_by_sink ON batches (sink, number)",
        "CREATE INDEX deliveries_waiting ON deliveries (sink, due_at) WHERE state = 2",
        "CREATE INDEX deliveries_awaiting ON deliveries (sink, due_at) WHERE state = 3",
        """
        CREATE TABLE absences (
          seq  INTEGER NOT NULL,
          sink INTEGER NOT NULL,
          PRIMARY KEY (seq, sink)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE follow_ups (
          seq        INTEGER NOT NULL,
          sink       INTEGER NOT NULL,
          after_sink INTEGER NOT NULL,
          id         TEXT    NOT NULL,
          alert_id   TEXT,
          source     TEXT    NOT NULL,
          path       TEXT    NOT NULL,
          captures   TEXT    NOT NULL,
          public_url TEXT,
          PRIMARY KEY (seq, sink)
        ) WITHOUT ROWID
        """,
        "CREATE INDEX follow_ups_by_after ON follow_ups (after_sink)",
        """
        CREATE TABLE confirmations (
          number   INTEGER PRIMARY KEY,
          sink     INTEGER NOT NULL,
          seq      INTEGER NOT NULL,
          id       TEXT    NOT NULL,
          key      TEXT    NOT NULL,
          proof    TEXT    NOT NULL,
          at       INTEGER NOT NULL,
          refusals INTEGER NOT NULL,
          dropped  INTEGER NOT NULL
        )
        """,
        "CREATE INDEX confirmations_by_item ON confirmations (seq, sink)",
        """
        CREATE TABLE drops (
          number   INTEGER PRIMARY KEY,
          seq      INTEGER NOT NULL,
          id       TEXT    NOT NULL,
          kind     INTEGER NOT NULL,
          camera   TEXT,
          alert_id TEXT,
          time     INTEGER NOT NULL,
          bytes    INTEGER NOT NULL,
          reason   TEXT    NOT NULL,
          at       INTEGER NOT NULL
        )
        """,
        """
        CREATE TABLE past_ids (
          id           TEXT    PRIMARY KEY,
          seq          INTEGER NOT NULL,
          bytes        INTEGER NOT NULL,
          sha256       BLOB    NOT NULL,
          input_sha256 BLOB    NOT NULL,
          path         TEXT    NOT NULL,
          change       TEXT,
          gone_at      INTEGER NOT NULL
        ) WITHOUT ROWID
        """,
        "CREATE INDEX past_ids_by_age ON past_ids (gone_at)",
        """
        CREATE TABLE turned_away (
          reason TEXT    PRIMARY KEY,
          items  INTEGER NOT NULL
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE balance (
          kind           INTEGER PRIMARY KEY,
          accepted_items INTEGER NOT NULL DEFAULT 0,
          accepted_bytes INTEGER NOT NULL DEFAULT 0,
          held_items     INTEGER NOT NULL DEFAULT 0,
          held_bytes     INTEGER NOT NULL DEFAULT 0,
          removed_items  INTEGER NOT NULL DEFAULT 0,
          removed_bytes  INTEGER NOT NULL DEFAULT 0,
          dropped_items  INTEGER NOT NULL DEFAULT 0,
          dropped_bytes  INTEGER NOT NULL DEFAULT 0
        )
        """,
        "INSERT INTO balance (kind) VALUES (0), (1)",
    };

    private Schema() {}

    /// Makes the tables in an empty database, all or none of them.
    static void create(Connection connection, String spoolId) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            for (var table : TABLES) {
                statement.execute(table);
            }
            statement.execute("INSERT INTO spool VALUES ('" + SPOOL_ID + "', '" + spoolId + "')");
            statement.execute("INSERT INTO spool_ids VALUES (1, '" + spoolId + "')");
            statement.execute("INSERT INTO spool VALUES ('" + UNVOUCHED + "', '1')");
            statement.execute("PRAGMA application_id = " + APPLICATION_ID);
            statement.execute("PRAGMA user_version = " + VERSION);
            statement.execute("COMMIT");
        }
    }

    /// Removes the mark that [#create] left; false when it was gone.
    static boolean vouch(Round round) throws SQLException {
        var delete = round.prepare("DELETE FROM spool WHERE name = '" + UNVOUCHED + "'");
        return delete.executeUpdate() > 0;
    }

    /// True when the tables are there; false for an empty database; throws with reason FORMAT for
    /// any other.
    static boolean check(Connection connection, Path file) throws SQLException {
        var version = pragma(connection, "user_version");
        if (version == 0 && pragma(connection, "application_id") == 0 && isEmpty(connection)) {
            return false;
        }
        if (pragma(connection, "application_id") != APPLICATION_ID) {
            throw new CamspoolException(
                    Reason.FORMAT,
                    file + " is a database, but not a ledger; use another data folder");
        }
        if (version != VERSION) {
            throw new CamspoolException(
                    Reason.FORMAT,
                    "%s has schema version %d, this Camspool knows version %d; use a Camspool that knows %d"
                            .formatted(file, version, VERSION, version));
        }
        return true;
    }

    private static boolean isEmpty(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM sqlite_schema")) {
            return rows.next() && rows.getInt(1) == 0;
        }
    }

    private static int pragma(Connection connection, String name) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("PRAGMA " + name)) {
            return rows.next() ? rows.getInt(1) : 0;
        }
    }
}
