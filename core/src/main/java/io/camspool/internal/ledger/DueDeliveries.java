package io.camspool.internal.ledger;

import io.camspool.ItemKind;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;

/// Reads what may be sent to a sink, and when. What each costs depends on what it hands over, not
/// on the backlog. Thread-safe.
public final class DueDeliveries {
    /// From the deliveries to their items, whatever SQLite thinks of their numbers.
    private static final String DUE_ROWS =
            "SELECT "
                    + Rows.COLUMNS
                    + ", i.captures, d.key, d.refusals, d.absent, i.box || '~' || "
                    + Rows.KEY_SPOOL_ID
                    + " AS source, d.public_url FROM deliveries d CROSS JOIN items i ON i.seq = d.seq";

    static final String DUE =
            DUE_ROWS
                    + " WHERE d.sink = ? AND d.state = 0 AND i.state = 0 ORDER BY d.rank, d.seq LIMIT ?";
    static final String DUE_ONE =
            DUE_ROWS
                    + " WHERE d.seq = ? AND d.sink = ? AND d.state = 0 AND d.batch IS NULL AND i.state = 0";
    static final String MEMBERS =
            DUE_ROWS
                    + " WHERE d.batch = ? AND d.sink = ? AND d.state = 0 AND i.state = 0 ORDER BY d.seq";
    static final String SEALED =
            "SELECT number, kind, id, key FROM batches WHERE sink = ? ORDER BY number";

    /// Of one rank, without a limit: read as far as needed.
    private static final String DUE_OF_RANK =
            DUE_ROWS
                    + " WHERE d.sink = ? AND d.state = 0 AND d.rank = ? AND d.seq >= ? AND d.seq < ?"
                    + " AND d.batch IS NULL AND i.state = 0 ORDER BY d.seq";

    static final String DUE_OLDEST_FIRST = DUE_OF_RANK;
    static final String DUE_NEWEST_FIRST = DUE_OF_RANK + " DESC";

    static final String RIPE =
            """
            SELECT EXISTS (SELECT 1 FROM deliveries INDEXED BY deliveries_waiting
                           WHERE sink = ?1 AND state = 2 AND due_at <= ?2)
              OR EXISTS (SELECT 1 FROM deliveries INDEXED BY deliveries_waiting
                         WHERE sink = ?1 AND state = 2 AND due_at > ?3)
              OR EXISTS (SELECT 1 FROM deliveries INDEXED BY deliveries_awaiting
                         WHERE sink = ?1 AND state = 3 AND due_at <= ?2)
              OR EXISTS (SELECT 1 FROM deliveries INDEXED BY deliveries_awaiting
                         WHERE sink = ?1 AND state = 3
                           AND due_at > ?2 + (SELECT iif(after_sink IS NULL, 0, after_limit + %d)
                                              FROM sinks WHERE number = ?1))
            """
                    .formatted(AwaitingAlerts.SMALL_STEP_BACK);

    private static final Comparator<DueDelivery> BY_SEQ =
            Comparator.comparingLong(delivery -> delivery.item().seq());

    private final ReadConnections connections;
    private final Path archive;

    /// @param archive the folder that paths of captures are below
    DueDeliveries(ReadConnections connections, Path archive) {
        this.connections = connections;
        this.archive = archive;
    }

    /// What may be sent to a sink now, in the order of lease.
    public List<DueDelivery> inOrder(ActiveSink sink, int limit) {
        return connections.all(DUE, this::dueDelivery, sink.number(), limit);
    }

    /// What may be sent to a sink now of one kind and a range of seqs, by rank. What is not free is
    /// read past, and costs no more than its own number; so are members of sealed batches.
    public List<DueDelivery> ofKind(
            ActiveSink sink,
            ItemKind kind,
            long fromSeq,
            long toSeq,
            boolean isNewestFirst,
            LongPredicate isFree,
            int limit) {
        var sql = isNewestFirst ? DUE_NEWEST_FIRST : DUE_OLDEST_FIRST;
        return connections.with(
                connection -> {
                    var found = new ArrayList<DueDelivery>();
                    try (var statement = connection.prepareStatement(sql)) {
                        var first = Appends.rank(kind, Appends.HIGHEST_PRIORITY);
                        for (var rank = first;
                                rank <= first + Appends.HIGHEST_PRIORITY && found.size() < limit;
                                rank++) {
                            bind(statement, sink, rank, fromSeq, toSeq);
                            addFree(statement, isFree, limit, found);
                        }
                    }
                    return found;
                });
    }

    /// The oldest of these kinds that may be sent to a sink now.
    public Optional<DueDelivery> oldest(
            ActiveSink sink, List<ItemKind> kinds, LongPredicate isFree) {
        return firstsDue(sink, kinds, isFree, DUE_OLDEST_FIRST).stream().min(BY_SEQ);
    }

    /// The newest of these kinds that may be sent to a sink now.
    public Optional<DueDelivery> newest(
            ActiveSink sink, List<ItemKind> kinds, LongPredicate isFree) {
        return firstsDue(sink, kinds, isFree, DUE_NEWEST_FIRST).stream().max(BY_SEQ);
    }

    /// The first of each rank.
    private List<DueDelivery> firstsDue(
            ActiveSink sink, List<ItemKind> kinds, LongPredicate isFree, String sql) {
        return connections.with(
                connection -> {
                    var firsts = new ArrayList<DueDelivery>();
                    try (var statement = connection.prepareStatement(sql)) {
                        for (var kind : kinds) {
                            for (var i = 0; i <= Appends.HIGHEST_PRIORITY; i++) {
                                bind(statement, sink, Appends.rank(kind, i), 0, Long.MAX_VALUE);
                                addFree(statement, isFree, firsts.size() + 1, firsts);
                            }
                        }
                    }
                    return firsts;
                });
    }

    private static void bind(
            PreparedStatement statement, ActiveSink sink, int rank, long fromSeq, long toSeq)
            throws SQLException {
        statement.setInt(1, sink.number());
        statement.setInt(2, rank);
        statement.setLong(3, fromSeq);
        statement.setLong(4, toSeq);
    }

    private void addFree(
            PreparedStatement statement, LongPredicate isFree, int limit, List<DueDelivery> found)
            throws SQLException {
        try (var rows = statement.executeQuery()) {
            while (found.size() < limit && rows.next()) {
                if (isFree.test(rows.getLong("seq"))) {
                    found.add(dueDelivery(rows));
                }
            }
        }
    }

    /// One delivery, where it may be sent now.
    public Optional<DueDelivery> one(ActiveSink sink, long seq) {
        return connections.first(DUE_ONE, this::dueDelivery, seq, sink.number());
    }

    /// The sealed batches of a sink that are not answered for, oldest first.
    public List<SealedBatch> sealed(ActiveSink sink) {
        return connections.all(
                SEALED,
                row ->
                        new SealedBatch(
                                row.getLong(1),
                                Kinds.of(row.getInt(2)),
                                row.getString(3),
                                row.getString(4)),
                sink.number());
    }

    /// The members of a sealed batch, in their order.
    public List<DueDelivery> members(ActiveSink sink, SealedBatch batch) {
        return connections.all(MEMBERS, this::dueDelivery, batch.number(), sink.number());
    }

    private DueDelivery dueDelivery(ResultSet row) throws SQLException {
        return new DueDelivery(
                Rows.item(row, archive),
                row.getString("path"),
                row.getString("key"),
                row.getString("source"),
                row.getInt("refusals"),
                Rows.captures(
                        row.getString("captures"),
                        row.getString("source"),
                        row.getString("public_url"),
                        row.getString("absent")),
                row.getString("absent") != null);
    }

    /// When a sink that was at fault is to be probed, in milliseconds since 1970; 0: it was well.
    public long nextProbeAt(ActiveSink sink) {
        return connections
                .first(
                        "SELECT next_probe_at FROM sinks WHERE number = ?",
                        row -> row.getLong(1),
                        sink.number())
                .orElse(0L);
    }

    /// Whether [Ledger#ripen] has something to do.
    public boolean isRipe(ActiveSink sink, long now, Duration longestWait) {
        return connections
                .first(
                        RIPE,
                        row -> row.getBoolean(1),
                        sink.number(),
                        now,
                        now + longestWait.toMillis())
                .orElseThrow();
    }
}
