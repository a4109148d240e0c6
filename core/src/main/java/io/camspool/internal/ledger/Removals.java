package io.camspool.internal.ledger;

import io.camspool.ItemId;
import io.camspool.Removal;
import io.camspool.Undelivered;
import io.camspool.internal.ledger.Ledger.MarkedRemoval;
import io.camspool.internal.ledger.Ledger.Remains;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Removes items in two commits, with the removal of their files between them: [#mark] moves the
/// balance and makes the items invisible; [#finish] deletes the rows. An open in between finishes
/// what is marked.
///
/// A member of a sealed batch stays: it may be sent again at any time, also by the next run.
final class Removals {
    /// Whether an item of the table `i` was delivered before it came here, or every required sink
    /// that takes its kind has confirmed it: there are some that it was made for, configured and
    /// enabled, and none owes a confirmation or has not even been told. One that is not configured
    /// or disabled is none that could have confirmed it, but goes on keeping what it has not.
    static final String DELIVERED =
            """
            (i.delivered_before = 1
             OR (EXISTS (SELECT 1 FROM sinks s WHERE s.required = 1 AND s.configured = 1 AND s.enabled = 1 AND %1$s)
                 AND NOT EXISTS (SELECT 1 FROM sinks s WHERE s.required = 1 AND s.next_seq <= i.seq AND %1$s)
                 AND NOT EXISTS (SELECT 1 FROM deliveries d JOIN sinks s ON s.number = d.sink
                                 WHERE d.seq = i.seq AND s.required = 1)))
            """
                    .formatted(SinkTable.MEANT);

    /// What tells the file of an item of the table `i` from another at its path: its hash, or null
    /// where the spool gave the id, which no other path has.
    static final String PLACE_SHA256 = "CASE WHEN i.caller_id = 1 THEN i.sha256 END";

    private Removals() {}

    static Optional<String> sha256(byte @Nullable [] hash) {
        return Optional.ofNullable(hash).map(HexFormat.of()::formatHex);
    }

    static List<MarkedRemoval> mark(Round round, Appends appends, RemovalOrder order)
            throws SQLException {
        var drops = new Drops(order);
        var marked = new ArrayList<MarkedRemoval>(order.ids().size());
        for (var id : order.ids()) {
            marked.add(mark(round, appends, id, order, drops));
        }
        drops.tell(round, appends);
        return marked;
    }

    private static MarkedRemoval mark(
            Round round, Appends appends, ItemId id, RemovalOrder order, Drops drops)
            throws SQLException {
        var select =
                round.prepare(
                        "SELECT i.seq, i.kind, i.path, i.bytes, "
                                + DELIVERED
                                + ", "
                                + PLACE_SHA256
                                + ", "
                                + Batches.SEALED
                                + " FROM items i WHERE i.id = ? AND i.state = 0");
        select.setString(1, id.value());
        Remains item;
        long bytes;
        boolean delivered;
        boolean sealed;
        try (var rows = select.executeQuery()) {
            if (!rows.next()) {
                return not(Removal.NOT_FOUND);
            }
            var kind = Kinds.of(rows.getInt(2));
            item =
                    new Remains(
                            rows.getLong(1), id, kind, rows.getString(3), sha256(rows.getBytes(6)));
            bytes = rows.getLong(4);
            delivered = order.localOnly() || rows.getBoolean(5);
            sealed = rows.getBoolean(7);
        }
        if (sealed) {
            return not(Removal.KEPT_LEASED);
        }
        if (!delivered && order.policy() == Undelivered.KEEP) {
            return not(Removal.KEPT_UNDELIVERED);
        }
        var unsent = forgetDeliveries(round, item.seq());
        PastIds.keep(round, item.seq(), order.at());
        for (var sink : round.sinks()) {
            if (round.isMeant(sink, item.kind(), item.seq()) && round.cursor(sink) <= item.seq()) {
                round.countSink(sink, "backlog", -1, -bytes);
                unsent.add(sink);
            }
        }
        for (var sink : unsent) {
            AwaitingAlerts.lost(round, appends, sink, item.seq(), order.at());
        }
        setRemoving(round, item.seq());
        round.count(item.kind(), "held", -1, -bytes);
        round.count(item.kind(), delivered ? "removed" : "dropped", 1, bytes);
        if (!delivered) {
            drops.record(round, item.seq());
        }
        return new MarkedRemoval(delivered ? Removal.REMOVED : Removal.DROPPED, Optional.of(item));
    }

    private static MarkedRemoval not(Removal removal) {
        return new MarkedRemoval(removal, Optional.empty());
    }

    static int finish(Round round, List<Long> seqs) throws SQLException {
        var delete = round.prepare("DELETE FROM items WHERE seq = ? AND state = 1");
        var deleted = 0;
        for (var seq : seqs) {
            AwaitingAlerts.forget(round, seq);
            delete.setLong(1, seq);
            deleted += delete.executeUpdate();
        }
        return deleted;
    }

    /// Answers the sinks that had some.
    private static List<Integer> forgetDeliveries(Round round, long seq) throws SQLException {
        var sinks = new ArrayList<Integer>();
        var select = round.prepare("SELECT sink, state, bytes FROM deliveries WHERE seq = ?");
        select.setLong(1, seq);
        try (var rows = select.executeQuery()) {
            while (rows.next()) {
                sinks.add(rows.getInt(1));
                var column = rows.getInt(2) == Answers.REJECTED ? "rejected" : "backlog";
                round.countSink(rows.getInt(1), column, -1, -rows.getLong(3));
            }
        }
        var delete = round.prepare("DELETE FROM deliveries WHERE seq = ?");
        delete.setLong(1, seq);
        delete.executeUpdate();
        return sinks;
    }

    private static void setRemoving(Round round, long seq) throws SQLException {
        var update = round.prepare("UPDATE items SET state = 1 WHERE seq = ?");
        update.setLong(1, seq);
        update.executeUpdate();
    }
}
