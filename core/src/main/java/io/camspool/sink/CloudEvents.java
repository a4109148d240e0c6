package io.camspool.sink;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.camspool.StoredAlert;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// The CloudEvents 1.0 envelope of an alert. The alert's JSON stands in `data` byte for byte.
public final class CloudEvents {
    public static final String ALERT_TYPE = "io.camspool.alert";

    private static final JsonFactory JSON = new JsonFactory();

    private CloudEvents() {}

    /// One alert as a structured-mode JSON event.
    public static byte[] alert(Delivery delivery, StoredAlert alert, byte[] json) {
        var out = new ByteArrayOutputStream(json.length + 512);
        try {
            var head = new ByteArrayOutputStream(512);
            try (var generator = JSON.createGenerator(head)) {
                generator.writeStartObject();
                writeAttributes(generator, delivery, alert);
                generator.writeEndObject();
            }
            var attributes = head.toByteArray();
            // The closing brace is put back after the data, which no generator may touch.
            out.write(attributes, 0, attributes.length - 1);
            writeAscii(out, ",\"data\":");
            out.write(json);
            writeAscii(out, "}");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void writeAttributes(
            JsonGenerator generator, Delivery delivery, StoredAlert alert) throws IOException {
        generator.writeStringField("specversion", "1.0");
        generator.writeStringField("id", alert.id().value());
        generator.writeStringField("source", delivery.source());
        generator.writeStringField("type", ALERT_TYPE);
        generator.writeStringField("time", alert.time().toString());
        generator.writeStringField("datacontenttype", "application/json");
        if (alert.camera().isPresent()) {
            generator.writeStringField("subject", alert.camera().get());
        }
        if (alert.alertId().isPresent()) {
            generator.writeStringField("alertid", alert.alertId().get());
        }
        generator.writeNumberField("seq", alert.seq());
        generator.writeNumberField("priority", alert.priority());
        generator.writeStringField("datasha256", alert.sha256());
    }

    private static void writeAscii(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
