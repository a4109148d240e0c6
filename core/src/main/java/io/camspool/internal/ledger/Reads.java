package io.camspool.internal.ledger;

import io.camspool.Balance;
import io.camspool.Balance.Amount;
import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.ItemId;
import io.camspool.ItemKind;
import io.camspool.Page;
import io.camspool.Query;
import io.camspool.Rejected;
import io.camspool.SinkStatus;
import io.camspool.Stored;
import io.camspool.StoredAlert;
import io.camspool.StoredCapture;
import io.camspool.StoredItem;
import io.camspool.Story;
import io.camspool.internal.ledger.PageStatement.Cursor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads committed rows, on connections of its own; every read is short. Thread-safe.
public final class Reads implements AutoCloseable {
    /// Items that one page looks at: some ten milliseconds.
    private static final int SCAN_BUDGET = 10_000;

    /// Postponed deliveries that are counted: some milliseconds.
    private static final int MOST_POSTPONED = 1_000;

    static final String FIND =
            "SELECT " + Rows.COLUMNS + " FROM items i WHERE i.id = ? AND i.state = 0";
    static final String ACCEPTED =
            "SELECT "
                    + Rows.COLUMNS
                    + ", i.accepted_at FROM items i WHERE i.id = ? AND i.state = 0";
    static final String NEWEST =
            "SELECT "
                    + Rows.COLUMNS
                    + " FROM items i INDEXED BY items_by_alert_camera"
                    + " WHERE i.alert_id = ? AND i.kind = 0 AND i.camera = ? AND i.state = 0"
                    + " ORDER BY i.time DESC, i.seq DESC LIMIT 1";
    static final String NEWEST_IMAGE =
            "SELECT id, path FROM items INDEXED BY items_by_time WHERE kind = 0 AND state = 0 ORDER BY time DESC, seq DESC LIMIT 1";
    static final String PATH = "SELECT path FROM items WHERE id = ? AND state = 0";
    static final String KNOWS_PATH = "SELECT 1 FROM items WHERE kind = 0 AND path = ?";
    static final String JSON = "SELECT json FROM items WHERE id = ? AND state = 0";
    static final String AFTER =
            "SELECT "
                    + Rows.COLUMNS
                    + " FROM items i WHERE i.seq > ? AND i.state = 0 ORDER BY i.seq LIMIT ?";

    /// What waits without a refusal was not sent for a reason of its own. Looks at
    /// [#MOST_POSTPONED] at most.
    static final String POSTPONED =
            """
            SELECT count(*), min(reason) FROM
              (SELECT refusals, reason FROM deliveries INDEXED BY deliveries_waiting
               WHERE sink = (SELECT number FROM sinks WHERE id = ?) AND state = 2 LIMIT ?)
            WHERE refusals = 0
            """;

    static final String REMOVING =
            "SELECT i.seq, i.id, i.kind, i.path, "
                    + Removals.PLACE_SHA256
                    + " FROM items i INDEXED BY items_removing WHERE i.state = 1 AND i.seq > ? ORDER BY i.seq LIMIT ?";

    private final ReadConnections connections;
    private final DueDeliveries due;
    private final Path archive;
    private final int scanBudget;

    /// @param archive the folder that paths of captures are below
    /// @param isFrozen whether nobody can write the ledger, so that it has no log
    Reads(Path file, Path archive, boolean isFrozen) {
        this(file, archive, isFrozen, SCAN_BUDGET);
    }

    Reads(Path file, Path archive, int scanBudget) {
        this(file, archive, false, scanBudget);
    }

    private Reads(Path file, Path archive, boolean isFrozen, int scanBudget) {
        this.connections = new ReadConnections(file, isFrozen);
        this.due = new DueDeliveries(connections, archive);
        this.archive = archive;
        this.scanBudget = scanBudget;
    }

    /// What may be sent to sinks.
    public DueDeliveries dueDeliveries() {
        return due;
    }

    /// The folder of the images.
    public Path archive() {
        return archive;
    }

    public Optional<StoredItem> find(ItemId id) {
        return first(FIND, row -> Rows.item(row, archive), id.value());
    }

    public Optional<StoredCapture> newest(String camera, String alertId) {
        return first(NEWEST, row -> Rows.capture(row, archive), alertId, camera);
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
        return first(PATH, row -> row.getString(1), id.value());
    }

    /// Whether a committed capture has this path.
    public boolean knowsPath(String path) {
        return first(KNOWS_PATH, row -> true, path).isPresent();
    }

    /// How many items were refused or failed, by reason.
    public Map<Reason, Long> turnedAway() {
        var counts = new EnumMap<Reason, Long>(Reason.class);
        all(
                        TurnedAwayCounts.SELECT,
                        row -> Map.entry(Reason.valueOf(row.getString(1)), row.getLong(2)))
                .forEach(count -> counts.put(count.getKey(), count.getValue()));
        return counts;
    }

    public Optional<byte[]> json(ItemId id) {
        return first(JSON, row -> row.getBytes(1), id.value());
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
        return all(AFTER, row -> Rows.item(row, archive), seq, limit);
    }

    /// The seq that the next item will get.
    public long nextSeq() {
        return first("SELECT sum(accepted_items) + 1 FROM balance", row -> row.getLong(1))
                .orElse(1L);
    }

    /// How many deliveries wait since their items can't be read, and why, in words; empty: none
    /// does.
    public Optional<String> postponed(String sink) {
        return first(
                        POSTPONED,
                        row ->
                                row.getInt(1) == 0
                                        ? ""
                                        : "%d can't be sent: %s"
                                                .formatted(row.getInt(1), row.getString(2)),
                        sink,
                        MOST_POSTPONED)
                .filter(text -> !text.isEmpty());
    }

    /// Items whose removal was decided and not finished, in order.
    ///
    /// @param after the last that is passed over; 0: none
    public List<Ledger.Remains> removing(long after, int limit) {
        return all(
                REMOVING,
                row ->
                        new Ledger.Remains(
                                row.getLong(1),
                                new ItemId(row.getString(2)),
                                Kinds.of(row.getInt(3)),
                                row.getString(4),
                                Removals.sha256(row.getBytes(5))),
                after,
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

    /// The kept figures of all sinks.
    public List<SinkStatus> sinks() {
        return all(
                """
                SELECT number, id, required, configured, enabled, paused, backlog_items, backlog_bytes, delivered_items,
                  delivered_bytes, rejected_items, rejected_bytes, dropped_items, dropped_bytes, CASE WHEN backlog_items > 0 THEN
                """
                        + SinkTable.OLDEST
                        + " END, nullif(next_probe_at, 0) FROM sinks s WHERE forgotten = 0 ORDER BY number",
                row ->
                        new SinkStatus(
                                row.getString(2),
                                row.getBoolean(3),
                                row.getBoolean(4),
                                row.getBoolean(5),
                                row.getBoolean(6),
                                amount(row, 7),
                                amount(row, 9),
                                amount(row, 11),
                                amount(row, 13),
                                millis(row, 15),
                                Optional.empty(),
                                millis(row, 16),
                                Optional.empty()));
    }

    /// Whether [Ledger#forgetStep] has something to do.
    public boolean isForgetting() {
        return first(SinkTable.FORGOTTEN, row -> true).isPresent();
    }

    /// What a sink has rejected, in the order of lease.
    public Page<Rejected> rejected(String sink, int limit, Optional<String> cursor) {
        return RejectedDeliveries.page(this, numberOf(sink), limit, cursor);
    }

    /// What became of an item at each sink.
    public Optional<Story> story(ItemId id) {
        return first(
                        ACCEPTED,
                        row ->
                                new Story(
                                        Rows.item(row, archive),
                                        Instant.ofEpochMilli(row.getLong("accepted_at")),
                                        List.of()),
                        id.value())
                .map(
                        story ->
                                new Story(
                                        story.item(),
                                        story.acceptedAt(),
                                        all(
                                                DeliveryLog.STORY,
                                                row -> DeliveryLog.atSink(row, story.item()),
                                                story.item().seq())));
    }

    /// A setting of the spool: `spool-id`, `box`.
    public Optional<String> setting(String name) {
        return first("SELECT value FROM spool WHERE name = ?", row -> row.getString(1), name);
    }

    /// Kept counters that differ from what is counted, in words; looks at every row.
    public List<String> imbalances() {
        return connections.with(
                connection -> {
                    var found = new ArrayList<String>();
                    try (var statement = connection.createStatement()) {
                        // One transaction: the figures must be of one moment, also beside a running
                        // owner.
                        statement.execute("BEGIN");
                        try {
                            found.addAll(Imbalances.find(connection));
                        } finally {
                            statement.execute("COMMIT");
                        }
                    }
                    return found;
                });
    }

    private <T> Page<T> page(ItemKind kind, Query query, RowReader<T> reader) {
        var sink = query.delivery().map(wanted -> numberOf(wanted.sink()));
        var statement = PageStatement.of(kind, query, sink, scanBudget + 1);
        return connections.with(
                connection -> {
                    try (var prepared =
                                    ReadConnections.prepare(
                                            connection, statement.sql(), statement.values());
                            var rows = prepared.executeQuery()) {
                        return page(rows, query.limit(), reader);
                    }
                });
    }

    /// Walks until a page is full or the budget is used up, and one row further to see whether
    /// there is more.
    private <T> Page<T> page(ResultSet rows, int limit, RowReader<T> reader) throws SQLException {
        var items = new ArrayList<T>();
        var next = new Cursor(0, 0);
        for (var looked = 0; rows.next(); looked++) {
            var matches = rows.getBoolean("matches");
            if (looked == scanBudget || (matches && items.size() == limit)) {
                return new Page<>(items, Optional.of(next.text()));
            }
            if (matches) {
                items.add(reader.read(rows));
            }
            next = new Cursor(rows.getLong("time"), rows.getLong("seq"));
        }
        return new Page<>(items, Optional.empty());
    }

    int numberOf(String sink) {
        return first(
                        "SELECT number FROM sinks WHERE id = ? AND forgotten = 0",
                        row -> row.getInt(1),
                        sink)
                .orElseThrow(
                        () ->
                                CamspoolException.invalid(
                                        "sink", sink, "one that was configured here"));
    }

    private static Optional<Instant> millis(ResultSet row, int column) throws SQLException {
        var millis = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    private static Amount amount(ResultSet row, int column) throws SQLException {
        return new Amount(row.getLong(column), row.getLong(column + 1));
    }

    <T> Optional<T> first(String sql, RowReader<T> reader, Object... values) {
        return connections.first(sql, reader, values);
    }

    <T> List<T> all(String sql, RowReader<T> reader, Object... values) {
        return connections.all(sql, reader, values);
    }

    /// As [ReadConnections#pause].
    void pause(Duration limit, ReadConnections.Step step) throws SQLException {
        connections.pause(limit, step);
    }

    @Override
    public void close() {
        connections.close();
    }
}
