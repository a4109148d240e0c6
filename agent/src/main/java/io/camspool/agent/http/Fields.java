package io.camspool.agent.http;

import io.camspool.NearestWord;
import io.helidon.common.uri.UriQuery;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The query parameters of a request, each given at most once and all of them known; and its
/// headers, read with the same care.
public final class Fields {
    private final UriQuery query;

    private Fields(UriQuery query) {
        this.query = query;
    }

    /// Refuses a parameter that is not among those known, with the nearest one that is.
    public static Fields ofQuery(ServerRequest request, String... known) {
        var query = request.query();
        for (var name : query.names()) {
            if (!Set.of(known).contains(name)) {
                throw new ProblemException(unknown(name, List.of(known)));
            }
        }
        return new Fields(query);
    }

    private static Problem unknown(String name, List<String> known) {
        var problem =
                Problem.invalid(
                        name,
                        name,
                        known.isEmpty() ? "no parameter" : String.join(", ", new TreeSet<>(known)));
        return NearestWord.meant(name, known)
                .map(nearest -> problem.hint("unknown parameter; did you mean '" + nearest + "'?"))
                .orElse(problem.hint("unknown parameter"));
    }

    public Optional<String> text(String name, int maxLength) {
        if (!query.contains(name)) {
            return Optional.empty();
        }
        return Optional.of(checked(name, query.all(name), maxLength));
    }

    public Optional<Long> number(String name, long min, long max) {
        return text(name, 19).map(text -> number(name, text, min, max));
    }

    public Optional<String> oneOf(String name, List<String> allowed) {
        var given = text(name, 100);
        if (given.isPresent() && !allowed.contains(given.get())) {
            throw new ProblemException(
                    Problem.invalid(name, given.get(), String.join(", ", allowed)));
        }
        return given;
    }

    /// A header that may be given once. One that is empty counts as none.
    public static Optional<String> header(ServerRequest request, String name, int maxLength) {
        var values = request.headers().all(HeaderNames.create(name), List::of);
        return values.isEmpty()
                ? Optional.empty()
                : Optional.of(checked(name, values, maxLength)).filter(text -> !text.isEmpty());
    }

    private static String checked(String name, List<String> values, int maxLength) {
        if (values.size() > 1) {
            throw new ProblemException(
                    Problem.invalid(name, String.join(", ", values), "one value"));
        }
        var value = values.getFirst();
        if (value.length() > maxLength) {
            throw new ProblemException(
                    Problem.invalid(name, value, "at most " + maxLength + " characters"));
        }
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new ProblemException(
                    Problem.invalid(name, value, "text without control characters"));
        }
        return value;
    }

    private static long number(String name, String text, long min, long max) {
        try {
            var number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException _) {
            // refused below
        }
        throw new ProblemException(
                Problem.invalid(name, text, "a whole number from " + min + " to " + max));
    }
}
