package io.camspool.internal.ledger;

import io.camspool.Balance;
import io.camspool.Balance.Amount;
import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.ItemId;
import io.camspool.ItemKind;
import io.camspool.Page;
import io.camspool.Query;
import io.camspool.SinkStatus;
import io.camspool.Stored;
import io.camspool.StoredAlert;
import io.camspool.StoredCapture;
import io.camspool.StoredItem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/// Reads committed rows, on connections of its own; every read is short. Thread-safe.
public final class Reads implements AutoCloseable {
    /// Reads at a time; each connection has a page cache of some megabytes outside the heap.
    private static final int MAX_CONNECTIONS = 4;

    private final Path file;
    private final Path archive;
    private final Semaphore free = new Semaphore(MAX_CONNECTIONS, true);
    private volatile boolean closed;
    private final ConcurrentLinkedQueue<Connection> idle = new ConcurrentLinkedQueue<>();

    /// @param archive the folder that paths of captures are below
    Reads(Path file, Path archive) {
        this.file = file;
        this.archive = archive;
    }

    private interface Read<T> {
        T from(Connection connection) throws SQLException;
    }

    private interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    public Optional<StoredItem> find(ItemId id) {
        return first(
                "SELECT " + Rows.COLUMNS + " FROM items i WHERE i.id = ? AND i.state = 0",
                row -> Rows.item(row, archive),
                id.value());
    }

    public Optional<StoredCapture> newest(String camera, String alertId) {
        return first(
                "SELECT "
                        + Rows.COLUMNS
                        + " FROM items i WHERE i.alert_id = ? AND i.kind = 0 AND i.camera = ? AND i.state = 0"
                        + " ORDER BY i.time DESC, i.seq DESC LIMIT 1",
                row -> Rows.capture(row, archive),
                alertId,
                camera);
    }

    /// What is held under an id, or was until a while ago where the caller gave the id.
    public Optional<KnownItem> known(ItemId id) {
        return first(
                """
                SELECT seq, bytes, sha256, input_sha256, path, change FROM items WHERE id = ?1
                UNION ALL SELECT seq, bytes, sha256, input_sha256, path, change FROM past_ids WHERE id = ?1
                LIMIT 1
                """,
                row ->
                        new KnownItem(
                                new Stored(
                                        id,
                                        row.getLong(1),
                                        row.getLong(2),
                                        HexFormat.of().formatHex(row.getBytes(3)),
                                        Optional.ofNullable(row.getString(6))),
                                row.getString(5),
                                row.getBytes(4)),
                id.value());
    }

    /// Where a capture stands, below the archive.
    public Optional<String> path(ItemId id) {
        return first(
                "SELECT path FROM items WHERE id = ? AND state = 0",
                row -> row.getString(1),
                id.value());
    }

    /// Whether a committed row has this path.
    public boolean knowsPath(String path) {
        return first("SELECT 1 FROM items WHERE path = ?", row -> true, path).isPresent();
    }

    public Optional<byte[]> json(ItemId id) {
        return first(
                "SELECT json FROM items WHERE id = ? AND state = 0",
                row -> row.getBytes(1),
                id.value());
    }

    /// The JSON of an alert as it was accepted. What hinders the ledger is an [IOException] here,
    /// as it would be for an image.
    public InputStream openJson(ItemId id) throws IOException {
        try {
            return new ByteArrayInputStream(
                    json(id).orElseThrow(() -> new NoSuchFileException("alert " + id)));
        } catch (CamspoolException e) {
            throw new IOException(CamspoolException.causeInWords(e), e);
        }
    }

    public Page<StoredCapture> captures(Query query) {
        return page(ItemKind.CAPTURE, query, row -> Rows.capture(row, archive));
    }

    public Page<StoredAlert> alerts(Query query) {
        return page(ItemKind.ALERT, query, Rows::alert);
    }

    /// Items held after this seq, in order.
    public List<StoredItem> after(long seq, int limit) {
        return all(
                "SELECT "
                        + Rows.COLUMNS
                        + " FROM items i WHERE i.seq > ? AND i.state = 0 ORDER BY i.seq LIMIT ?",
                row -> Rows.item(row, archive),
                seq,
                limit);
    }

    /// What may be sent to a sink now, in the order of lease. What is due later than the longest
    /// wait from now was put off before the clock was set back: it is due.
    public List<DueDelivery> due(ActiveSink sink, long now, Duration longestWait, int limit) {
        return all(
                "SELECT "
                        + Rows.COLUMNS
                        + ", d.key, d.refusals, i.box || '~' || substr((SELECT value FROM spool WHERE name = 'spool-id'), 1, "
                        + Ledger.KEY_SPOOL_ID
                        + ") AS source FROM deliveries d JOIN items i ON i.seq = d.seq"
                        + " WHERE d.sink = ? AND d.state = 0 AND (d.due_at <= ? OR d.due_at > ?) AND i.state = 0"
                        + " ORDER BY d.rank, d.seq LIMIT ?",
                row ->
                        new DueDelivery(
                                Rows.item(row, archive),
                                row.getString("path"),
                                row.getString("key"),
                                row.getString("source"),
                                row.getInt("refusals")),
                sink.number(),
                now,
                now + longestWait.toMillis(),
                limit);
    }

    /// The oldest items whose removal was decided and not finished.
    public List<Ledger.Remains> removing(int limit) {
        return all(
                "SELECT seq, id, kind, path FROM items WHERE state = 1 ORDER BY seq LIMIT ?",
                row ->
                        new Ledger.Remains(
                                row.getLong(1),
                                new ItemId(row.getString(2)),
                                Kinds.of(row.getInt(3)),
                                row.getString(4)),
                limit);
    }

    /// The kept balance of a kind.
    public Balance balance(ItemKind kind) {
        return first(
                        "SELECT accepted_items, accepted_bytes, held_items, held_bytes, removed_items, removed_bytes,"
                                + " dropped_items, dropped_bytes FROM balance WHERE kind = ?",
                        row ->
                                new Balance(
                                        amount(row, 1),
                                        amount(row, 3),
                                        amount(row, 5),
                                        amount(row, 7)),
                        Kinds.number(kind))
                .orElse(new Balance(Amount.NONE, Amount.NONE, Amount.NONE, Amount.NONE));
    }

    /// The kept figures of all sinks; items that a lagging sink has no delivery for yet count as
    /// its backlog.
    public List<SinkStatus> sinks() {
        return all(
                """
                SELECT id, required, backlog_items + max(0, (SELECT sum(accepted_items) FROM balance) + 1 - next_seq),
                  backlog_bytes, delivered_items, delivered_bytes, rejected_items, rejected_bytes
                FROM sinks ORDER BY number
                """,
                row ->
                        new SinkStatus(
                                row.getString(1),
                                row.getBoolean(2),
                                amount(row, 3),
                                amount(row, 5),
                                amount(row, 7),
                                Optional.empty()));
    }

    /// A setting of the spool: `spool-id`, `box`.
    public Optional<String> setting(String name) {
        return first("SELECT value FROM spool WHERE name = ?", row -> row.getString(1), name);
    }

    /// Kept counters that differ from what is counted, in words; looks at every row.
    public List<String> imbalances() {
        return with(
                connection -> {
                    var found = new ArrayList<String>();
                    try (var statement = connection.createStatement()) {
                        // One transaction: the figures must be of one moment, also beside a running
                        // owner.
                        statement.execute("BEGIN");
                        try {
                            found.addAll(imbalances(connection));
                        } finally {
                            statement.execute("COMMIT");
                        }
                    }
                    return found;
                });
    }

    private static List<String> imbalances(Connection connection) throws SQLException {
        var found = new ArrayList<String>();
        for (var check :
                List.of(
                        """
                        SELECT CASE kind WHEN 0 THEN 'captures' ELSE 'alerts' END || ': accepted ' || accepted_items ||
                          ' is not held + removed + dropped' FROM balance
                        WHERE accepted_items <> held_items + removed_items + dropped_items
                          OR accepted_bytes <> held_bytes + removed_bytes + dropped_bytes
                        """,
                        """
                        SELECT CASE b.kind WHEN 0 THEN 'captures' ELSE 'alerts' END || ': ' || b.held_items || ' items, ' ||
                          b.held_bytes || ' bytes held by the counter, ' || count(i.seq) || ' items, ' ||
                          ifnull(sum(i.bytes), 0) || ' bytes in the ledger'
                        FROM balance b LEFT JOIN items i ON i.kind = b.kind AND i.state = 0 GROUP BY b.kind
                        HAVING b.held_items <> count(i.seq) OR b.held_bytes <> ifnull(sum(i.bytes), 0)
                        """,
                        """
                        SELECT 'sink ' || s.id || ': ' || s.backlog_items || ' waiting and ' || s.rejected_items ||
                          ' rejected by the counter, ' || ifnull(sum(d.state = 0), 0) || ' and ' ||
                          ifnull(sum(d.state = 1), 0) || ' in the ledger'
                        FROM sinks s LEFT JOIN deliveries d ON d.sink = s.number GROUP BY s.number
                        HAVING s.backlog_items <> ifnull(sum(d.state = 0), 0)
                          OR s.rejected_items <> ifnull(sum(d.state = 1), 0)
                        """,
                        """
                        SELECT 'drops: ' || (SELECT count(*) FROM drops) || ' recorded, ' || sum(dropped_items) || ' counted'
                        FROM balance HAVING sum(dropped_items) <> (SELECT count(*) FROM drops)
                        """)) {
            try (var statement = connection.createStatement();
                    var rows = statement.executeQuery(check)) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
        }
        return found;
    }

    private <T> Page<T> page(ItemKind kind, Query query, RowReader<T> reader) {
        var where = new StringBuilder(" WHERE i.kind = ? AND i.state = 0");
        var values = new ArrayList<Object>(List.of(Kinds.number(kind)));
        query.camera().ifPresent(camera -> add(where, values, " AND i.camera = ?", camera));
        query.alertId().ifPresent(alert -> add(where, values, " AND i.alert_id = ?", alert));
        query.from().ifPresent(from -> add(where, values, " AND i.time >= ?", from.toEpochMilli()));
        query.to().ifPresent(to -> add(where, values, " AND i.time < ?", to.toEpochMilli()));
        query.cursor()
                .map(Cursor::parse)
                .ifPresent(
                        cursor -> {
                            add(where, values, " AND (i.time, i.seq) < (?, ?)", cursor.time());
                            values.add(cursor.seq());
                        });
        values.add(query.limit() + 1);
        var found =
                all(
                        "SELECT "
                                + Rows.COLUMNS
                                + " FROM items i"
                                + where
                                + " ORDER BY i.time DESC, i.seq DESC LIMIT ?",
                        row ->
                                new Placed<>(
                                        reader.read(row),
                                        new Cursor(row.getLong("time"), row.getLong("seq"))),
                        values.toArray());
        var items = found.stream().limit(query.limit()).map(Placed::item).toList();
        var more = found.size() > query.limit();
        return new Page<>(
                items,
                more
                        ? Optional.of(found.get(query.limit() - 1).cursor().text())
                        : Optional.empty());
    }

    private static void add(
            StringBuilder where, List<Object> values, String condition, Object value) {
        where.append(condition);
        values.add(value);
    }

    private record Placed<T>(T item, Cursor cursor) {}

    /// The place of an item in a listing.
    private record Cursor(long time, long seq) {
        static Cursor parse(String text) {
            var parts = text.split("-", -1);
            try {
                if (parts.length == 2) {
                    return new Cursor(Long.parseLong(parts[0], 36), Long.parseLong(parts[1], 36));
                }
            } catch (NumberFormatException _) {
                // refused below
            }
            throw CamspoolException.invalid("cursor", text, "the cursor that a page gave");
        }

        String text() {
            return Long.toString(time, 36) + "-" + Long.toString(seq, 36);
        }
    }

    private static Amount amount(ResultSet row, int column) throws SQLException {
        return new Amount(row.getLong(column), row.getLong(column + 1));
    }

    private <T> Optional<T> first(String sql, RowReader<T> reader, Object... values) {
        return all(sql, reader, values).stream().findFirst();
    }

    private <T> List<T> all(String sql, RowReader<T> reader, Object... values) {
        return with(
                connection -> {
                    try (var statement = connection.prepareStatement(sql)) {
                        for (var i = 0; i < values.length; i++) {
                            statement.setObject(i + 1, values[i]);
                        }
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

    private <T> T with(Read<T> read) {
        free.acquireUninterruptibly();
        try {
            if (closed) {
                throw new CamspoolException(
                        Reason.CLOSED, "the spool is closed; open it again to read");
            }
            var idleOne = idle.poll();
            var connection = idleOne != null ? idleOne : Connections.reader(file);
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

    @Override
    public void close() {
        free.acquireUninterruptibly(MAX_CONNECTIONS);
        closed = true;
        try {
            for (var connection = idle.poll(); connection != null; connection = idle.poll()) {
                connection.close();
            }
        } catch (SQLException e) {
            throw CamspoolException.storage("close", file, e, "nothing is lost by it");
        } finally {
            free.release(MAX_CONNECTIONS);
        }
    }
}
