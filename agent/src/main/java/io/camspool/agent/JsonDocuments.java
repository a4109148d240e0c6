package io.camspool.agent;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Splits an input into JSON documents without changing a byte of them: a first line that is a
/// whole JSON value means one document a line, so that each can be stored as it comes; anything
/// else is one document over many lines.
final class JsonDocuments {
    private static final JsonFactory JSON = new JsonFactory();

    /// @param line where it begins, from 1
    @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
    record Document(byte[] bytes, int line) {}

    private final InputStream in;
    private final int maxBytes;
    private int line;
    private boolean oneALine;

    JsonDocuments(InputStream in, int maxBytes) {
        this.in = in;
        this.maxBytes = maxBytes;
    }

    /// The next document; null: there is none.
    @Nullable Document next() throws IOException {
        for (var text = readLine(); text != null; text = readLine()) {
            line++;
            if (isBlank(text)) {
                continue;
            }
            if (oneALine || isWhole(text)) {
                oneALine = true;
                return new Document(text, line);
            }
            return new Document(withRest(text), line);
        }
        return null;
    }

    /// A line without its end, at most one byte longer than what is allowed; null at the end.
    private byte @Nullable [] readLine() throws IOException {
        var text = new ByteArrayOutputStream();
        var any = false;
        for (var next = in.read(); next != -1; next = in.read()) {
            any = true;
            if (next == '\n') {
                break;
            }
            if (text.size() <= maxBytes) {
                text.write(next);
            }
        }
        return any ? text.toByteArray() : null;
    }

    private byte[] withRest(byte[] first) throws IOException {
        var document = new ByteArrayOutputStream();
        document.write(first);
        document.write('\n');
        document.write(in.readNBytes(Math.max(0, maxBytes + 1 - document.size())));
        oneALine = true;
        var bytes = document.toByteArray();
        var end = bytes.length;
        while (end > 0 && Character.isWhitespace(bytes[end - 1])) {
            end--;
        }
        return Arrays.copyOf(bytes, end);
    }

    private static boolean isBlank(byte[] text) {
        for (var character : text) {
            if (!Character.isWhitespace(character)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWhole(byte[] text) {
        try (var parser = JSON.createParser(text)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                parser.skipChildren();
            }
            return parser.currentToken() != JsonToken.START_OBJECT && parser.nextToken() == null;
        } catch (IOException _) {
            return false;
        }
    }
}
