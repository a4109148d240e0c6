package io.camspool.agent.api;

import io.camspool.agent.http.Problem;
import io.camspool.agent.http.ProblemException;
import io.camspool.agent.http.ProblemType;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A value as `text/plain; charset=utf-8`, of `Content-Type` and of `Content-Disposition`.
///
/// @param name in lower case
/// @param parameters by their names in lower case; of repeated ones the first
record MediaType(String name, Map<String, String> parameters) {
    static MediaType of(String value) {
        var end = value.indexOf(';');
        var name = (end < 0 ? value : value.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        return new MediaType(name, end < 0 ? Map.of() : parameters(value, end));
    }

    Optional<String> parameter(String parameter) {
        return Optional.ofNullable(parameters.get(parameter));
    }

    /// JSON is UTF-8.
    MediaType requireUtf8() {
        var charset = parameter("charset");
        if (charset.isPresent() && !charset.get().equalsIgnoreCase("utf-8")) {
            throw notAllowed(name + "; charset=" + charset.get(), "UTF-8");
        }
        return this;
    }

    static ProblemException notAllowed(String given, String allowed) {
        var problem =
                new Problem(
                        ProblemType.MEDIA_TYPE_NOT_ALLOWED,
                        "Content-Type: not allowed here",
                        Optional.of("Content-Type"),
                        Optional.of(given),
                        Optional.of(allowed),
                        Optional.empty(),
                        Optional.empty());
        return new ProblemException(
                problem.hint("say what the body is, as curl -H 'Content-Type: image/jpeg' does"));
    }

    private static Map<String, String> parameters(String value, int from) {
        var parameters = new HashMap<String, String>();
        var at = from;
        while (at < value.length()) {
            var equals = value.indexOf('=', at);
            if (equals < 0) {
                break;
            }
            var name = value.substring(at + 1, equals).strip().toLowerCase(Locale.ROOT);
            var text = new StringBuilder();
            at = equals + 1;
            if (at < value.length() && value.charAt(at) == '"') {
                for (at++; at < value.length() && value.charAt(at) != '"'; at++) {
                    if (value.charAt(at) == '\\' && at + 1 < value.length()) {
                        at++;
                    }
                    text.append(value.charAt(at));
                }
                at = value.indexOf(';', at);
            } else {
                var end = value.indexOf(';', at);
                text.append(value.substring(at, end < 0 ? value.length() : end).strip());
                at = end;
            }
            parameters.putIfAbsent(name, text.toString());
            if (at < 0) {
                break;
            }
        }
        return Map.copyOf(parameters);
    }
}
