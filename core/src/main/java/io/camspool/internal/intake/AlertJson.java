package io.camspool.internal.intake;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/// Checks that bytes are one JSON object in UTF-8 within limits; changes nothing in them.
final class AlertJson {
    /// A factory keeps the names that it has seen; after so many bytes it is replaced.
    private static final long FACTORY_BYTES = 8_000_000;

    /// What the parser says of its own settings and of its source; where the fault is is said
    /// anyway.
    private static final Pattern FOR_PROGRAMMERS =
            Pattern.compile(
                    " \\(start marker at .*|: enable `.*|, from `[^`]*`|: maybe a \\(non-standard\\) comment.*",
                    Pattern.DOTALL);

    private final int maxBytes;
    private final int maxDepth;
    private final AtomicLong checkedBytes = new AtomicLong();
    private volatile JsonFactory json;

    AlertJson(int maxBytes, int maxDepth) {
        this.maxBytes = maxBytes;
        this.maxDepth = maxDepth;
        this.json = newFactory();
    }

    private JsonFactory newFactory() {
        return JsonFactory.builder()
                .streamReadConstraints(
                        StreamReadConstraints.builder()
                                .maxNestingDepth(maxDepth)
                                .maxStringLength(maxBytes)
                                .maxNameLength(maxBytes)
                                .maxNumberLength(maxBytes)
                                .build())
                .disable(JsonFactory.Feature.CHARSET_DETECTION)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .build();
    }

    /// Throws with reason INVALID and where the fault is.
    void check(byte[] bytes) {
        if (bytes.length > maxBytes) {
            throw CamspoolException.invalid(
                    "alert size", bytes.length, "at most " + maxBytes + " bytes");
        }
        if (checkedBytes.addAndGet(bytes.length) > FACTORY_BYTES) {
            checkedBytes.set(0);
            json = newFactory();
        }
        try (var parser = json.createParser(bytes)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw refused("it is not an object", 1, 1);
            }
            var depth = 1;
            while (depth > 0) {
                var token = parser.nextToken();
                if (token == null) {
                    throw refused("it ends too early", 1, bytes.length);
                }
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            }
            if (parser.nextToken() != null) {
                var at = parser.currentTokenLocation();
                throw refused("something follows the object", at.getLineNr(), at.getColumnNr());
            }
            checkUtf8(bytes);
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw refused(
                    FOR_PROGRAMMERS.matcher(e.getOriginalMessage()).replaceAll(""),
                    at == null ? 1 : at.getLineNr(),
                    at == null ? 1 : at.getColumnNr());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The parser skips over strings without looking at each byte.
    private static void checkUtf8(byte[] bytes) {
        try {
            var _ = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException e) {
            throw new CamspoolException(
                    Reason.INVALID,
                    "the alert is not allowed: it is not valid UTF-8; allowed: one JSON object in UTF-8",
                    e);
        }
    }

    /// Lines are the alert's own: one on a single line has none, as it may be one of many lines.
    private static CamspoolException refused(String why, int line, int column) {
        return new CamspoolException(
                Reason.INVALID,
                "the alert is not allowed: %s (%scolumn %d); allowed: one JSON object in UTF-8"
                        .formatted(why, line == 1 ? "" : "its line " + line + ", ", column));
    }
}
