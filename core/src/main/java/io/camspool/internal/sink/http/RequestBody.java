package io.camspool.internal.sink.http;

import io.camspool.sink.Delivery;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// What a request carries: bytes, and perhaps a file between them, which is streamed. Can be read
/// more than once.
final class RequestBody {
    private static final byte[] NOTHING = {};
    static final RequestBody EMPTY = of(NOTHING);

    private final byte[] before;
    private final Optional<Delivery> file;
    private final boolean base64;
    private final byte[] after;

    private RequestBody(byte[] before, Optional<Delivery> file, boolean base64, byte[] after) {
        this.before = before;
        this.file = file;
        this.base64 = base64;
        this.after = after;
    }

    static RequestBody of(byte[] bytes) {
        return new RequestBody(bytes, Optional.empty(), false, NOTHING);
    }

    static RequestBody of(Delivery file) {
        return around(NOTHING, file, NOTHING);
    }

    static RequestBody around(byte[] before, Delivery file, byte[] after) {
        return new RequestBody(before, Optional.of(file), false, after);
    }

    /// With the file in base64.
    static RequestBody aroundBase64(byte[] before, Delivery file, byte[] after) {
        return new RequestBody(before, Optional.of(file), true, after);
    }

    long length() {
        return before.length + fileLength() + after.length;
    }

    private long fileLength() {
        if (file.isEmpty()) {
            return 0;
        }
        var bytes = file.get().item().bytes();
        return base64 ? (bytes + 2) / 3 * 4 : bytes;
    }

    InputStream open() throws IOException {
        return file.isEmpty() ? with(InputStream.nullInputStream()) : with(file.get().open());
    }

    /// The same bytes, to be looked at and not sent.
    InputStream openToCheck() throws IOException {
        return file.isEmpty()
                ? with(InputStream.nullInputStream())
                : with(file.get().openToCheck());
    }

    private InputStream with(InputStream content) {
        return new SequenceInputStream(
                Collections.enumeration(
                        List.of(
                                new ByteArrayInputStream(before),
                                base64 ? new Base64Stream(content) : content,
                                new ByteArrayInputStream(after))));
    }

    /// A stream in base64.
    private static final class Base64Stream extends InputStream {
        /// A multiple of 3, so that only the end is padded; small, for the file may come slowly.
        private static final int CHUNK_BYTES = 3 * 1024;

        private final InputStream in;
        private byte[] chunk = NOTHING;
        private int at;

        private Base64Stream(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (at == chunk.length) {
                chunk = Base64.getEncoder().encode(in.readNBytes(CHUNK_BYTES));
                at = 0;
                if (chunk.length == 0) {
                    return -1;
                }
            }
            var count = Math.min(length, chunk.length - at);
            System.arraycopy(chunk, at, target, offset, count);
            at += count;
            return count;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
