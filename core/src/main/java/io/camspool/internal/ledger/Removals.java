package io.camspool.internal.ledger;

import io.camspool.ItemId;
import io.camspool.Removal;
import io.camspool.Undelivered;
import io.camspool.internal.ledger.Ledger.MarkedRemoval;
import io.camspool.internal.ledger.Ledger.Remains;
import java.sql.SQLException;
import java.util.Optional;

/// Removes one item in two commits, with the file's removal between them: [#mark] moves the balance
/// and makes the item invisible; [#finish] deletes the row. An open in between finishes what is
/// marked.
final class Removals {
    private Removals() {}

    static MarkedRemoval mark(Round round, ItemId id, Undelivered policy, String reason, long now)
            throws SQLException {
        var select =
                round.prepare(
                        "SELECT seq, kind, path, bytes, delivered_before FROM items WHERE id = ? AND state = 0");
        select.setString(1, id.value());
        Remains item;
        long bytes;
        boolean deliveredBefore;
        try (var rows = select.executeQuery()) {
            if (!rows.next()) {
                return not(Removal.NOT_FOUND);
            }
            var kind = Kinds.of(rows.getInt(2));
            item = new Remains(rows.getLong(1), id, kind, rows.getString(3));
            bytes = rows.getLong(4);
            deliveredBefore = rows.getBoolean(5);
        }
        var delivered = deliveredBefore || (hasRequiredSink(round) && !isOwed(round, item.seq()));
        if (!delivered && policy == Undelivered.KEEP) {
            return not(Removal.KEPT_UNDELIVERED);
        }
        forgetDeliveries(round, item.seq());
        PastIds.keep(round, item.seq(), now);
        for (var sink : round.sinks()) {
            if (round.cursor(sink) <= item.seq()) {
                round.countSink(sink, "backlog", -1, -bytes);
            }
        }
        setRemoving(round, item.seq());
        round.count(item.kind(), "held", -1, -bytes);
        round.count(item.kind(), delivered ? "removed" : "dropped", 1, bytes);
        if (!delivered) {
            recordDrop(round, item.seq(), reason, now);
        }
        return new MarkedRemoval(delivered ? Removal.REMOVED : Removal.DROPPED, Optional.of(item));
    }

    private static MarkedRemoval not(Removal removal) {
        return new MarkedRemoval(removal, Optional.empty());
    }

    static boolean finish(Round round, long seq) throws SQLException {
        var delete = round.prepare("DELETE FROM items WHERE seq = ? AND state = 1");
        delete.setLong(1, seq);
        return delete.executeUpdate() > 0;
    }

    private static boolean hasRequiredSink(Round round) throws SQLException {
        var select = round.prepare("SELECT EXISTS (SELECT 1 FROM sinks WHERE required = 1)");
        try (var rows = select.executeQuery()) {
            return rows.next() && rows.getBoolean(1);
        }
    }

    /// Whether a required sink has not confirmed it, or has not even been told.
    private static boolean isOwed(Round round, long seq) throws SQLException {
        var select =
                round.prepare(
                        """
                        SELECT EXISTS (SELECT 1 FROM sinks WHERE required = 1 AND next_seq <= ?1)
                          OR EXISTS (SELECT 1 FROM deliveries d JOIN sinks s ON s.number = d.sink
                                     WHERE d.seq = ?1 AND s.required = 1)
                        """);
        select.setLong(1, seq);
        try (var rows = select.executeQuery()) {
            return !rows.next() || rows.getBoolean(1);
        }
    }

    private static void forgetDeliveries(Round round, long seq) throws SQLException {
        var select = round.prepare("SELECT sink, state, bytes FROM deliveries WHERE seq = ?");
        select.setLong(1, seq);
        try (var rows = select.executeQuery()) {
            while (rows.next()) {
                var column = rows.getInt(2) == Answers.REJECTED ? "rejected" : "backlog";
                round.countSink(rows.getInt(1), column, -1, -rows.getLong(3));
            }
        }
        var delete = round.prepare("DELETE FROM deliveries WHERE seq = ?");
        delete.setLong(1, seq);
        delete.executeUpdate();
    }

    private static void setRemoving(Round round, long seq) throws SQLException {
        var update = round.prepare("UPDATE items SET state = 1 WHERE seq = ?");
        update.setLong(1, seq);
        update.executeUpdate();
    }

    private static void recordDrop(Round round, long seq, String reason, long now)
            throws SQLException {
        var insert =
                round.prepare(
                        """
                        INSERT INTO drops (seq, id, kind, camera, alert_id, time, bytes, reason, at)
                        SELECT seq, id, kind, camera, alert_id, time, bytes, ?, ? FROM items WHERE seq = ?
                        """);
        insert.setString(1, reason);
        insert.setLong(2, now);
        insert.setLong(3, seq);
        insert.executeUpdate();
    }
}
