package io.camspool.agent.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.camspool.ItemId;
import io.camspool.NearestWord;
import io.camspool.agent.config.Amounts;
import io.camspool.agent.http.Problem;
import io.camspool.agent.http.ProblemException;
import io.camspool.agent.http.ProblemType;
import io.camspool.agent.http.RequestBody;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// The JSON object in the body of a request: flat, its fields known. No body counts as an empty
/// one.
final class RequestJson {
    /// A thousand ids and what stands around them.
    private static final int MAX_BYTES = 256 << 10;

    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(2)
                                    .maxStringLength(MAX_BYTES)
                                    .build())
                    .build();

    private final Map<String, Object> values;

    private RequestJson(Map<String, Object> values) {
        this.values = values;
    }

    /// Refuses a field that is not among those known, with the nearest one that is.
    static RequestJson of(ServerRequest request, String... known) {
        try (var parser = JSON.createParser(RequestBody.bytes(request, MAX_BYTES))) {
            var first = parser.nextToken();
            if (first == null) {
                return new RequestJson(Map.of());
            }
            if (first != JsonToken.START_OBJECT) {
                throw notAnObject();
            }
            var values = new LinkedHashMap<String, Object>();
            for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                requireKnown(name, List.of(known));
                if (values.put(name, value(parser)) != null) {
                    throw refused(name, name, "each field once");
                }
            }
            if (parser.nextToken() != null) {
                throw notAnObject();
            }
            return new RequestJson(values);
        } catch (IOException _) {
            throw notAnObject();
        }
    }

    private static Object value(JsonParser parser) throws IOException {
        return switch (parser.nextToken()) {
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT ->
                    parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                            ? parser.getText()
                            : (Object) parser.getLongValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case START_ARRAY -> {
                var texts = new ArrayList<String>();
                for (var token = parser.nextToken();
                        token != JsonToken.END_ARRAY;
                        token = parser.nextToken()) {
                    if (token != JsonToken.VALUE_STRING) {
                        throw notAnObject();
                    }
                    texts.add(parser.getText());
                }
                yield texts;
            }
            case null, default -> throw notAnObject();
        };
    }

    private static void requireKnown(String name, List<String> known) {
        if (known.contains(name)) {
            return;
        }
        var problem = Problem.invalid(name, name, String.join(", ", new TreeSet<>(known)));
        throw new ProblemException(
                NearestWord.meant(name, known)
                        .map(
                                nearest ->
                                        problem.hint(
                                                "unknown field; did you mean '" + nearest + "'?"))
                        .orElse(problem.hint("unknown field")));
    }

    private static ProblemException notAnObject() {
        return new ProblemException(
                Problem.of(
                        ProblemType.BAD_BODY,
                        "the body is not one JSON object of plain values and lists of texts"));
    }

    private static ProblemException refused(String field, Object value, String allowed) {
        return new ProblemException(Problem.invalid(field, value.toString(), allowed));
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    Optional<String> text(String name, int maxLength) {
        return Optional.ofNullable(values.get(name))
                .map(
                        value -> {
                            if (value instanceof String text && text.length() <= maxLength) {
                                return text;
                            }
                            throw refused(
                                    name, value, "a text of at most " + maxLength + " characters");
                        });
    }

    Optional<Long> number(String name, long min, long max) {
        return Optional.ofNullable(values.get(name))
                .map(
                        value -> {
                            if (value instanceof Long number && number >= min && number <= max) {
                                return number;
                            }
                            throw refused(name, value, "a whole number from " + min + " to " + max);
                        });
    }

    boolean flag(String name) {
        return switch (values.get(name)) {
            case null -> false;
            case Boolean flag -> flag;
            case Object value -> throw refused(name, value, "true or false");
        };
    }

    Optional<String> oneOf(String name, List<String> allowed) {
        return Optional.ofNullable(values.get(name))
                .map(
                        value -> {
                            if (value instanceof String text && allowed.contains(text)) {
                                return text;
                            }
                            throw refused(name, value, String.join(", ", allowed));
                        });
    }

    Optional<Duration> span(String name) {
        return text(name, 30)
                .map(
                        text ->
                                Amounts.duration(text)
                                        .orElseThrow(
                                                () ->
                                                        refused(
                                                                name,
                                                                text,
                                                                "a number and one of ms, s, m, h, d")));
    }

    List<String> texts(String name, int maxItems) {
        return switch (values.get(name)) {
            case null -> List.of();
            case List<?> list when list.size() <= maxItems ->
                    list.stream().map(String.class::cast).toList();
            case Object value ->
                    throw refused(name, value, "a list of at most " + maxItems + " texts");
        };
    }

    List<ItemId> ids(String name, int maxItems) {
        return texts(name, maxItems).stream().map(ItemId::new).toList();
    }

    static <T> T required(String name, Optional<T> value, String allowed) {
        return value.orElseThrow(() -> refused(name, "", allowed));
    }
}
