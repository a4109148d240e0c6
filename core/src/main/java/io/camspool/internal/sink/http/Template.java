package io.camspool.internal.sink.http;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.NearestWord;
import io.camspool.sink.CloudEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Text with placeholders, checked when it is made.
///
/// In JSON a placeholder between quotes gives the value's text, escaped; elsewhere it gives the
/// value itself: a string with its quotes, a number, an object, `null`. In an address it is
/// percent-encoded; only keys and sources, which are paths, keep their `/`.
final class Template {
    /// Where a template is used.
    enum Use {
        JSON,
        TEXT,
        URL
    }

    private static final Pattern IN_TEXT = Pattern.compile("\\$\\{([^{}]*)}");
    private static final Pattern IN_URL = Pattern.compile("\\{([^{}]*)}");

    private static final Pattern PATH = Pattern.compile("key|source|captures\\[\\d+]\\.key");

    private sealed interface Part {}

    private record Literal(String text) implements Part {}

    private record Placeholder(String name, boolean quoted) implements Part {}

    private final Use use;
    private final List<Part> parts = new ArrayList<>();

    /// @param field as the setting is called in messages
    /// @param known names of placeholders; one that ends with `*` stands for all that begin so
    Template(String field, String text, Use use, Set<String> known) {
        this.use = use;
        var matcher = (use == Use.URL ? IN_URL : IN_TEXT).matcher(text);
        var quotes = new Quotes();
        var at = 0;
        while (matcher.find()) {
            var literal = text.substring(at, matcher.start());
            quotes.pass(literal);
            parts.add(new Literal(literal));
            var name = matcher.group(1);
            check(field, name, known);
            parts.add(new Placeholder(name, quotes.open));
            at = matcher.end();
        }
        parts.add(new Literal(text.substring(at)));
        if (use == Use.JSON && !Json.isOne(fill(_ -> Json.Value.raw("0")))) {
            throw new CamspoolException(
                    Reason.INVALID, field + ": the template is not JSON once it is filled");
        }
    }

    private static void check(String field, String name, Set<String> known) {
        for (var one : known) {
            var isKnown =
                    one.endsWith("*")
                            ? name.startsWith(one.substring(0, one.length() - 1))
                                    && name.length() >= one.length()
                            : name.equals(one);
            if (isKnown && Fields.isWhole(name)) {
                return;
            }
        }
        throw new CamspoolException(
                Reason.INVALID,
                "%s: there is no placeholder %s; the nearest is %s"
                        .formatted(field, name, NearestWord.of(name, known).orElseThrow()));
    }

    /// Whether it has this placeholder.
    boolean has(String name) {
        return parts.stream()
                .anyMatch(part -> part instanceof Placeholder known && known.name.equals(name));
    }

    /// The text with each placeholder's value.
    String fill(Function<String, Json.Value> values) {
        var filled = new StringBuilder();
        for (var part : parts) {
            switch (part) {
                case Literal literal -> filled.append(literal.text);
                case Placeholder known -> filled.append(text(known, values.apply(known.name)));
            }
        }
        return filled.toString();
    }

    private String text(Placeholder placeholder, Json.Value value) {
        return switch (use) {
            case TEXT -> value.text();
            case URL ->
                    PATH.matcher(placeholder.name).matches()
                            ? CloudEvents.percentEncoded(value.text())
                            : CloudEvents.percentEncoded(value.text()).replace("/", "%2F");
            case JSON -> placeholder.quoted ? Json.escaped(value.text()) : value.asJson();
        };
    }

    /// Whether a place in JSON is inside a string.
    private static final class Quotes {
        private boolean open;
        private boolean escaped;

        private void pass(String text) {
            for (var i = 0; i < text.length(); i++) {
                var letter = text.charAt(i);
                if (escaped) {
                    escaped = false;
                } else if (open && letter == '\\') {
                    escaped = true;
                } else if (letter == '"') {
                    open = !open;
                }
            }
        }
    }
}
