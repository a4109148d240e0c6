package io.camspool.agent;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.camspool.CamspoolException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Splits an input into JSON documents without changing a byte of them; white space around them,
/// and a byte order mark before the first, are not part of them.
///
/// A first line that stands for itself means one document a line, so that each can be stored as it
/// comes. It stands for itself when it is a whole JSON value, when nothing that follows could make
/// it one, or when the next line is a whole value that can't be a part of it. Anything else is one
/// document over many lines.
final class JsonDocuments {
    private static final String STDIN = "-";
    private static final JsonFactory JSON = new JsonFactory();
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    /// @param line where it begins, from 1
    @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
    record Document(byte[] bytes, int line) {}

    /// How far some bytes are from being one JSON value.
    private enum Form {
        WHOLE,
        /// More could make it whole.
        OPEN,
        /// Nothing could.
        BROKEN
    }

    private final InputStream in;
    private final int maxBytes;
    private int line;
    private boolean oneALine;
    private byte @Nullable [] readAhead;

    JsonDocuments(InputStream in, int maxBytes) {
        this.in = in;
        this.maxBytes = maxBytes;
    }

    /// A named file, or stdin.
    ///
    /// @param field as the name is called in messages
    static InputStream open(String field, String input) throws IOException {
        if (input.equals(STDIN)) {
            return new BufferedInputStream(System.in);
        }
        var path = Path.of(input);
        if (input.isBlank() || Files.isDirectory(path)) {
            throw CamspoolException.invalid(field, input, "a file, or - for stdin");
        }
        return new BufferedInputStream(Files.newInputStream(path));
    }

    /// The only document of an input.
    static byte[] only(String field, String input, int maxBytes) throws IOException {
        try (var in = open(field, input)) {
            var documents = new JsonDocuments(in, maxBytes);
            var first = documents.next();
            if (first == null || documents.next() != null) {
                throw CamspoolException.invalid(field, input, "one JSON object");
            }
            return first.bytes;
        }
    }

    /// The next document; null: there is none.
    @Nullable Document next() throws IOException {
        for (var text = nextLine(); text != null; text = nextLine()) {
            line++;
            var document = stripped(text);
            if (document.length == 0) {
                continue;
            }
            if (oneALine || standsForItself(document)) {
                oneALine = true;
                return new Document(document, line);
            }
            oneALine = true;
            return new Document(stripped(withRest(text)), line);
        }
        return null;
    }

    private boolean standsForItself(byte[] first) throws IOException {
        if (first.length > maxBytes || form(first) != Form.OPEN) {
            return true;
        }
        readAhead = readLine();
        return readAhead != null
                && form(readAhead) == Form.WHOLE
                && form(joined(first, readAhead)) == Form.BROKEN;
    }

    private byte @Nullable [] nextLine() throws IOException {
        var ahead = readAhead;
        readAhead = null;
        return ahead == null ? readLine() : ahead;
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
        var second = nextLine();
        if (second != null) {
            document.write(second);
            document.write('\n');
            document.write(in.readNBytes(Math.max(0, maxBytes + 1 - document.size())));
        }
        return document.toByteArray();
    }

    private static byte[] joined(byte[] first, byte[] second) throws IOException {
        var both = new ByteArrayOutputStream(first.length + 1 + second.length);
        both.write(first);
        both.write('\n');
        both.write(second);
        return both.toByteArray();
    }

    private byte[] stripped(byte[] text) {
        var start = line == 1 && hasByteOrderMark(text) ? BYTE_ORDER_MARK.length : 0;
        var end = text.length;
        while (start < end && isSpace(text[start])) {
            start++;
        }
        while (end > start && isSpace(text[end - 1])) {
            end--;
        }
        return Arrays.copyOfRange(text, start, end);
    }

    private static boolean hasByteOrderMark(byte[] text) {
        return text.length >= BYTE_ORDER_MARK.length
                && Arrays.equals(
                        text,
                        0,
                        BYTE_ORDER_MARK.length,
                        BYTE_ORDER_MARK,
                        0,
                        BYTE_ORDER_MARK.length);
    }

    private static boolean isSpace(byte character) {
        return character == ' ' || character == '\t' || character == '\r' || character == '\n';
    }

    private static Form form(byte[] text) {
        try (var parser = JSON.createParser(text)) {
            var depth = 0;
            var values = 0;
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                values += depth == 0 ? 1 : 0;
            }
            return values == 1 ? Form.WHOLE : values == 0 ? Form.OPEN : Form.BROKEN;
        } catch (JsonEOFException _) {
            return Form.OPEN;
        } catch (IOException _) {
            return Form.BROKEN;
        }
    }
}
