package io.camspool.agent;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.camspool.Amounts;
import io.camspool.Balance.Amount;
import io.camspool.ItemKind;
import io.camspool.StoredAlert;
import io.camspool.StoredCapture;
import io.camspool.StoredItem;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Optional;

/// Prints one JSON object a line, at once.
final class JsonLines {
    private static final JsonFactory JSON = new JsonFactory();

    /// Writes the fields of one object.
    interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    private JsonLines() {}

    static void print(PrintWriter out, Fields fields) {
        var line = new StringWriter();
        try (var json = JSON.createGenerator(line)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.println(line);
        out.flush();
    }

    static void item(JsonGenerator json, StoredItem item) throws IOException {
        json.writeStringField("id", item.id().value());
        json.writeStringField("kind", item.kind() == ItemKind.ALERT ? "alert" : "capture");
        json.writeNumberField("seq", item.seq());
        switch (item) {
            case StoredCapture capture -> {
                json.writeStringField("camera", capture.camera());
                json.writeStringField("path", capture.path().toString());
                json.writeStringField("type", capture.mediaType());
                if (capture.sides().isPresent()) {
                    json.writeNumberField("width", capture.sides().get().width());
                    json.writeNumberField("height", capture.sides().get().height());
                }
                optional(json, "change", capture.change());
            }
            case StoredAlert alert -> optional(json, "camera", alert.camera());
        }
        optional(json, "alert", item.alertId());
        json.writeStringField("time", item.time().toString());
        json.writeNumberField("priority", item.priority());
        json.writeNumberField("bytes", item.bytes());
        json.writeStringField("sha256", item.sha256());
        json.writeNumberField("confirmations", item.confirmations());
        json.writeBooleanField("delivered_before", item.deliveredBefore());
        json.writeObjectFieldStart("labels");
        for (var label : item.labels().entrySet()) {
            json.writeStringField(label.getKey(), label.getValue());
        }
        json.writeEndObject();
    }

    static void optional(JsonGenerator json, String name, Optional<String> value)
            throws IOException {
        if (value.isPresent()) {
            json.writeStringField(name, value.get());
        }
    }

    static void amounts(JsonGenerator json, String name, Amounts amounts) throws IOException {
        json.writeObjectFieldStart(name);
        amount(json, "captures", amounts.captures());
        amount(json, "alerts", amounts.alerts());
        json.writeEndObject();
    }

    static void amount(JsonGenerator json, String name, Amount amount) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("items", amount.items());
        json.writeNumberField("bytes", amount.bytes());
        json.writeEndObject();
    }
}
