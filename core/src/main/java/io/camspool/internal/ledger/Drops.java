package io.camspool.internal.ledger;

import com.fasterxml.jackson.core.JsonGenerator;
import io.camspool.ItemId;
import io.camspool.ItemKind;
import io.camspool.sink.CloudEvents;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What is dropped in one step: a row each, and where a sink is configured that takes alerts one
/// event for all of them, which every sink is owed as it is owed an alert. Events that are
/// themselves dropped are not told of. Confined to one round.
final class Drops {
    /// Kept in the log: each is counted in the balance for ever.
    static final int MAX_DROPS = 100_000;

    /// What one item adds to an event, roughly.
    static final long EVENT_BYTES = 300;

    private record Dropped(
            ItemId id,
            ItemKind kind,
            Optional<String> camera,
            Optional<String> alertId,
            Instant time,
            long bytes) {}

    private final RemovalOrder order;
    private final List<Dropped> told = new ArrayList<>();

    Drops(RemovalOrder order) {
        this.order = order;
    }

    /// Records the drop of an item that is still in the table.
    void record(Round round, long seq) throws SQLException {
        var insert =
                round.prepare(
                        """
                        INSERT INTO drops (seq, id, kind, camera, alert_id, time, bytes, reason, at)
                        SELECT seq, id, kind, camera, alert_id, time, bytes, ?, ? FROM items WHERE seq = ?
                        """);
        insert.setString(1, order.reason());
        insert.setLong(2, order.at());
        insert.setLong(3, seq);
        insert.executeUpdate();
        var trim =
                round.prepare(
                        "DELETE FROM drops WHERE number <= (SELECT max(number) FROM drops) - "
                                + MAX_DROPS);
        trim.executeUpdate();
        if (order.event().isEmpty()) {
            return;
        }
        var select =
                round.prepare(
                        "SELECT id, kind, camera, alert_id, time, bytes FROM items WHERE seq = ? AND event IS NULL");
        select.setLong(1, seq);
        try (var rows = select.executeQuery()) {
            if (rows.next()) {
                told.add(
                        new Dropped(
                                new ItemId(rows.getString(1)),
                                Kinds.of(rows.getInt(2)),
                                Optional.ofNullable(rows.getString(3)),
                                Optional.ofNullable(rows.getString(4)),
                                Instant.ofEpochMilli(rows.getLong(5)),
                                rows.getLong(6)));
            }
        }
    }

    /// Makes the event, where there is something to tell and a sink to tell it to.
    void tell(Round round, Appends appends) throws SQLException {
        if (told.isEmpty()) {
            return;
        }
        var event = order.event().orElseThrow();
        Events.append(
                round,
                appends,
                CloudEvents.DROPPED_TYPE,
                event.id(),
                event.path(),
                order.at(),
                Optional.empty(),
                this::write);
    }

    private void write(JsonGenerator generator) throws IOException {
        generator.writeStringField("reason", order.reason());
        generator.writeArrayFieldStart("items");
        for (var item : told) {
            generator.writeStartObject();
            generator.writeStringField("id", item.id.value());
            generator.writeStringField("kind", item.kind.name().toLowerCase(Locale.ROOT));
            if (item.camera.isPresent()) {
                generator.writeStringField("camera", item.camera.get());
            }
            if (item.alertId.isPresent()) {
                generator.writeStringField("alertId", item.alertId.get());
            }
            generator.writeStringField("time", item.time.toString());
            generator.writeNumberField("bytes", item.bytes);
            generator.writeEndObject();
        }
        generator.writeEndArray();
    }
}
