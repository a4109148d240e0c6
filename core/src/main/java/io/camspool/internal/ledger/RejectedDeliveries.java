package io.camspool.internal.ledger;

import io.camspool.Balance.Amount;
import io.camspool.CamspoolException;
import io.camspool.ItemId;
import io.camspool.Page;
import io.camspool.Rejected;
import io.camspool.internal.ledger.Ledger.Loss;
import io.camspool.internal.ledger.PageStatement.Cursor;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Deliveries that were given up on: listed in the order of lease, made pending again, or dropped.
final class RejectedDeliveries {
    static final String PAGE =
            "SELECT "
                    + Rows.COLUMNS
                    + ", d.rank, d.reason, d.answer, d.refusals, d.due_at"
                    + " FROM deliveries d CROSS JOIN items i ON i.seq = d.seq"
                    + " WHERE d.sink = ? AND d.state = 1 AND (d.rank, d.seq) > (?, ?) ORDER BY d.rank, d.seq LIMIT ?";

    private static final String DROPPED = "dropped by the owner after it was rejected";

    private static final Cursor BEGIN = new Cursor(-1, 0);

    private record Row(Rejected rejected, Cursor place) {}

    private RejectedDeliveries() {}

    static Page<Rejected> page(Reads reads, int sink, int limit, Optional<String> cursor) {
        var after = cursor.map(Cursor::parse).orElse(BEGIN);
        var rows =
                reads.all(
                        PAGE,
                        row -> row(row, reads.archive()),
                        sink,
                        after.time(),
                        after.seq(),
                        limit + 1);
        var shown = rows.subList(0, Math.min(limit, rows.size()));
        return new Page<>(
                shown.stream().map(Row::rejected).toList(),
                rows.size() > limit ? Optional.of(shown.getLast().place.text()) : Optional.empty());
    }

    private static Row row(ResultSet row, Path archive) throws SQLException {
        return new Row(
                new Rejected(
                        Rows.item(row, archive),
                        Objects.requireNonNullElse(row.getString("reason"), ""),
                        Objects.requireNonNullElse(row.getString("answer"), ""),
                        row.getInt("refusals"),
                        Instant.ofEpochMilli(row.getLong("due_at"))),
                new Cursor(row.getInt("rank"), row.getLong("seq")));
    }

    /// Makes those of these items pending that the sink has rejected, as if it had never refused
    /// them; answers how many.
    static int retry(Round round, int sink, List<ItemId> items) throws SQLException {
        var update =
                round.prepare(
                        """
                        UPDATE deliveries INDEXED BY deliveries_by_item SET state = 0, refusals = 0, due_at = 0
                        WHERE seq = (SELECT seq FROM items WHERE id = ?) AND sink = ? AND state = 1 RETURNING bytes
                        """);
        var retried = 0;
        for (var id : items) {
            update.setString(1, id.value());
            update.setInt(2, sink);
            try (var rows = update.executeQuery()) {
                if (rows.next()) {
                    retried++;
                    round.countSink(sink, "rejected", -1, -rows.getLong(1));
                    round.countSink(sink, "backlog", 1, rows.getLong(1));
                }
            }
        }
        return retried;
    }

    /// Takes those deliveries off that the sink has rejected, when they are exactly so many.
    static Loss drop(
            Round round, Appends appends, int sink, List<ItemId> items, long expected, long now)
            throws SQLException {
        var select =
                round.prepare(
                        "SELECT seq, key, bytes, refusals FROM deliveries INDEXED BY deliveries_by_item"
                                + " WHERE seq = (SELECT seq FROM items WHERE id = ?) AND sink = ? AND state = 1");
        var delete =
                round.prepare(
                        "DELETE FROM deliveries INDEXED BY deliveries_by_item WHERE seq = ? AND sink = ? AND state = 1");
        var dropped = Amount.NONE;
        var found = new ArrayList<ItemId>();
        for (var id : items) {
            select.setString(1, id.value());
            select.setInt(2, sink);
            long seq;
            try (var rows = select.executeQuery()) {
                if (!rows.next()) {
                    continue;
                }
                seq = rows.getLong(1);
                DeliveryLog.write(
                        round,
                        sink,
                        seq,
                        new DeliveryLog.Entry(
                                rows.getString(2), DROPPED, rows.getInt(4), true, now));
                dropped = dropped.plus(new Amount(1, rows.getLong(3)));
                delete.setLong(1, seq);
                delete.setInt(2, sink);
            }
            delete.executeUpdate();
            found.add(id);
            AwaitingAlerts.lost(round, appends, sink, seq, now);
        }
        if (dropped.items() != expected) {
            throw CamspoolException.invalid(
                    "rejected items to drop",
                    expected,
                    dropped.items() + ", which are rejected now");
        }
        round.countSink(sink, "rejected", -dropped.items(), -dropped.bytes());
        round.countSink(sink, "dropped", dropped.items(), dropped.bytes());
        return new Loss(dropped, found);
    }
}
