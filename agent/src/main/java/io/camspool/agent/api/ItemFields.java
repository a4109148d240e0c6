package io.camspool.agent.api;

import io.camspool.agent.http.Fields;
import io.camspool.agent.http.Problem;
import io.camspool.agent.http.ProblemException;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// What is said of an item, each thing in the query or in a header: `camera` or `Camspool-Camera`.
/// Said in both, it must be the same. Headers are percent-encoded, as the query is.
final class ItemFields {
    private static final List<String> NAMES =
            List.of("camera", "alert", "time", Labels.FIELD, "priority");
    private static final int MAX_LENGTH = 1_024;

    /// Headers of a request, or of a part of one.
    interface Headers {
        List<String> all(String name);
    }

    private final Optional<Fields> query;
    private final List<String> queryLabels;
    private final Headers headers;

    private ItemFields(Optional<Fields> query, List<String> queryLabels, Headers headers) {
        this.query = query;
        this.queryLabels = queryLabels;
        this.headers = headers;
    }

    /// @param more what may be said of the content besides
    static ItemFields of(ServerRequest request, List<String> more) {
        var known = new TreeSet<>(NAMES);
        known.addAll(more);
        var query = Fields.ofQuery(request, known.toArray(String[]::new));
        return new ItemFields(
                Optional.of(query),
                request.query().contains(Labels.FIELD)
                        ? request.query().all(Labels.FIELD)
                        : List.of(),
                name -> request.headers().all(HeaderNames.create(name), List::of));
    }

    static ItemFields of(Headers headers) {
        return new ItemFields(Optional.empty(), List.of(), headers);
    }

    Optional<String> camera() {
        return text("camera");
    }

    Optional<String> alert() {
        return text("alert");
    }

    Optional<Instant> time() {
        return text("time").map(text -> time("time", text));
    }

    static Instant time(String field, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException _) {
            throw new ProblemException(
                    Problem.invalid(
                                    field,
                                    text,
                                    "RFC 3339, as 2026-11-24T10:15:30.123Z or 2026-11-24T11:15:30+01:00")
                            .hint("in a query the + of an offset is written %2B"));
        }
    }

    Map<String, String> labels() {
        var header = headerOf(Labels.FIELD);
        var texts = new LinkedHashSet<>(queryLabels);
        for (var text : headers.all(header)) {
            texts.add(decoded(header, text));
        }
        return Labels.parse(Labels.FIELD, List.copyOf(texts));
    }

    Optional<Integer> priority() {
        return number("priority", 0, 9);
    }

    Optional<Integer> number(String name, int min, int max) {
        return text(name)
                .map(
                        text -> {
                            if (text.matches("[0-9]{1,9}")) {
                                var number = Integer.parseInt(text);
                                if (number >= min && number <= max) {
                                    return number;
                                }
                            }
                            throw new ProblemException(
                                    Problem.invalid(
                                            name,
                                            text,
                                            "a whole number from " + min + " to " + max));
                        });
    }

    Optional<String> oneOf(String name, List<String> allowed) {
        var given = text(name);
        if (given.isPresent() && !allowed.contains(given.get())) {
            throw new ProblemException(
                    Problem.invalid(name, given.get(), String.join(", ", allowed)));
        }
        return given;
    }

    private Optional<String> text(String name) {
        var asked = query.flatMap(fields -> fields.text(name, MAX_LENGTH));
        var said = header(name);
        if (asked.isPresent() && said.isPresent() && !asked.equals(said)) {
            throw new ProblemException(
                    Problem.invalid(
                            name,
                            asked.get(),
                            "the same in the query and in " + headerOf(name) + ", or one of them"));
        }
        return asked.or(() -> said);
    }

    private Optional<String> header(String name) {
        var header = headerOf(name);
        var values = headers.all(header);
        if (values.isEmpty()) {
            return Optional.empty();
        }
        if (values.size() > 1) {
            throw new ProblemException(
                    Problem.invalid(header, String.join(", ", values), "one value"));
        }
        return Optional.of(decoded(header, values.getFirst()));
    }

    private static String headerOf(String name) {
        return "Camspool-" + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    private static String decoded(String header, String value) {
        var bytes = ByteBuffer.allocate(value.length());
        for (var i = 0; i < value.length(); i++) {
            var character = value.charAt(i);
            if (character == '%' && isHex(value, i + 1) && isHex(value, i + 2)) {
                bytes.put((byte) Integer.parseInt(value.substring(i + 1, i + 3), 16));
                i += 2;
            } else if (character == '%' || character < ' ' || character > '~') {
                throw notEncoded(header, value);
            } else {
                bytes.put((byte) character);
            }
        }
        try {
            var text = StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
            if (text.chars().anyMatch(Character::isISOControl)) {
                throw new ProblemException(
                        Problem.invalid(header, value, "text without control characters"));
            }
            return text;
        } catch (CharacterCodingException _) {
            throw notEncoded(header, value);
        }
    }

    private static boolean isHex(String text, int at) {
        return at < text.length() && Character.digit(text.charAt(at), 16) >= 0;
    }

    private static ProblemException notEncoded(String header, String value) {
        return new ProblemException(
                Problem.invalid(
                                header,
                                value,
                                "ASCII; % and all else percent-encoded as UTF-8, as in a query")
                        .hint("%25 stands for %, %E9%97%A8 for 门"));
    }
}
