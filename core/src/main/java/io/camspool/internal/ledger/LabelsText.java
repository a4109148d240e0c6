package io.camspool.internal.ledger;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Labels as the JSON object that stands in a row; none is null.
final class LabelsText {
    private static final JsonFactory JSON = new JsonFactory();

    private LabelsText() {}

    static @Nullable String write(Map<String, String> labels) {
        if (labels.isEmpty()) {
            return null;
        }
        var text = new StringWriter();
        try (var generator = JSON.createGenerator(text)) {
            generator.writeStartObject();
            for (var label : new TreeMap<>(labels).entrySet()) {
                generator.writeStringField(label.getKey(), label.getValue());
            }
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    static Map<String, String> read(@Nullable String text) {
        if (text == null) {
            return Map.of();
        }
        var labels = new HashMap<String, String>();
        try (var parser = JSON.createParser(text)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                labels.put(parser.currentName(), parser.nextTextValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.copyOf(labels);
    }
}
