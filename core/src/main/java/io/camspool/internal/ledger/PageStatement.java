package io.camspool.internal.ledger;

import io.camspool.CamspoolException;
import io.camspool.ItemKind;
import io.camspool.Query;
import io.camspool.Query.AtSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The statement that walks one index for a page, newest first. Camera, alert and time bound the
/// walk; what else a query asks for is answered a row, in the column `matches`, so that whoever
/// walks can count what he has looked at.
///
/// @param values what its parameters stand for
record PageStatement(String sql, List<Object> values) {
    /// @param sink the number of the sink that the query names
    /// @param most rows to walk
    static PageStatement of(ItemKind kind, Query query, Optional<Integer> sink, int most) {
        var matches = new Clause("i.state = 0");
        var walk = new Clause("i.kind = ?", Kinds.number(kind));
        var index = "items_by_time";
        if (query.alertId().isPresent()) {
            index = "items_by_alert";
            walk.and("i.alert_id = ?", query.alertId().get());
            query.camera().ifPresent(camera -> matches.and("i.camera = ?", camera));
        } else if (query.camera().isPresent()) {
            index = "items_by_camera";
            walk.and("i.camera = ?", query.camera().get());
        }
        query.from().ifPresent(from -> walk.and("i.time >= ?", from.toEpochMilli()));
        end(query).ifPresent(end -> walk.and("(i.time, i.seq) < (?, ?)", end.time, end.seq));
        if (kind == ItemKind.ALERT && !query.withEvents()) {
            matches.and("i.event IS NULL");
        }
        if (query.leastPriority() > 0) {
            matches.and("i.priority >= ?", query.leastPriority());
        }
        query.labels()
                .forEach(
                        (name, value) ->
                                matches.and(
                                        "EXISTS (SELECT 1 FROM json_each(i.labels) WHERE key = ? AND value = ?)",
                                        name,
                                        value));
        query.delivery().ifPresent(wanted -> stands(matches, kind, wanted, sink.orElseThrow()));
        var values = new ArrayList<>(matches.values);
        values.addAll(walk.values);
        values.add(most);
        return new PageStatement(
                "SELECT %s, %s AS matches FROM items i INDEXED BY %s WHERE %s ORDER BY i.time DESC, i.seq DESC LIMIT ?"
                        .formatted(Rows.COLUMNS, matches.sql, index, walk.sql),
                values);
    }

    private static void stands(Clause matches, ItemKind kind, AtSink wanted, int sink) {
        var made = "i.seq < (SELECT next_seq FROM sinks WHERE number = ?)";
        var meant =
                "i.seq >= (SELECT %s FROM sinks WHERE number = ?)"
                        .formatted(SinkTable.firstOf(kind));
        var owed =
                "EXISTS (SELECT 1 FROM deliveries d INDEXED BY deliveries_by_item WHERE d.seq = i.seq AND d.sink = ?%s)";
        switch (wanted.state()) {
            case PENDING ->
                    matches.and(
                            "((NOT %s AND %s) OR %s)"
                                    .formatted(made, meant, owed.formatted(" AND d.state <> 1")),
                            sink,
                            sink,
                            sink);
            case REJECTED -> matches.and(owed.formatted(" AND d.state = 1"), sink);
            case DELIVERED ->
                    matches.and(
                            "%s AND %s AND NOT %s".formatted(meant, made, owed.formatted("")),
                            sink,
                            sink,
                            sink);
        }
    }

    /// Before what place the walk begins: where the page before ended, or at the end of the time.
    private static Optional<Cursor> end(Query query) {
        var to = query.to().map(time -> new Cursor(time.toEpochMilli(), Long.MIN_VALUE));
        var cursor = query.cursor().map(Cursor::parse);
        return cursor.filter(place -> to.isEmpty() || place.time < to.get().time).or(() -> to);
    }

    /// The place of an item in a listing.
    record Cursor(long time, long seq) {
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

    private static final class Clause {
        private final StringBuilder sql;
        private final List<Object> values = new ArrayList<>();

        Clause(String condition, Object... values) {
            this.sql = new StringBuilder(condition);
            this.values.addAll(List.of(values));
        }

        void and(String condition, Object... more) {
            sql.append(" AND ").append(condition);
            values.addAll(List.of(more));
        }
    }
}
