package io.camspool.agent.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.camspool.Amounts;
import io.camspool.Balance;
import io.camspool.Balance.Amount;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// Writes JSON objects, and the values that occur in several of them.
public final class Json {
    private static final JsonFactory JSON = new JsonFactory();

    /// Writes the fields of one object.
    public interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    private Json() {}

    /// One object, on one line, in UTF-8.
    public static byte[] object(Fields fields) {
        var bytes = new ByteArrayOutputStream();
        try (var json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    public static void optional(JsonGenerator json, String name, Optional<String> value)
            throws IOException {
        if (value.isPresent()) {
            json.writeStringField(name, value.get());
        }
    }

    public static void time(JsonGenerator json, String name, Optional<Instant> value)
            throws IOException {
        optional(json, name, value.map(Instant::toString));
    }

    public static void amounts(JsonGenerator json, String name, Amounts amounts)
            throws IOException {
        json.writeObjectFieldStart(name);
        amounts(json, amounts);
        json.writeEndObject();
    }

    public static void amounts(JsonGenerator json, Amounts amounts) throws IOException {
        amount(json, "captures", amounts.captures());
        amount(json, "alerts", amounts.alerts());
    }

    public static void amount(JsonGenerator json, String name, Amount amount) throws IOException {
        json.writeObjectFieldStart(name);
        amount(json, amount);
        json.writeEndObject();
    }

    public static void amount(JsonGenerator json, Amount amount) throws IOException {
        json.writeNumberField("items", amount.items());
        json.writeNumberField("bytes", amount.bytes());
    }

    static void balance(JsonGenerator json, String name, Balance balance) throws IOException {
        json.writeObjectFieldStart(name);
        amount(json, "accepted", balance.accepted());
        amount(json, "held", balance.held());
        amount(json, "removed", balance.removed());
        amount(json, "dropped", balance.dropped());
        json.writeEndObject();
    }

    /// As words are written in JSON: `not-owed`.
    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
