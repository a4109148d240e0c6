package io.camspool.internal.ledger;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.camspool.ItemId;
import io.camspool.ItemKind;
import io.camspool.internal.disk.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Events of the spool's own: alerts that it makes itself, in the commit of what they tell of.
final class Events {
    private static final int PRIORITY = 5;

    /// Hexadecimal digits of an id that follows from something.
    private static final int ID_DIGITS = 32;

    private static final JsonFactory JSON = new JsonFactory();

    private Events() {}

    /// Writes the fields of a JSON object.
    interface Fields {
        void write(JsonGenerator generator) throws IOException;
    }

    /// Accepts one, where a sink is configured to tell it to.
    ///
    /// @param path as of an alert, below its prefix at a sink
    /// @param at when it is, in milliseconds since 1970
    static void append(
            Round round,
            Appends appends,
            String type,
            ItemId id,
            String path,
            long at,
            Optional<String> alertId,
            Fields fields)
            throws SQLException {
        if (!hasSink(round)) {
            return;
        }
        var json = json(fields);
        var sha256 = Sha256.newDigest().digest(json);
        var time = Instant.ofEpochMilli(at);
        var event =
                new NewItem(
                        id,
                        ItemKind.ALERT,
                        Optional.empty(),
                        alertId,
                        time,
                        time,
                        Map.of(),
                        PRIORITY,
                        "application/json",
                        json.length,
                        0,
                        0,
                        Optional.empty(),
                        sha256,
                        sha256,
                        path,
                        json,
                        false,
                        false);
        var update = round.prepare("UPDATE items SET event = ? WHERE seq = ?");
        update.setLong(2, appends.append(round, List.of(event)).getFirst());
        update.setString(1, type);
        update.executeUpdate();
    }

    /// An id that nothing else has: it follows from a text that nothing else has.
    static ItemId idFrom(String text) {
        var hash = Sha256.newDigest().digest(text.getBytes(StandardCharsets.UTF_8));
        return new ItemId(HexFormat.of().formatHex(hash).substring(0, ID_DIGITS));
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

    private static byte[] json(Fields fields) {
        var out = new ByteArrayOutputStream();
        try (var generator = JSON.createGenerator(out)) {
            generator.writeStartObject();
            fields.write(generator);
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
