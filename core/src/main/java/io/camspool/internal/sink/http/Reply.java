package io.camspool.internal.sink.http;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/// What a receiver answered, as far as it is read.
final class Reply {
    private static final int MAX_TEXT = 1_000;

    private final int status;
    private final HttpHeaders headers;
    private final byte[] body;

    Reply(int status, HttpHeaders headers, byte[] body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    int status() {
        return status;
    }

    Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    byte[] body() {
        return body;
    }

    /// The beginning of the answer, for people.
    String text() {
        var text = new String(body, StandardCharsets.UTF_8).strip();
        return text.length() <= MAX_TEXT
                ? text
                : text.substring(0, MAX_TEXT - 1).replaceAll("[\\uD800-\\uDBFF]$", "") + "…";
    }

    boolean isRedirect() {
        return status / 100 == 3;
    }

    /// A page for people, whatever it says.
    boolean isHtml() {
        var type = header("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        var start = text().toLowerCase(Locale.ROOT);
        return type.startsWith("text/html")
                || type.startsWith("application/xhtml")
                || start.startsWith("<!doctype html")
                || start.startsWith("<html");
    }
}
