package io.camspool.agent.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/// Sends stored bytes whole, in part, or not at all where the client has them (RFC 9110, 13 and
/// 14).
public final class Ranges {
    private static final Pattern ONE_RANGE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");
    private static final int BUFFER_BYTES = 64 << 10;

    /// Bytes that never change under their tag.
    public interface Content {
        /// In bytes.
        long size();

        /// In quotes, as `"abc"`.
        String etag();

        String mediaType();

        InputStream open() throws IOException;
    }

    /// @param to the last one, included
    private record Part(long from, long to) {
        long length() {
            return to - from + 1;
        }
    }

    private Ranges() {}

    public static void send(ServerRequest request, ServerResponse response, Content content)
            throws IOException {
        var size = content.size();
        response.header(HeaderNames.ETAG, content.etag());
        if (hasIt(request, content.etag())) {
            response.status(Status.NOT_MODIFIED_304).send();
            return;
        }
        response.header(HeaderNames.ACCEPT_RANGES, "bytes");
        response.header(HeaderNames.CONTENT_TYPE, content.mediaType());
        var asked = asked(request, content.etag(), size);
        if (asked.isPresent()) {
            var part = asked.get();
            if (part.from >= size) {
                response.header(HeaderNames.CONTENT_RANGE, "bytes */" + size);
                Answers.problem(
                        request,
                        response,
                        Problem.of(
                                ProblemType.RANGE_NOT_SATISFIABLE,
                                "there are only " + size + " bytes"));
                return;
            }
            response.status(Status.PARTIAL_CONTENT_206);
            response.header(
                    HeaderNames.CONTENT_RANGE, "bytes " + part.from + "-" + part.to + "/" + size);
        }
        var part = asked.orElse(new Part(0, size - 1));
        response.contentLength(part.length());
        if (Answers.isHead(request) || part.length() == 0) {
            response.send();
            return;
        }
        try (var in = content.open()) {
            in.skipNBytes(part.from);
            copy(in, response, part.length());
        }
    }

    private static void copy(InputStream in, ServerResponse response, long length)
            throws IOException {
        var buffer = new byte[(int) Math.min(BUFFER_BYTES, length)];
        try (var out = response.outputStream()) {
            for (var left = length; left > 0; ) {
                var count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (count < 0) {
                    throw new EOFException("it is shorter than it should be");
                }
                out.write(buffer, 0, count);
                left -= count;
            }
        }
    }

    private static boolean hasIt(ServerRequest request, String etag) {
        return request.headers()
                .first(HeaderNames.IF_NONE_MATCH)
                .map(
                        tags ->
                                Arrays.stream(tags.split(","))
                                        .map(tag -> tag.strip().replaceFirst("^W/", ""))
                                        .anyMatch(tag -> tag.equals("*") || tag.equals(etag)))
                .orElse(false);
    }

    /// The part that is asked for. What is no range of bytes, or is several, counts as none: then
    /// the whole is the right answer.
    private static Optional<Part> asked(ServerRequest request, String etag, long size) {
        var headers = request.headers();
        var range = headers.first(HeaderNames.RANGE);
        if (range.isEmpty()
                || !headers.first(HeaderNames.IF_RANGE).map(etag::equals).orElse(true)) {
            return Optional.empty();
        }
        var parts = ONE_RANGE.matcher(range.get());
        if (!parts.matches() || (parts.group(1).isEmpty() && parts.group(2).isEmpty())) {
            return Optional.empty();
        }
        if (parts.group(1).isEmpty()) {
            var last = Long.parseLong(parts.group(2));
            return Optional.of(new Part(last == 0 ? size : Math.max(0, size - last), size - 1));
        }
        var from = Long.parseLong(parts.group(1));
        var to = parts.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(parts.group(2));
        if (to < from) {
            return Optional.empty();
        }
        return Optional.of(new Part(from, Math.min(to, size - 1)));
    }
}
