package io.camspool.internal.ledger;

import io.camspool.ItemId;
import io.camspool.internal.disk.Disk;
import io.camspool.internal.ledger.Ledger.Image;
import io.camspool.internal.ledger.Ledger.Opening;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A ledger that is checked or made, on the disk, and knows its box and sinks; no connection is
/// open.
///
/// @param captures the configured folder; where there is none, that of the open before
/// @param box the configured name; where there is none, that of the open before
/// @param isUnvouched whether no open has healed since it was made: nobody can say which files
///   belong to it
/// @param isCopy whether this open found the folder elsewhere than the one before, and gave it a
///   new spool id: what it accepts from now on must not collide with what its original accepts
/// @param sinks those that are configured and enabled
/// @param paused the numbers of those that are paused
record Prepared(
        Path captures,
        String box,
        String spoolId,
        boolean isUnvouched,
        boolean isCopy,
        List<ActiveSink> sinks,
        Set<Integer> paused) {

    static Prepared prepare(Path file, Opening opening, Disk disk)
            throws SQLException, IOException {
        refuseForeign(file, disk);
        try (var connection = Connections.writer(file, opening.durability())) {
            if (!Schema.check(connection, file)) {
                Schema.create(connection, opening.newSpoolId());
            }
            disk.forceFolder(opening.data());
            Checkpoint.runWhole(connection);
            try (var statement = connection.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");
                var prepared = register(connection, opening);
                opening.folderCheck()
                        .check(prepared.captures(), prepared.spoolId(), newestImage(connection));
                statement.execute("COMMIT");
                return prepared;
            }
        }
    }

    /// Before a setting changes anything in a file that is none of ours.
    private static void refuseForeign(Path file, Disk disk) throws SQLException {
        if (disk.exists(file)) {
            try (var connection = Connections.unchanged(file)) {
                Schema.check(connection, file);
            }
        }
    }

    private static Prepared register(Connection connection, Opening opening) throws SQLException {
        var capturesBefore = setting(connection, Schema.CAPTURES).map(Path::of);
        var captures =
                opening.captures().or(() -> capturesBefore).orElse(opening.defaultCaptures());
        if (!captures.equals(opening.defaultCaptures())) {
            set(connection, Schema.CAPTURES, captures.toString());
        } else {
            forget(connection, Schema.CAPTURES);
        }
        var boxBefore = setting(connection, Schema.BOX);
        var box = opening.box().or(() -> boxBefore).orElse(opening.defaultBox());
        set(connection, Schema.BOX, box);
        var placeBefore = setting(connection, Schema.WHEREABOUTS);
        var isCopy = placeBefore.isPresent() && !placeBefore.get().equals(opening.whereabouts());
        set(connection, Schema.WHEREABOUTS, opening.whereabouts());
        if (isCopy) {
            giveSpoolId(connection, opening.newSpoolId());
        }
        return new Prepared(
                captures,
                box,
                setting(connection, Schema.SPOOL_ID).orElseThrow(),
                setting(connection, Schema.UNVOUCHED).isPresent(),
                isCopy,
                SinkTable.register(connection, opening),
                SinkTable.paused(connection));
    }

    private static Optional<Image> newestImage(Connection connection) throws SQLException {
        try (var select = connection.prepareStatement(Reads.NEWEST_IMAGE);
                var rows = select.executeQuery()) {
            return rows.next()
                    ? Optional.of(new Image(new ItemId(rows.getString(1)), rows.getString(2)))
                    : Optional.empty();
        }
    }

    /// Items keep the spool id that they were accepted under: their keys stay as they are.
    private static void giveSpoolId(Connection connection, String id) throws SQLException {
        set(connection, Schema.SPOOL_ID, id);
        try (var add =
                connection.prepareStatement(
                        "INSERT OR REPLACE INTO spool_ids SELECT sum(accepted_items) + 1, ? FROM balance")) {
            add.setString(1, id);
            add.executeUpdate();
        }
    }

    private static void forget(Connection connection, String name) throws SQLException {
        try (var delete = connection.prepareStatement("DELETE FROM spool WHERE name = ?")) {
            delete.setString(1, name);
            delete.executeUpdate();
        }
    }

    private static void set(Connection connection, String name, String value) throws SQLException {
        try (var set = connection.prepareStatement("INSERT OR REPLACE INTO spool VALUES (?, ?)")) {
            set.setString(1, name);
            set.setString(2, value);
            set.executeUpdate();
        }
    }

    private static Optional<String> setting(Connection connection, String name)
            throws SQLException {
        try (var select = connection.prepareStatement("SELECT value FROM spool WHERE name = ?")) {
            select.setString(1, name);
            try (var rows = select.executeQuery()) {
                return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
            }
        }
    }
}
