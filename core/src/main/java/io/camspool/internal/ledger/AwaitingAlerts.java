package io.camspool.internal.ledger;

import com.fasterxml.jackson.core.JsonGenerator;
import io.camspool.ItemKind;
import io.camspool.sink.CaptureLink;
import io.camspool.sink.CloudEvents;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// Alerts owed to a sink that comes after another: each waits until that other sink owes none of
/// the captures saved with it any more, at most until a time, and then goes with what is there by
/// then. What is missing and where the rest is read are fixed at that moment, so that a repeat says
/// the same; where something is, an event follows once nothing is owed any more.
///
/// The captures of a group have the seqs behind that of its alert. One that a sink owes no more is
/// there, unless it was dropped, which stands in `absences`, as long as its alert does.
final class AwaitingAlerts {
    /// Alerts that one step lets go, so that saves wait for no more than some milliseconds.
    private static final int RIPEN_STEP = 200;

    /// How far a clock is set back, in milliseconds, without ending the waits that began before: so
    /// far a time server corrects one that runs too fast.
    static final long SMALL_STEP_BACK = 60_000;

    private static final String RIPE =
            """
            SELECT d.sink, d.seq, d.after_sink, i.captures
            FROM deliveries d INDEXED BY deliveries_awaiting CROSS JOIN items i ON i.seq = d.seq
            WHERE d.sink = ? AND d.state = 3 AND d.due_at BETWEEN ? AND ? LIMIT
            """
                    + RIPEN_STEP;

    private static final String RESTART =
            """
            UPDATE deliveries SET due_at = ? WHERE (sink, state, rank, seq) IN
              (SELECT sink, state, rank, seq FROM deliveries INDEXED BY deliveries_awaiting
               WHERE sink = ? AND state = 3 AND due_at < ? LIMIT
            """
                    + RIPEN_STEP
                    + ")";

    private static final String OF_ALERT =
            """
            SELECT d.sink, d.seq, d.after_sink, i.captures
            FROM items i CROSS JOIN deliveries d INDEXED BY deliveries_by_item ON d.seq = i.seq
            WHERE i.seq = ? AND d.state = 3 AND d.after_sink = ?
            """;

    private static final String FOLLOW_UPS =
            """
            SELECT f.seq, f.sink, f.after_sink, f.id, f.alert_id, f.source, f.path, f.captures,
              (SELECT f.public_url FROM sinks WHERE number = f.after_sink AND forgotten = 0)
            FROM follow_ups f WHERE f.seq = ? AND f.after_sink = ?
            """;

    private record Awaiting(int sink, long seq, int after, int captures) {
        static Awaiting of(ResultSet row) throws SQLException {
            return new Awaiting(
                    row.getInt(1), row.getLong(2), row.getInt(3), count(row.getString(4)));
        }
    }

    private record FollowUp(
            long seq,
            int sink,
            int after,
            String id,
            @Nullable String alertId,
            String source,
            String path,
            String captures,
            @Nullable String publicUrl) {}

    /// How the delivery of an item begins.
    ///
    /// @param after the number of the sink that it comes after; 0: of none
    /// @param absent which of its captures are not there, see [Rows]
    /// @param publicUrl the template of the addresses of the others; null: they have none
    record Start(
            int state, long dueAt, int after, @Nullable String absent, @Nullable String publicUrl) {
        static final Start AT_ONCE = new Start(Answers.PENDING, 0, 0, null, null);
    }

    private AwaitingAlerts() {}

    /// @param captures how many are saved with the item
    /// @param acceptedAt in milliseconds since 1970
    static Start start(Round round, int sink, long seq, int captures, long acceptedAt)
            throws SQLException {
        var after = round.after(sink);
        if (captures == 0
                || after.isEmpty()
                || !round.isMeant(after.get().sink(), ItemKind.CAPTURE, seq + 1)) {
            return Start.AT_ONCE;
        }
        var first = after.get().sink();
        return isSettled(round, first, seq, captures)
                ? new Start(
                        Answers.PENDING,
                        0,
                        first,
                        absent(round, first, seq, captures),
                        after.get().publicUrl())
                : new Start(Answers.AWAITING, acceptedAt + after.get().limit(), first, null, null);
    }

    static int count(@Nullable String captures) {
        return captures == null ? 0 : (int) captures.lines().count();
    }

    /// Lets those go that have waited long enough. One that is to wait longer than the limit was
    /// accepted before the clock was set far back, or came under another limit: it goes, too. Where
    /// the clock was not set yet when it was accepted, its time begins once the clock is.
    static int ripen(Round round, int sink, long now) throws SQLException {
        var limit = round.after(sink).map(Round.After::limit).orElse(0L);
        var longest = round.after(sink).isPresent() ? limit + SMALL_STEP_BACK : 0;
        var restarted = restart(round, sink, now, limit);
        return restarted == RIPEN_STEP
                ? restarted
                : restarted
                        + ripen(round, sink, Long.MIN_VALUE, now)
                        + ripen(round, sink, now + longest + 1, Long.MAX_VALUE);
    }

    private static int restart(Round round, int sink, long now, long limit) throws SQLException {
        var setClock = HeldItem.SET_CLOCK.toEpochMilli();
        if (now < setClock) {
            return 0;
        }
        var update = round.prepare(RESTART);
        update.setLong(1, now + limit);
        update.setInt(2, sink);
        update.setLong(3, setClock + limit);
        return update.executeUpdate();
    }

    private static int ripen(Round round, int sink, long from, long to) throws SQLException {
        var select = round.prepare(RIPE);
        select.setInt(1, sink);
        select.setLong(2, from);
        select.setLong(3, to);
        var ripe = new ArrayList<Awaiting>();
        try (var rows = select.executeQuery()) {
            while (rows.next()) {
                ripe.add(Awaiting.of(rows));
            }
        }
        for (var alert : ripe) {
            release(round, alert);
        }
        return ripe.size();
    }

    /// A sink owes a capture no more, or has rejected it: lets go what waited for it.
    ///
    /// @param now in milliseconds since 1970
    static void ended(Round round, Appends appends, int sink, long seq, long now)
            throws SQLException {
        var group = round.prepare("SELECT group_seq FROM items WHERE seq = ? AND kind = 0");
        group.setLong(1, seq);
        long alert;
        try (var rows = group.executeQuery()) {
            alert = rows.next() ? rows.getLong(1) : 0;
        }
        if (alert > 0) {
            releaseSettled(round, alert, sink);
            followUp(round, appends, alert, sink, now);
        }
    }

    private static void releaseSettled(Round round, long alert, int after) throws SQLException {
        var select = round.prepare(OF_ALERT);
        select.setLong(1, alert);
        select.setInt(2, after);
        var waiting = new ArrayList<Awaiting>();
        try (var rows = select.executeQuery()) {
            while (rows.next()) {
                waiting.add(Awaiting.of(rows));
            }
        }
        for (var each : waiting) {
            if (isSettled(round, after, alert, each.captures)) {
                release(round, each);
            }
        }
    }

    /// A sink will never be sent a capture: its alert must not say that it is there.
    static void lost(Round round, Appends appends, int sink, long seq, long now)
            throws SQLException {
        var insert =
                round.prepare(
                        """
                        INSERT OR IGNORE INTO absences (seq, sink) SELECT i.seq, ?2 FROM items i
                        WHERE i.seq = ?1 AND i.kind = 0 AND EXISTS
                          (SELECT 1 FROM items a WHERE a.seq = i.group_seq AND a.kind = 1 AND a.delivered_before = 0
                           UNION ALL SELECT 1 FROM follow_ups f WHERE f.seq = i.group_seq)
                        """);
        insert.setLong(1, seq);
        insert.setInt(2, sink);
        insert.executeUpdate();
        ended(round, appends, sink, seq, now);
    }

    /// A sink has taken an alert of which something was missing.
    static void wentIncomplete(
            Round round,
            Appends appends,
            int sink,
            int after,
            @Nullable String publicUrl,
            long seq,
            long now)
            throws SQLException {
        var insert =
                round.prepare(
                        "INSERT OR IGNORE INTO follow_ups (seq, sink, after_sink, id, alert_id, source, path, captures, public_url)"
                                + " SELECT i.seq, ?, ?, i.id, i.alert_id, i.box || '~' || "
                                + Rows.KEY_SPOOL_ID
                                + ", i.path, i.captures, ? FROM items i WHERE i.seq = ?");
        insert.setInt(1, sink);
        insert.setInt(2, after);
        insert.setString(3, publicUrl);
        insert.setLong(4, seq);
        insert.executeUpdate();
        followUp(round, appends, seq, after, now);
    }

    /// The row of an alert is about to go.
    static void forget(Round round, long seq) throws SQLException {
        var delete =
                round.prepare(
                        """
                        DELETE FROM absences WHERE seq > ?1 AND seq <=
                          (SELECT ?1 + 1 + length(captures) - length(replace(captures, char(10), ''))
                           FROM items WHERE seq = ?1)
                          AND NOT EXISTS (SELECT 1 FROM follow_ups WHERE seq = ?1)
                        """);
        delete.setLong(1, seq);
        delete.executeUpdate();
    }

    private static void release(Round round, Awaiting alert) throws SQLException {
        // A sink that comes after another no more has no use for what is there.
        var after = round.after(alert.sink).filter(one -> one.sink() == alert.after);
        var update =
                round.prepare(
                        "UPDATE deliveries SET state = 0, due_at = 0, after_sink = ?, absent = ?, public_url = ? WHERE seq = ? AND sink = ? AND state = 3");
        if (after.isPresent()) {
            update.setInt(1, alert.after);
            update.setString(2, absent(round, alert.after, alert.seq, alert.captures));
            update.setString(3, after.get().publicUrl());
        } else {
            update.setNull(1, Types.INTEGER);
            update.setNull(2, Types.VARCHAR);
            update.setNull(3, Types.VARCHAR);
        }
        update.setLong(4, alert.seq);
        update.setInt(5, alert.sink);
        update.executeUpdate();
    }

    private static boolean isSettled(Round round, int sink, long alert, int captures)
            throws SQLException {
        var last = alert + captures;
        if (last >= round.nextSeq() || isToBeMade(round, sink, alert + 1, last)) {
            return false;
        }
        var select =
                round.prepare(
                        "SELECT 1 FROM deliveries WHERE seq > ? AND seq <= ? AND sink = ? AND state <> 1 LIMIT 1");
        select.setLong(1, alert);
        select.setLong(2, alert + captures);
        select.setInt(3, sink);
        try (var rows = select.executeQuery()) {
            return !rows.next();
        }
    }

    /// Whether a sink that lags will be owed one of these. What is gone, or lost to it, it never
    /// is.
    private static boolean isToBeMade(Round round, int sink, long first, long last)
            throws SQLException {
        var cursor = round.cursor(sink);
        if (cursor > last) {
            return false;
        }
        var select =
                round.prepare(
                        """
                        SELECT 1 FROM items i WHERE i.seq >= ?1 AND i.seq <= ?2 AND i.state = 0
                          AND NOT EXISTS (SELECT 1 FROM absences a WHERE a.seq = i.seq AND a.sink = ?3) LIMIT 1
                        """);
        select.setLong(1, Math.max(cursor, first));
        select.setLong(2, last);
        select.setInt(3, sink);
        try (var rows = select.executeQuery()) {
            return rows.next();
        }
    }

    /// Whether a sink that owes a capture no more may never have been owed it: it came after the
    /// capture had gone. Where that is, only a confirmation shows that it is there.
    private static boolean isUnproven(Round round, int sink, long seq) throws SQLException {
        var select =
                round.prepare(
                        """
                        SELECT 1 FROM items WHERE seq = ?1 AND state = 0
                        UNION ALL SELECT 1 FROM confirmations WHERE seq = ?1 AND sink = ?2 AND dropped = 0 LIMIT 1
                        """);
        select.setLong(1, seq);
        select.setInt(2, sink);
        try (var rows = select.executeQuery()) {
            return !rows.next();
        }
    }

    /// The places of captures that are not at a sink, from 0, with commas between; null: all are.
    private static @Nullable String absent(Round round, int sink, long alert, int captures)
            throws SQLException {
        var missing = new ArrayList<Long>();
        for (var table : List.of("deliveries", "absences")) {
            var select =
                    round.prepare(
                            "SELECT seq FROM "
                                    + table
                                    + " WHERE seq > ? AND seq <= ? AND sink = ? ORDER BY seq");
            select.setLong(1, alert);
            select.setLong(2, alert + captures);
            select.setInt(3, sink);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    missing.add(rows.getLong(1));
                }
            }
        }
        var places = new StringJoiner(",").setEmptyValue("");
        for (var place = 0; place < captures; place++) {
            var seq = alert + 1 + place;
            if (seq >= round.cursor(sink)
                    || missing.contains(seq)
                    || isUnproven(round, sink, seq)) {
                places.add(String.valueOf(place));
            }
        }
        return places.length() == 0 ? null : places.toString();
    }

    private static void followUp(Round round, Appends appends, long alert, int sink, long now)
            throws SQLException {
        var select = round.prepare(FOLLOW_UPS);
        select.setLong(1, alert);
        select.setInt(2, sink);
        var found = new ArrayList<FollowUp>();
        try (var rows = select.executeQuery()) {
            while (rows.next()) {
                found.add(
                        new FollowUp(
                                rows.getLong(1),
                                rows.getInt(2),
                                rows.getInt(3),
                                rows.getString(4),
                                rows.getString(5),
                                rows.getString(6),
                                rows.getString(7),
                                rows.getString(8),
                                rows.getString(9)));
            }
        }
        for (var each : found) {
            if (isSettled(round, sink, alert, count(each.captures))) {
                tell(round, appends, each, now);
            }
        }
    }

    private static void tell(Round round, Appends appends, FollowUp due, long now)
            throws SQLException {
        var count = count(due.captures);
        var captures =
                Rows.captures(
                        due.captures,
                        due.source,
                        due.publicUrl,
                        absent(round, due.after, due.seq, count));
        var id = Events.idFrom("completed\n" + due.id + "\n" + due.seq + "\n" + due.sink);
        Events.append(
                round,
                appends,
                CloudEvents.COMPLETED_TYPE,
                id,
                due.path.substring(0, due.path.lastIndexOf('/') + 1) + id + ".json",
                now,
                Optional.ofNullable(due.alertId),
                json -> write(json, due, captures));
        var delete = round.prepare("DELETE FROM follow_ups WHERE seq = ? AND sink = ?");
        delete.setLong(1, due.seq);
        delete.setInt(2, due.sink);
        delete.executeUpdate();
        var absences =
                round.prepare(
                        """
                        DELETE FROM absences WHERE seq > ?1 AND seq <= ?1 + ?2
                          AND NOT EXISTS (SELECT 1 FROM items WHERE seq = ?1)
                          AND NOT EXISTS (SELECT 1 FROM follow_ups WHERE seq = ?1)
                        """);
        absences.setLong(1, due.seq);
        absences.setInt(2, count);
        absences.executeUpdate();
    }

    private static void write(JsonGenerator json, FollowUp due, List<CaptureLink> captures)
            throws IOException {
        json.writeObjectFieldStart("alert");
        json.writeStringField("id", due.id);
        json.writeNumberField("seq", due.seq);
        if (due.alertId != null) {
            json.writeStringField("alertId", due.alertId);
        }
        json.writeEndObject();
        json.writeArrayFieldStart("captures");
        for (var capture : captures) {
            json.writeStartObject();
            json.writeStringField("id", capture.id().value());
            json.writeStringField("key", capture.key());
            if (capture.url().isPresent()) {
                json.writeStringField("url", capture.url().get());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
