package io.camspool.agent.api;

import io.camspool.Content;
import io.camspool.Encoded;
import io.camspool.Frame;
import io.camspool.Opaque;
import io.camspool.PixelFormat;
import io.camspool.agent.api.Uploads.Upload;
import io.camspool.agent.http.Problem;
import io.camspool.agent.http.ProblemException;
import io.camspool.agent.http.ProblemType;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Takes the content of captures in. Thread-safe.
///
/// An image or frame whose length is known comes into memory outside the heap, exactly as large, as
/// far as there is [BodyMemory]. All else comes over a file: what is kept as it is, what is part of
/// a form, and what does not say how long it is.
final class CaptureBodies {
    /// What may be said of a raw frame, besides what is said of each item.
    static final List<String> FIELDS = List.of("width", "height", "stride", "format");

    private static final Set<String> IMAGES = Set.of("image/jpeg", "image/jpg", "image/png");
    private static final String FRAME = "application/x-camspool-frame";

    /// What clients send that were told nothing.
    private static final Set<String> UNKNOWN =
            Set.of("", "application/x-www-form-urlencoded", "multipart/form-data");

    private static final String ALLOWED =
            "image/jpeg, image/png, " + FRAME + ", or what else it is";
    private static final int PIECE_BYTES = 16 << 10;

    private final IntakeSettings settings;
    private final Uploads uploads;
    private final BodyMemory memory;

    CaptureBodies(IntakeSettings settings, Uploads uploads) {
        this.settings = settings;
        this.uploads = uploads;
        this.memory = new BodyMemory(settings.captureMemory(), settings.memoryWait());
    }

    BodyMemory memory() {
        return memory;
    }

    /// Gives the bytes, up to a limit, once they are wanted.
    interface Source {
        InputStream open(long maxBytes);
    }

    /// Content that has come, until it is closed: then the spool must have it.
    static final class Received implements AutoCloseable {
        private final Content content;
        private final Runnable onClose;

        private Received(Content content, Runnable onClose) {
            this.content = content;
            this.onClose = onClose;
        }

        Content content() {
            return content;
        }

        @Override
        public void close() {
            onClose.run();
        }
    }

    /// @param length of what comes; -1: it does not say
    Received receive(MediaType type, ItemFields fields, long length, Source source)
            throws IOException {
        if (UNKNOWN.contains(type.name())) {
            throw MediaType.notAllowed(type.name(), ALLOWED);
        }
        if (IMAGES.contains(type.name())) {
            return pixels(length, settings.maxImageBytes(), source, Encoded::new);
        }
        if (type.name().equals(FRAME)) {
            var shape = Shape.of(fields);
            requireLength(length, shape);
            return pixels(
                    length,
                    Math.min(shape.mostBytes(), settings.maxFrameBytes()),
                    source,
                    shape::frame);
        }
        return opaque(type, length, source);
    }

    private Received pixels(
            long length, long maxBytes, Source source, Function<MemorySegment, Content> content)
            throws IOException {
        requireAtMost(length, maxBytes);
        return length < 0 || !memory.holds(length)
                ? overFile(maxBytes, source, content)
                : intoMemory(length, source, content);
    }

    private Received intoMemory(
            long length, Source source, Function<MemorySegment, Content> content)
            throws IOException {
        var share = memory.share();
        var arena = Arena.ofConfined();
        Runnable close =
                () -> {
                    arena.close();
                    share.close();
                };
        try {
            share.take(length);
            var body = arena.allocate(length);
            read(source.open(length), body);
            return new Received(content.apply(body), close);
        } catch (IOException | RuntimeException | Error e) {
            close.run();
            throw e;
        }
    }

    private static void read(InputStream in, MemorySegment body) throws IOException {
        var piece = new byte[(int) Math.min(PIECE_BYTES, Math.max(1, body.byteSize()))];
        var from = MemorySegment.ofArray(piece);
        for (var at = 0L; at < body.byteSize(); ) {
            var count = in.read(piece, 0, (int) Math.min(piece.length, body.byteSize() - at));
            if (count < 0) {
                throw new ProblemException(
                        Problem.of(
                                ProblemType.BAD_BODY,
                                "the body ends after %d of %d bytes"
                                        .formatted(at, body.byteSize())));
            }
            MemorySegment.copy(from, 0, body, at, count);
            at += count;
        }
    }

    private Received overFile(
            long maxBytes, Source source, Function<MemorySegment, Content> content) {
        var upload = uploads.receive(source.open(maxBytes), maxBytes);
        var arena = Arena.ofConfined();
        try {
            return new Received(content.apply(upload.map(arena)), () -> close(arena, upload));
        } catch (RuntimeException | Error e) {
            close(arena, upload);
            throw e;
        }
    }

    private static void close(Arena arena, Upload upload) {
        arena.close();
        upload.close();
    }

    private Received opaque(MediaType type, long length, Source source) {
        requireAtMost(length, settings.maxOpaqueBytes());
        var upload =
                uploads.receive(source.open(settings.maxOpaqueBytes()), settings.maxOpaqueBytes());
        try {
            return new Received(
                    Opaque.of(upload.file(), type.name()).asLinked().withSha256(upload.sha256()),
                    upload::close);
        } catch (RuntimeException e) {
            upload.close();
            throw e;
        }
    }

    private static void requireAtMost(long length, long maxBytes) {
        if (length > maxBytes) {
            throw Uploads.tooLarge(maxBytes);
        }
    }

    private static void requireLength(long length, Shape shape) {
        if (length >= 0 && (length < shape.leastBytes() || length > shape.mostBytes())) {
            throw new ProblemException(
                    Problem.invalid(
                            "Content-Length",
                            Long.toString(length),
                            shape.leastBytes() == shape.mostBytes()
                                    ? shape.leastBytes() + " for a frame of this size"
                                    : "%d to %d for a frame of this size"
                                            .formatted(shape.leastBytes(), shape.mostBytes())));
        }
    }

    /// Of a raw frame.
    private record Shape(int width, int height, int stride, PixelFormat format) {
        static Shape of(ItemFields fields) {
            var width = required("width", fields.number("width", 1, Frame.MAX_SIDE));
            var height = required("height", fields.number("height", 1, Frame.MAX_SIDE));
            var format =
                    fields.oneOf("format", List.of("bgr", "rgb", "gray"))
                            .map(name -> PixelFormat.valueOf(name.toUpperCase(Locale.ROOT)))
                            .orElse(PixelFormat.BGR);
            var row = width * format.bytesPerPixel();
            var stride = fields.number("stride", row, 999_999_999).orElse(row);
            return new Shape(width, height, stride, format);
        }

        private static int required(String name, Optional<Integer> number) {
            return number.orElseThrow(
                    () ->
                            new ProblemException(
                                    Problem.invalid(name, "", "1 to " + Frame.MAX_SIDE)
                                            .hint("a raw frame needs width and height")));
        }

        /// The last row may end with its last pixel.
        long leastBytes() {
            return (long) stride * (height - 1) + (long) width * format.bytesPerPixel();
        }

        long mostBytes() {
            return (long) stride * height;
        }

        Frame frame(MemorySegment pixels) {
            return new Frame(pixels, width, height, stride, format);
        }
    }
}
