package io.camspool.internal.intake;

import io.camspool.Content;
import io.camspool.Encoded;
import io.camspool.Frame;
import io.camspool.Opaque;
import io.camspool.internal.disk.Sha256;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// SHA-256 of what is handed in and of what is stored.
final class Hashes {
    private Hashes() {}

    static byte[] of(byte[] bytes) {
        return Sha256.newDigest().digest(bytes);
    }

    static byte[] of(MemorySegment bytes) {
        var digest = Sha256.newDigest();
        digest.update(bytes.asByteBuffer());
        return digest.digest();
    }

    /// Of an encoded image: of its bytes. Of a frame: of its sides, format and pixels, without what
    /// fills up its rows.
    static byte[] ofInput(Content content) {
        return switch (content) {
            case Encoded encoded -> of(encoded.image());
            case Frame frame -> ofFrame(frame);
            case Opaque _ -> throw new IllegalArgumentException("a file is not in memory");
        };
    }

    private static byte[] ofFrame(Frame frame) {
        var digest = Sha256.newDigest();
        var shape = "%dx%d %s\n".formatted(frame.width(), frame.height(), frame.format());
        digest.update(shape.getBytes(StandardCharsets.UTF_8));
        var row = (long) frame.width() * frame.format().bytesPerPixel();
        for (var y = 0; y < frame.height(); y++) {
            digest.update(frame.pixels().asSlice((long) y * frame.stride(), row).asByteBuffer());
        }
        return digest.digest();
    }
}
