package io.camspool.agent.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.camspool.ItemId;
import io.camspool.agent.http.Problem;
import io.camspool.agent.http.ProblemException;
import io.camspool.agent.http.ProblemType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Finds the alerts of a JSON body without changing a byte of them, and checks each as far as the
/// spool would: so none of a batch is stored before all are known to be allowed. White space around
/// the whole, and a byte order mark, are not part of it.
final class AlertBody {
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    /// Attributes of a CloudEvent that are looked at.
    private static final Set<String> REQUIRED = Set.of("specversion", "id", "source", "type");

    private static final Set<String> OPTIONAL = Set.of("time", "subject");

    private final byte[] body;
    private final int start;
    private final int end;

    /// One alert, and what it says of itself.
    ///
    /// @param from its first byte in the body
    /// @param to after its last
    record Document(
            int from,
            int to,
            Optional<ItemId> id,
            Optional<Instant> time,
            Optional<String> alert) {}

    AlertBody(byte[] body) {
        this.body = body;
        var first = 0;
        if (body.length >= 3 && Arrays.equals(body, 0, 3, BYTE_ORDER_MARK, 0, 3)) {
            first = 3;
        }
        var last = body.length;
        while (first < last && isSpace(body[first])) {
            first++;
        }
        while (last > first && isSpace(body[last - 1])) {
            last--;
        }
        start = first;
        end = last;
    }

    boolean isArray() {
        return start < end && body[start] == '[';
    }

    byte[] bytes(Document document) {
        return document.from == 0 && document.to == body.length
                ? body
                : Arrays.copyOfRange(body, document.from, document.to);
    }

    /// The only alert; the spool looks into it.
    Document alert() {
        return new Document(start, end, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// The only alert, a CloudEvent.
    Document event(int maxDepth) {
        return parsed(
                maxDepth,
                parser -> {
                    if (parser.nextToken() != JsonToken.START_OBJECT) {
                        throw malformed("it is not an object");
                    }
                    var event = event(parser, "", start);
                    requireEnd(parser);
                    return event;
                });
    }

    /// All alerts of a batch.
    List<Document> batch(boolean events, IntakeSettings settings) {
        requireUtf8();
        return parsed(
                settings.maxAlertDepth() + 1,
                parser -> {
                    if (parser.nextToken() != JsonToken.START_ARRAY) {
                        throw malformed("it is not an array");
                    }
                    var documents = new ArrayList<Document>();
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        if (documents.size() == settings.maxBatchAlerts()) {
                            throw refused(
                                    "alerts",
                                    "more than " + settings.maxBatchAlerts(),
                                    "at most " + settings.maxBatchAlerts() + " in one body");
                        }
                        documents.add(element(parser, documents.size(), events, settings));
                    }
                    requireEnd(parser);
                    return documents;
                });
    }

    private Document element(JsonParser parser, int place, boolean events, IntakeSettings settings)
            throws IOException {
        var name = "[" + place + "]";
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw refused(name, String.valueOf(parser.getText()), "a JSON object");
        }
        var from = start + (int) parser.currentTokenLocation().getByteOffset();
        var document = events ? event(parser, name + ".", from) : skip(parser, from);
        var bytes = document.to - document.from;
        if (bytes > settings.maxAlertBytes()) {
            throw refused(name, bytes + " bytes", "at most " + settings.maxAlertBytes() + " bytes");
        }
        return document;
    }

    private Document skip(JsonParser parser, int from) throws IOException {
        parser.skipChildren();
        return new Document(
                from, position(parser), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private int position(JsonParser parser) {
        return start + (int) parser.currentLocation().getByteOffset();
    }

    private Document event(JsonParser parser, String prefix, int from) throws IOException {
        var attributes = new HashMap<String, String>();
        for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            var value = parser.nextToken();
            var isAbsent = value == JsonToken.VALUE_NULL && OPTIONAL.contains(name);
            if (isAbsent || !(REQUIRED.contains(name) || OPTIONAL.contains(name))) {
                parser.skipChildren();
            } else if (value != JsonToken.VALUE_STRING || parser.getText().isEmpty()) {
                throw refused(prefix + name, parser.getText(), "a text that is not empty");
            } else if (attributes.put(name, parser.getText()) != null) {
                throw refused(prefix + name, parser.getText(), "each attribute once");
            }
        }
        var version = required(attributes, "specversion", prefix);
        if (!version.equals("1.0")) {
            throw refused(prefix + "specversion", version, "1.0");
        }
        var id = required(attributes, "id", prefix);
        var source = required(attributes, "source", prefix);
        var _ = required(attributes, "type", prefix);
        return new Document(
                from,
                position(parser),
                Optional.of(CallersId.ofEvent(source, id)),
                Optional.ofNullable(attributes.get("time"))
                        .map(time -> ItemFields.time(prefix + "time", time)),
                Optional.ofNullable(attributes.get("subject")));
    }

    private static String required(Map<String, String> attributes, String name, String prefix) {
        var value = attributes.get(name);
        if (value == null) {
            throw refused(prefix + name, "", "a text: each CloudEvent has one");
        }
        return value;
    }

    private interface Reading<T> {
        T from(JsonParser parser) throws IOException;
    }

    /// A factory keeps the names that it has seen; so each body has one of its own.
    private <T> T parsed(int maxDepth, Reading<T> reading) {
        var json =
                JsonFactory.builder()
                        .streamReadConstraints(
                                StreamReadConstraints.builder()
                                        .maxNestingDepth(maxDepth)
                                        .maxStringLength(Math.max(1, body.length))
                                        .maxNameLength(Math.max(1, body.length))
                                        .maxNumberLength(Math.max(1, body.length))
                                        .build())
                        .disable(JsonFactory.Feature.CHARSET_DETECTION)
                        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                        .build();
        try (var parser = json.createParser(body, start, end - start)) {
            return reading.from(parser);
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw malformed(
                    at == null
                            ? "it is not JSON"
                            : "it is not JSON, or too deep, at line %d, column %d"
                                    .formatted(at.getLineNr(), at.getColumnNr()));
        } catch (IOException _) {
            throw malformed("it is not JSON");
        }
    }

    private static void requireEnd(JsonParser parser) throws IOException {
        if (parser.nextToken() != null) {
            throw malformed("something follows it");
        }
    }

    /// The parser skips over strings without looking at each byte.
    private void requireUtf8() {
        var decoder = StandardCharsets.UTF_8.newDecoder();
        var text = CharBuffer.allocate(4096);
        var bytes = ByteBuffer.wrap(body, start, end - start);
        for (var result = decoder.decode(bytes, text, true);
                !result.isUnderflow();
                result = decoder.decode(bytes, text.clear(), true)) {
            if (result.isError()) {
                throw malformed("it is not valid UTF-8");
            }
        }
    }

    private static boolean isSpace(byte character) {
        return character == ' ' || character == '\t' || character == '\r' || character == '\n';
    }

    private static ProblemException malformed(String why) {
        return new ProblemException(
                Problem.of(ProblemType.BAD_BODY, "the body can't be read: " + why));
    }

    private static ProblemException refused(String field, String value, String allowed) {
        return new ProblemException(Problem.invalid(field, value, allowed));
    }
}
