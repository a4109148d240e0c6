package io.camspool.internal.ledger;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.ItemKind;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Adds items and the deliveries that each active sink is owed.
///
/// Each sink has a cursor: the first item whose delivery has not been made. While it stands at the
/// end, deliveries are made with the items; where it lags (a sink that is new, or was away),
/// [#fill] moves it on in bounded steps. Its backlog counts an item from the append on, whenever
/// the delivery is made.
final class Appends {
    /// Items a fill step, so that saves wait for no more than some milliseconds.
    private static final int FILL_STEP = 125;

    static final int HIGHEST_PRIORITY = 9;

    private static final String INSERT_ITEM =
            """
            INSERT INTO items (seq, id, kind, state, camera, alert_id, time, time_quality, accepted_at, group_seq,
              group_index, box, rendition, media_type, bytes, width, height, priority, labels, change, input_sha256,
              sha256, path, json, caller_id, delivered_before,
              captures)
            VALUES (?, ?, ?, 0, ?, ?, ?, 1, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String INSERT_DELIVERY =
            "INSERT INTO deliveries (sink, state, rank, seq, key, bytes, due_at, after_sink, absent, public_url) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private final String box;
    private final String keySpoolId;
    private final List<ActiveSink> sinks;

    /// @param box the name that items are accepted under
    /// @param keySpoolId what of the spool id stands in keys
    Appends(String box, String keySpoolId, List<ActiveSink> sinks) {
        this.box = box;
        this.keySpoolId = keySpoolId;
        this.sinks = sinks;
    }

    /// Adds items that belong together; answers their seqs.
    List<Long> append(Round round, List<NewItem> group) throws SQLException {
        var seqs = new ArrayList<Long>(group.size());
        for (var item : group) {
            refuseTakenPath(round, item);
            var seq = round.takeSeq();
            insert(
                    round,
                    item,
                    seq,
                    group.size() == 1 ? 0 : seq - seqs.size(),
                    seqs.size(),
                    item.kind() == ItemKind.ALERT ? Rows.captures(group) : null);
            round.count(item.kind(), "accepted", 1, item.bytes());
            round.count(item.kind(), "held", 1, item.bytes());
            if (item.deliveredBefore()) {
                round.passBy(seq);
            }
            for (var sink : round.sinks()) {
                if (!round.isMeant(sink, item.kind(), seq)) {
                    if (round.cursor(sink) == seq) {
                        round.moveCursor(sink, seq + 1);
                    }
                } else if (round.cursor(sink) <= seq) {
                    round.countSink(sink, "backlog", 1, item.bytes());
                }
            }
            for (var sink : sinks) {
                if (round.cursor(sink.number()) == seq) {
                    owe(
                            round,
                            sink.number(),
                            seq,
                            rank(item.kind(), item.priority()),
                            box + "~" + keySpoolId + "/" + item.path(),
                            item.bytes(),
                            AwaitingAlerts.start(
                                    round,
                                    sink.number(),
                                    seq,
                                    item.kind() == ItemKind.ALERT ? group.size() - 1 : 0,
                                    item.acceptedAt().toEpochMilli()));
                    round.moveCursor(sink.number(), seq + 1);
                }
            }
            if (item.deliveredBefore() && group.size() > 1) {
                for (var sink : round.sinks()) {
                    AwaitingAlerts.lost(round, this, sink, seq, item.acceptedAt().toEpochMilli());
                }
            }
            seqs.add(seq);
        }
        return seqs;
    }

    /// Where the caller's names alone make the path, two captures may come to share it.
    private static void refuseTakenPath(Round round, NewItem item) throws SQLException {
        if (!item.hasCallerId() || item.kind() != ItemKind.CAPTURE) {
            return;
        }
        var select = round.prepare("SELECT id FROM items WHERE kind = 0 AND path = ?");
        select.setString(1, item.path());
        try (var rows = select.executeQuery()) {
            if (rows.next()) {
                throw new CamspoolException(
                        Reason.CONFLICT,
                        "path: %s belongs to item %s already; use other names, or names with ids"
                                .formatted(item.path(), rows.getString(1)));
            }
        }
    }

    /// Makes the next deliveries of a sink that lags; false when it has caught up.
    boolean fill(Round round, int sink) throws SQLException {
        var cursor = round.cursor(sink);
        if (cursor >= round.nextSeq()) {
            return false;
        }
        var select =
                round.prepare(
                        "SELECT i.seq, i.kind, i.priority, i.box || '~' || "
                                + Rows.KEY_SPOOL_ID
                                + ", i.path, i.bytes, i.delivered_before, i.captures, i.accepted_at FROM items i WHERE i.seq >= ? AND i.state = 0 ORDER BY i.seq LIMIT "
                                + FILL_STEP);
        select.setLong(1, cursor);
        var found = 0;
        var last = cursor;
        try (var rows = select.executeQuery()) {
            while (rows.next()) {
                found++;
                last = rows.getLong(1);
                var kind = Kinds.of(rows.getInt(2));
                if (!round.isMeant(sink, kind, last)) {
                    continue;
                }
                if (rows.getBoolean(7)) {
                    round.countSink(sink, "backlog", -1, -rows.getLong(6));
                    continue;
                }
                owe(
                        round,
                        sink,
                        last,
                        rank(kind, rows.getInt(3)),
                        rows.getString(4) + "/" + rows.getString(5),
                        rows.getLong(6),
                        AwaitingAlerts.start(
                                round,
                                sink,
                                last,
                                AwaitingAlerts.count(rows.getString(8)),
                                rows.getLong(9)));
            }
        }
        round.moveCursor(sink, found < FILL_STEP ? round.nextSeq() : last + 1);
        return round.cursor(sink) < round.nextSeq();
    }

    /// The order of lease: alerts first, then by priority.
    static int rank(ItemKind kind, int priority) {
        return (kind == ItemKind.ALERT ? 0 : 10) + HIGHEST_PRIORITY - priority;
    }

    private static void owe(
            Round round,
            int sink,
            long seq,
            int rank,
            String key,
            long bytes,
            AwaitingAlerts.Start start)
            throws SQLException {
        var insert = round.prepare(INSERT_DELIVERY);
        insert.setInt(1, sink);
        insert.setInt(2, start.state());
        insert.setInt(3, rank);
        insert.setLong(4, seq);
        insert.setString(5, key);
        insert.setLong(6, bytes);
        insert.setLong(7, start.dueAt());
        if (start.after() == 0) {
            insert.setNull(8, Types.INTEGER);
        } else {
            insert.setInt(8, start.after());
        }
        insert.setString(9, start.absent());
        insert.setString(10, start.publicUrl());
        insert.executeUpdate();
    }

    private void insert(
            Round round,
            NewItem item,
            long seq,
            long groupSeq,
            int groupIndex,
            @Nullable String captures)
            throws SQLException {
        var insert = round.prepare(INSERT_ITEM);
        insert.setLong(1, seq);
        insert.setString(2, item.id().value());
        insert.setInt(3, Kinds.number(item.kind()));
        insert.setString(4, item.camera().orElse(null));
        insert.setString(5, item.alertId().orElse(null));
        insert.setLong(6, item.time().toEpochMilli());
        insert.setLong(7, item.acceptedAt().toEpochMilli());
        if (groupSeq == 0) {
            insert.setNull(8, Types.INTEGER);
            insert.setNull(9, Types.INTEGER);
        } else {
            insert.setLong(8, groupSeq);
            insert.setInt(9, groupIndex);
        }
        insert.setString(10, box);
        insert.setString(11, item.mediaType());
        insert.setLong(12, item.bytes());
        if (item.width() > 0) {
            insert.setInt(13, item.width());
            insert.setInt(14, item.height());
        } else {
            insert.setNull(13, Types.INTEGER);
            insert.setNull(14, Types.INTEGER);
        }
        insert.setInt(15, item.priority());
        insert.setString(16, LabelsText.write(item.labels()));
        insert.setString(17, item.change().orElse(null));
        insert.setBytes(18, item.inputSha256());
        insert.setBytes(19, item.sha256());
        insert.setString(20, item.path());
        insert.setBytes(21, item.json());
        insert.setBoolean(22, item.hasCallerId());
        insert.setBoolean(23, item.deliveredBefore());
        insert.setString(24, captures);
        insert.executeUpdate();
    }
}
