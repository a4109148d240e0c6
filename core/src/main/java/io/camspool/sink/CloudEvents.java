package io.camspool.sink;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.camspool.StoredAlert;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Collectors;

/// The CloudEvents 1.0 envelope of an alert. The alert's JSON stands in `data` byte for byte.
public final class CloudEvents {
    public static final String ALERT_TYPE = "io.camspool.alert";

    /// Tells that items were dropped before every required sink had them.
    public static final String DROPPED_TYPE = "io.camspool.dropped";

    /// Tells what became of the captures of an alert that went incomplete.
    public static final String COMPLETED_TYPE = "io.camspool.completed";

    /// What stands for itself in a URL's path (RFC 3986), and the `/` between its parts.
    private static final String PLAIN =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";

    private static final JsonFactory JSON = new JsonFactory();

    private CloudEvents() {}

    /// One alert as a structured-mode JSON event.
    public static byte[] alert(Delivery delivery, StoredAlert alert, byte[] json) {
        return event(delivery, alert, "data", json);
    }

    /// The same in one line, without its end: JSON that has line breaks stands in `data_base64`, so
    /// that its bytes stay what they are.
    public static byte[] line(Delivery delivery, StoredAlert alert, byte[] json) {
        for (var letter : json) {
            if (letter == '\n' || letter == '\r') {
                var text = '"' + Base64.getEncoder().encodeToString(json) + '"';
                return event(
                        delivery, alert, "data_base64", text.getBytes(StandardCharsets.US_ASCII));
            }
        }
        return alert(delivery, alert, json);
    }

    private static byte[] event(Delivery delivery, StoredAlert alert, String field, byte[] json) {
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
            writeAscii(out, ",\"" + field + "\":");
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
        generator.writeStringField("type", alert.event().orElse(ALERT_TYPE));
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
        var captures = delivery.captures();
        if (!captures.isEmpty()) {
            generator.writeStringField(
                    "captures",
                    captures.stream()
                            .map(capture -> percentEncoded(capture.key()))
                            .collect(Collectors.joining(" ")));
        }
        if (captures.stream().anyMatch(capture -> capture.url().isPresent())) {
            generator.writeStringField(
                    "captureurls",
                    captures.stream()
                            .map(capture -> capture.url().orElse("-"))
                            .collect(Collectors.joining(" ")));
        }
        if (delivery.isIncomplete()) {
            generator.writeBooleanField("incomplete", true);
        }
    }

    /// A key as it stands in a URL's path: no white space is left, so that several fit into one
    /// attribute.
    public static String percentEncoded(String key) {
        var text = new StringBuilder();
        for (var each : key.getBytes(StandardCharsets.UTF_8)) {
            var isPlain = each > 0 && PLAIN.indexOf(each) >= 0;
            text.append(isPlain ? String.valueOf((char) each) : "%%%02X".formatted(each));
        }
        return text.toString();
    }

    private static void writeAscii(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
