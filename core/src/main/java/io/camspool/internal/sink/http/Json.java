package io.camspool.internal.sink.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Finds single values in JSON without building it.
final class Json {
    private static final int MAX_DEPTH = 1_000;

    /// Names are not interned: they are the receivers' and the alerts'.
    static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_DEPTH)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .maxNumberLength(Integer.MAX_VALUE)
                                    .build())
                    .disable(JsonFactory.Feature.CHARSET_DETECTION)
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .build();

    private Json() {}

    /// A value, as text, and how it stands in JSON.
    ///
    /// @param text empty for `null`
    /// @param json null: the text as a string
    record Value(String text, @Nullable String json) {
        static final Value NULL = new Value("", "null");

        static Value string(String text) {
            return new Value(text, null);
        }

        /// What is JSON already.
        static Value raw(String json) {
            return new Value(json, json);
        }

        String asJson() {
            return json != null ? json : quoted(text);
        }
    }

    /// The value that a pointer leads to; null where there is none. What was cut off at its end may
    /// still be found.
    static @Nullable Value at(byte[] json, JsonPointer pointer) {
        try (var parser = FACTORY.createParser(json)) {
            parser.nextToken();
            for (var left = pointer; !left.matches(); left = left.tail()) {
                if (!enter(parser, left)) {
                    return null;
                }
            }
            return parser.currentToken() == null ? null : value(parser, json);
        } catch (IOException _) {
            return null;
        }
    }

    private static boolean enter(JsonParser parser, JsonPointer step) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                parser.nextToken();
                if (name.equals(step.getMatchingProperty())) {
                    return true;
                }
                parser.skipChildren();
            }
            return false;
        }
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            for (var index = 0; parser.nextToken() != JsonToken.END_ARRAY; index++) {
                if (parser.currentToken() == null) {
                    return false;
                }
                if (index == step.getMatchingIndex()) {
                    return true;
                }
                parser.skipChildren();
            }
        }
        return false;
    }

    private static Value value(JsonParser parser, byte[] json) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> Value.string(parser.getText());
            case VALUE_NULL -> Value.NULL;
            case START_OBJECT, START_ARRAY -> {
                var from = (int) parser.currentTokenLocation().getByteOffset();
                parser.skipChildren();
                var to = (int) parser.currentLocation().getByteOffset();
                yield Value.raw(new String(json, from, to - from, StandardCharsets.UTF_8));
            }
            default -> Value.raw(parser.getText());
        };
    }

    /// Whether it is one JSON value.
    static boolean isOne(String text) {
        try (var parser = FACTORY.createParser(text)) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            return parser.currentToken() != null && parser.nextToken() == null;
        } catch (IOException _) {
            return false;
        }
    }

    static String quoted(String text) {
        return '"' + escaped(text) + '"';
    }

    /// As it stands between quotes.
    static String escaped(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(text));
    }
}
