package io.camspool.internal.ledger;

import com.fasterxml.jackson.core.JsonFactory;
import io.camspool.ItemId;
import io.camspool.ItemKind;
import io.camspool.internal.ledger.RemovalOrder.DropEvent;
import io.camspool.sink.CloudEvents;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What is dropped in one step: a row each, and where a sink is configured that takes alerts one
/// event for all of them, which every sink is owed as it is owed an alert. Events that are
/// themselves dropped are not told of. Confined to one round.
final class Drops {
    /// Kept in the log: each is counted in the balance for ever.
    static final int MAX_DROPS = 100_000;

    /// What one item adds to an event, roughly.
    static final long EVENT_BYTES = 300;

    private static final int PRIORITY = 5;
    private static final JsonFactory JSON = new JsonFactory();

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
        if (told.isEmpty() || !hasSink(round)) {
            return;
        }
        var seq =
                appends.append(round, List.of(event(order.event().orElseThrow(), json())))
                        .getFirst();
        var update = round.prepare("UPDATE items SET event = ? WHERE seq = ?");
        update.setString(1, CloudEvents.DROPPED_TYPE);
        update.setLong(2, seq);
        update.executeUpdate();
    }

    private static boolean hasSink(Round round) throws SQLException {
        try (var rows =
                round.prepare(
                                "SELECT 1 FROM sinks WHERE configured = 1 AND first_alert < "
                                        + SinkTable.NONE
                                        + " LIMIT 1")
                        .executeQuery()) {
            return rows.next();
        }
    }

    private NewItem event(DropEvent event, byte[] json) {
        var at = Instant.ofEpochMilli(order.at());
        var sha256 = sha256(json);
        return new NewItem(
                event.id(),
                ItemKind.ALERT,
                Optional.empty(),
                Optional.empty(),
                at,
                at,
                Map.of(),
                PRIORITY,
                "application/json",
                json.length,
                0,
                0,
                Optional.empty(),
                sha256,
                sha256,
                event.path(),
                json,
                false,
                false);
    }

    private byte[] json() {
        var out = new ByteArrayOutputStream();
        try (var generator = JSON.createGenerator(out)) {
            generator.writeStartObject();
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
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
