package io.camspool.agent.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.camspool.CamspoolException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;

/// What went wrong with a request, as RFC 9457 tells it.
///
/// @param detail of this occurrence, for people
/// @param field the parameter, header or JSON field at fault
/// @param value what was given for it, shortened
/// @param allowed what may be given
/// @param hint what to do
/// @param retryAfter when to try again, at the earliest
public record Problem(
        ProblemType type,
        String detail,
        Optional<String> field,
        Optional<String> value,
        Optional<String> allowed,
        Optional<String> hint,
        Optional<Duration> retryAfter) {
    static final String MEDIA_TYPE = "application/problem+json";

    private static final JsonFactory JSON = new JsonFactory();
    private static final int MAX_VALUE_LENGTH = 60;
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final String SAFE_TO_REPEAT =
            "repeat it with the same id: that never stores it twice";

    public static Problem of(ProblemType type, String detail) {
        return new Problem(
                type,
                detail,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /// A value that is not allowed.
    public static Problem invalid(String field, String value, String allowed) {
        var shown =
                value.codePointCount(0, value.length()) <= MAX_VALUE_LENGTH
                        ? value
                        : value.substring(0, value.offsetByCodePoints(0, MAX_VALUE_LENGTH)) + "…";
        return new Problem(
                ProblemType.INVALID,
                field + ": not allowed",
                Optional.of(field),
                Optional.of(shown),
                Optional.of(allowed),
                Optional.empty(),
                Optional.empty());
    }

    public static Problem of(CamspoolException failure) {
        var detail = String.valueOf(failure.getMessage());
        return switch (failure.reason()) {
            case INVALID -> of(ProblemType.INVALID, detail);
            case NOT_FOUND -> of(ProblemType.NOT_FOUND, detail);
            case CONFLICT -> of(ProblemType.CONFLICT, detail);
            case INTAKE_FULL -> of(ProblemType.INTAKE_FULL, detail).retryAfter(SOON);
            case STORAGE ->
                    of(isFull(failure) ? ProblemType.DISK_FULL : ProblemType.STORAGE, detail);
            case DAMAGED -> of(ProblemType.DAMAGED, detail);
            case CLOSED, LOCKED -> of(ProblemType.CLOSED, detail).retryAfter(SOON);
            case UNKNOWN_OUTCOME -> of(ProblemType.UNKNOWN_OUTCOME, detail).hint(SAFE_TO_REPEAT);
            case TIMEOUT -> of(ProblemType.TIMEOUT, detail).hint(SAFE_TO_REPEAT);
            case FORMAT -> of(ProblemType.STORAGE, detail);
        };
    }

    public Problem hint(String words) {
        return new Problem(type, detail, field, value, allowed, Optional.of(words), retryAfter);
    }

    public Problem retryAfter(Duration delay) {
        return new Problem(type, detail, field, value, allowed, hint, Optional.of(delay));
    }

    public int status() {
        return type.status();
    }

    byte[] json() {
        var bytes = new ByteArrayOutputStream();
        try (var json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /// The fields of its JSON object.
    public void write(JsonGenerator json) throws IOException {
        json.writeStringField("type", type.uri());
        json.writeStringField("title", type.title());
        json.writeNumberField("status", type.status());
        json.writeStringField("detail", detail);
        if (field.isPresent()) {
            json.writeStringField("field", field.get());
        }
        if (value.isPresent()) {
            json.writeStringField("value", value.get());
        }
        if (allowed.isPresent()) {
            json.writeStringField("allowed", allowed.get());
        }
        if (hint.isPresent()) {
            json.writeStringField("hint", hint.get());
        }
    }

    /// Disk and ledger have no other way to tell it than in words.
    private static boolean isFull(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            var words = String.valueOf(cause.getMessage());
            if (words.contains("No space left on device")
                    || words.contains("Disk quota exceeded")
                    || words.contains("disk is full")) {
                return true;
            }
        }
        return false;
    }
}
