package io.camspool.internal.ledger;

import io.camspool.Balance.Amount;
import io.camspool.CamspoolException;
import io.camspool.ItemKind;
import io.camspool.internal.ledger.Ledger.Opening;
import io.camspool.sink.NamedSink;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The rows of the sinks: how they come, are renamed, pause and go. The backlog belongs to the row,
/// whatever becomes of the configuration.
///
/// A sink goes in steps. The first commit takes its id and its claim on items off, so that it is
/// gone for everybody; its deliveries go a bounded number at a time, the row with the last of them.
/// Whoever finds such a row goes on from there.
final class SinkTable {
    /// Deliveries that one step takes off, so that saves wait for no more than some milliseconds.
    private static final int FORGET_STEP = 1_000;

    /// The first item of a kind that a sink takes none of.
    static final long NONE = Long.MAX_VALUE;

    /// Whether the sink of the table `s` takes the kind of the item of the table `i`, and did so
    /// when the item came.
    static final String MEANT =
            "CASE i.kind WHEN 0 THEN s.first_capture ELSE s.first_alert END <= i.seq";

    private static final String NEXT_SEQ = "sum(accepted_items) + 1";

    static final String FORGOTTEN = "SELECT number FROM sinks WHERE forgotten = 1 LIMIT 1";

    /// When the oldest item was accepted that the sink of the table `s` is owed: the first of each
    /// rank and state, so that it costs the same whatever is owed.
    static final String OLDEST =
            """
            (WITH RECURSIVE ranks(rank) AS (SELECT 0 UNION ALL SELECT rank + 1 FROM ranks WHERE rank < 19)
             SELECT o.accepted_at FROM items o WHERE o.seq = (SELECT min(seq) FROM
               (SELECT (SELECT d.seq FROM deliveries d WHERE d.sink = s.number AND d.state = 0 AND d.rank = r.rank
                        ORDER BY d.seq LIMIT 1) AS seq FROM ranks r
                UNION ALL
                SELECT (SELECT d.seq FROM deliveries d WHERE d.sink = s.number AND d.state = 2 AND d.rank = r.rank
                        ORDER BY d.seq LIMIT 1) FROM ranks r
                UNION ALL
                SELECT (SELECT d.seq FROM deliveries d WHERE d.sink = s.number AND d.state = 3 AND d.rank = r.rank
                        ORDER BY d.seq LIMIT 1) FROM ranks r
                UNION ALL
                SELECT (SELECT i.seq FROM items i WHERE i.seq >= s.next_seq AND i.state = 0 AND %s ORDER BY i.seq LIMIT 1))))
            """
                    .formatted(MEANT);

    private SinkTable() {}

    /// Writes down which sinks are configured; answers those that are sent to, in order.
    static List<ActiveSink> register(Connection connection, Opening opening) throws SQLException {
        checkAfter(opening.sinks());
        if (!opening.sinksAsBefore()) {
            try (var statement = connection.createStatement()) {
                statement.executeUpdate("UPDATE sinks SET configured = 0");
            }
        }
        var active = new ArrayList<ActiveSink>();
        for (var sink : opening.sinks()) {
            if (sink.formerly().isPresent()) {
                rename(connection, sink.formerly().get(), sink.id());
            }
            var number = register(connection, sink);
            if (sink.enabled()) {
                active.add(new ActiveSink(number, sink.id(), sink.required()));
            }
        }
        for (var sink : opening.sinks()) {
            comeAfter(connection, sink);
        }
        return List.copyOf(active);
    }

    private static void comeAfter(Connection connection, NamedSink sink) throws SQLException {
        try (var update =
                connection.prepareStatement(
                        """
                        UPDATE sinks SET after_sink = (SELECT number FROM sinks WHERE id = ?), after_limit = ?, public_url = ?
                        WHERE id = ?
                        """)) {
            update.setString(1, sink.after().map(NamedSink.After::sink).orElse(null));
            update.setLong(2, sink.after().map(after -> after.limit().toMillis()).orElse(0L));
            update.setString(3, sink.publicUrl().orElse(null));
            update.setString(4, sink.id());
            update.executeUpdate();
        }
    }

    /// Each `after` names another sink of these, which takes captures, and none comes after itself
    /// over others.
    private static void checkAfter(List<NamedSink> sinks) {
        for (var sink : sinks) {
            var passed = new HashSet<>(Set.of(sink.id()));
            for (var after = sink.after(); after.isPresent(); ) {
                var id = after.get().sink();
                var next = sinks.stream().filter(one -> one.id().equals(id)).findFirst();
                if (next.isEmpty() || !next.get().sink().takes(ItemKind.CAPTURE)) {
                    throw CamspoolException.invalid(
                            "after of sink " + sink.id(),
                            id,
                            "a sink that is configured and takes images");
                }
                if (!passed.add(id)) {
                    throw CamspoolException.invalid(
                            "after of sink " + sink.id(),
                            id,
                            "a sink that does not come after this one itself");
                }
                after = next.get().after();
            }
        }
    }

    private static void rename(Connection connection, String from, String to) throws SQLException {
        if (!exists(connection, from)) {
            return;
        }
        if (exists(connection, to)) {
            throw CamspoolException.invalid(
                    "sink " + to + " formerly",
                    from,
                    "one that is not owed anything by itself: both have a backlog; configure both, or forget one");
        }
        try (var update = connection.prepareStatement("UPDATE sinks SET id = ? WHERE id = ?")) {
            update.setString(1, to);
            update.setString(2, from);
            update.executeUpdate();
        }
    }

    private static boolean exists(Connection connection, String id) throws SQLException {
        try (var select = connection.prepareStatement("SELECT 1 FROM sinks WHERE id = ?")) {
            select.setString(1, id);
            try (var rows = select.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static int register(Connection connection, NamedSink sink) throws SQLException {
        var takesCaptures = sink.sink().takes(ItemKind.CAPTURE);
        var takesAlerts = sink.sink().takes(ItemKind.ALERT);
        var isHeld = sink.start() == NamedSink.Start.HELD;
        int number;
        try (var add =
                connection.prepareStatement(
                        """
                        INSERT INTO sinks (id, required, enabled, first_capture, first_alert, next_seq, backlog_items, backlog_bytes)
                        SELECT ?1, ?2, ?3, iif(?4, %1$s, %2$d), iif(?5, %1$s, %2$d), %1$s,
                          total(held_items) FILTER (WHERE %3$s), total(held_bytes) FILTER (WHERE %3$s)
                        FROM balance WHERE true
                        ON CONFLICT (id) DO UPDATE SET required = excluded.required, enabled = excluded.enabled,
                          configured = 1
                        RETURNING number
                        """
                                .formatted(
                                        isHeld ? "1" : NEXT_SEQ,
                                        NONE,
                                        isHeld ? "iif(kind = 0, ?4, ?5)" : "false"))) {
            add.setString(1, sink.id());
            add.setBoolean(2, sink.required());
            add.setBoolean(3, sink.enabled());
            add.setBoolean(4, takesCaptures);
            add.setBoolean(5, takesAlerts);
            try (var rows = add.executeQuery()) {
                rows.next();
                number = rows.getInt(1);
            }
        }
        take(connection, number, ItemKind.CAPTURE, takesCaptures);
        take(connection, number, ItemKind.ALERT, takesAlerts);
        return number;
    }

    /// Notes whether a sink takes a kind. One that begins to is owed what comes from now on; one
    /// that no longer does is owed what deliveries have been made of, which alone counts from now
    /// on: what it lags behind by is counted once.
    private static void take(Connection connection, int number, ItemKind kind, boolean takes)
            throws SQLException {
        var first = firstOf(kind);
        var unmade =
                "FROM items i WHERE i.kind = %d AND i.state = 0 AND i.seq >= max(next_seq, %s)"
                        .formatted(Kinds.number(kind), first);
        var change =
                takes
                        ? "%s = (SELECT %s FROM balance) WHERE %1$s = %d"
                                .formatted(first, NEXT_SEQ, NONE)
                        : "backlog_items = backlog_items - (SELECT count(*) %s), backlog_bytes = backlog_bytes - (SELECT ifnull(sum(i.bytes), 0) %1$s), %s = %d WHERE %2$s <> %3$d"
                                .formatted(unmade, first, NONE);
        try (var update =
                connection.prepareStatement("UPDATE sinks SET " + change + " AND number = ?")) {
            update.setInt(1, number);
            update.executeUpdate();
        }
    }

    /// The column of the first item of a kind that a sink is owed.
    static String firstOf(ItemKind kind) {
        return kind == ItemKind.CAPTURE ? "first_capture" : "first_alert";
    }

    /// The numbers of the sinks that are paused.
    static Set<Integer> paused(Connection connection) throws SQLException {
        var numbers = new HashSet<Integer>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT number FROM sinks WHERE paused = 1")) {
            while (rows.next()) {
                numbers.add(rows.getInt(1));
            }
        }
        return Set.copyOf(numbers);
    }

    /// Answers the sink's number.
    static int pause(Round round, String id, boolean isPaused) throws SQLException {
        var update =
                round.prepare(
                        "UPDATE sinks SET paused = ? WHERE id = ? AND forgotten = 0 RETURNING number");
        update.setBoolean(1, isPaused);
        update.setString(2, id);
        try (var rows = update.executeQuery()) {
            return requireRow(rows, id).getInt(1);
        }
    }

    static Amount forget(Round round, String id, long items) throws SQLException {
        var select =
                round.prepare(
                        """
                        SELECT backlog_items + rejected_items, backlog_bytes + rejected_bytes, number FROM sinks
                        WHERE id = ? AND forgotten = 0
                        """);
        select.setString(1, id);
        Amount loss;
        int number;
        try (var rows = select.executeQuery()) {
            var row = requireRow(rows, id);
            number = row.getInt(3);
            loss = round.sinkAmount(number, new Amount(row.getLong(1), row.getLong(2)));
        }
        if (loss.items() != items) {
            throw CamspoolException.invalid(
                    "items to give up",
                    items,
                    loss.items() + ", which sink " + id + " is owed now");
        }
        // No configured sink has a `~` in its id: the id is free for another.
        var update =
                round.prepare(
                        """
                        UPDATE sinks SET forgotten = 1, required = 0, configured = 0, id = id || '~' || number
                        WHERE number = ?
                        """);
        update.setInt(1, number);
        update.executeUpdate();
        return loss;
    }

    static boolean forgetStep(Round round) throws SQLException {
        int number;
        try (var rows = round.prepare(FORGOTTEN).executeQuery()) {
            if (!rows.next()) {
                return false;
            }
            number = rows.getInt(1);
        }
        for (var step :
                List.of(
                        "deliveries WHERE (sink, state, rank, seq) IN (SELECT sink, state, rank, seq FROM deliveries WHERE sink",
                        "follow_ups WHERE (seq, sink) IN (SELECT seq, sink FROM follow_ups WHERE after_sink")) {
            var delete = round.prepare("DELETE FROM " + step + " = ? LIMIT " + FORGET_STEP + ")");
            delete.setInt(1, number);
            if (delete.executeUpdate() == FORGET_STEP) {
                return true;
            }
        }
        for (var table : List.of("batches WHERE sink", "sinks WHERE number")) {
            var last = round.prepare("DELETE FROM " + table + " = ?");
            last.setInt(1, number);
            last.executeUpdate();
        }
        return true;
    }

    private static ResultSet requireRow(ResultSet rows, String id) throws SQLException {
        if (!rows.next()) {
            throw CamspoolException.invalid("sink", id, "one that was configured here");
        }
        return rows;
    }
}
