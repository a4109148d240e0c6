package io.camspool.agent.api;

import io.camspool.agent.http.Problem;
import io.camspool.agent.http.ProblemException;
import io.camspool.agent.http.ProblemType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the parts of a `multipart/form-data` body one after the other, each as a stream. Confined
/// to one thread.
///
/// Between two parts stands a delimiter: a line end, `--` and the boundary. What is in the buffer
/// is a part's as far as no delimiter can begin in it.
final class Multipart {
    private static final int BUFFER_BYTES = 32 << 10;
    private static final int MAX_BOUNDARY = 70;
    private static final int MAX_HEADER_BYTES = 8 << 10;

    private final InputStream in;
    private final byte[] delimiter;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int start;
    private int end;
    private @Nullable PartStream current;

    private Multipart(InputStream in, byte[] delimiter) {
        this.in = in;
        this.delimiter = delimiter;
        // The first delimiter may stand at the very start, without its line end.
        buffer[end++] = '\r';
        buffer[end++] = '\n';
        current = new PartStream();
    }

    static Multipart of(InputStream in, MediaType type) {
        var boundary = type.parameter("boundary").orElse("");
        if (boundary.isEmpty()
                || boundary.length() > MAX_BOUNDARY
                || !boundary.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw new ProblemException(
                    Problem.invalid(
                            "boundary", boundary, "1 to " + MAX_BOUNDARY + " ASCII characters"));
        }
        return new Multipart(in, ("\r\n--" + boundary).getBytes(StandardCharsets.US_ASCII));
    }

    /// One part; its content must be read before the next part is asked for.
    ///
    /// @param headers values by names in lower case
    record Part(String name, Map<String, List<String>> headers, InputStream content) {
        List<String> all(String header) {
            return headers.getOrDefault(header.toLowerCase(Locale.ROOT), List.of());
        }

        Optional<MediaType> mediaType() {
            return all("Content-Type").stream().findFirst().map(MediaType::of);
        }
    }

    /// The next part; empty: there is none.
    Optional<Part> next() throws IOException {
        if (current == null) {
            return Optional.empty();
        }
        current.skip();
        start += delimiter.length;
        while (end - start < 2) {
            fill();
        }
        if (buffer[start] == '-' && buffer[start + 1] == '-') {
            current = null;
            return Optional.empty();
        }
        var headers = headers();
        current = new PartStream();
        return Optional.of(new Part(nameOf(headers), headers, current));
    }

    private Map<String, List<String>> headers() throws IOException {
        if (!line(MAX_HEADER_BYTES).isBlank()) {
            throw malformed("something follows a boundary");
        }
        var headers = new LinkedHashMap<String, List<String>>();
        var left = MAX_HEADER_BYTES;
        for (var line = line(left); !line.isEmpty(); line = line(left)) {
            left -= line.length() + 2;
            var colon = line.indexOf(':');
            if (colon < 1) {
                throw malformed("a header has no name");
            }
            headers.computeIfAbsent(
                            line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                            _ -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return headers;
    }

    private static String nameOf(Map<String, List<String>> headers) {
        var disposition =
                headers.getOrDefault("content-disposition", List.of("")).stream()
                        .findFirst()
                        .map(MediaType::of)
                        .orElseThrow();
        if (!disposition.name().equals("form-data")) {
            throw malformed("it has no Content-Disposition: form-data");
        }
        return disposition.parameter("name").orElseThrow(() -> malformed("it has no name"));
    }

    /// Without its end. The bytes of names that nobody reads may be of any charset.
    private String line(int maxBytes) throws IOException {
        var text = new StringBuilder();
        for (var next = take(); next != '\r'; next = take()) {
            if (text.length() >= maxBytes) {
                throw malformed("its headers have more than " + MAX_HEADER_BYTES + " bytes");
            }
            text.append((char) next);
        }
        if (take() != '\n') {
            throw malformed("a line of its headers does not end");
        }
        return text.toString();
    }

    private int take() throws IOException {
        if (start == end) {
            fill();
        }
        return Byte.toUnsignedInt(buffer[start++]);
    }

    private void fill() throws IOException {
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        }
        var count = in.read(buffer, end, buffer.length - end);
        if (count < 0) {
            throw malformed("it ends before its last boundary");
        }
        end += count;
    }

    private static ProblemException malformed(String why) {
        return new ProblemException(
                Problem.of(ProblemType.BAD_BODY, "a part of the body can't be read: " + why));
    }

    /// Ends before the next delimiter.
    private final class PartStream extends InputStream {
        /// What of the buffer is known to be this part's.
        private int known;

        private boolean ended;

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (!look()) {
                return -1;
            }
            var count = Math.min(length, known);
            System.arraycopy(buffer, start, target, offset, count);
            start += count;
            known -= count;
            return count;
        }

        void skip() throws IOException {
            while (look()) {
                start += known;
                known = 0;
            }
        }

        /// Whether there is more; then at least one byte is known.
        private boolean look() throws IOException {
            while (known == 0 && !ended) {
                var found = delimiterAt();
                known = found - start;
                if (known == 0) {
                    if (end - found >= delimiter.length) {
                        ended = true;
                    } else {
                        fill();
                    }
                }
            }
            return !ended;
        }

        /// Where a delimiter stands, or could begin once more has come.
        private int delimiterAt() {
            for (var at = start; at < end; at++) {
                if (buffer[at] == '\r') {
                    var length = Math.min(delimiter.length, end - at);
                    if (Arrays.equals(buffer, at, at + length, delimiter, 0, length)) {
                        return at;
                    }
                }
            }
            return end;
        }
    }
}
