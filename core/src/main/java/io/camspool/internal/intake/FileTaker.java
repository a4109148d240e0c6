package io.camspool.internal.intake;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.ItemId;
import io.camspool.Opaque;
import io.camspool.internal.archive.Archive;
import io.camspool.internal.disk.Disk.DiskFile;
import io.camspool.internal.disk.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Takes files of the caller's aside, on the caller's thread: copied through a small buffer, or
/// shared by a hard link. The hash is that of the bytes that stand aside. Thread-safe.
final class FileTaker {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Archive archive;
    private final long maxBytes;

    FileTaker(Archive archive, long maxBytes) {
        this.archive = archive;
        this.maxBytes = maxBytes;
    }

    /// Gets each piece of a file in order.
    private interface Pieces {
        void take(byte[] buffer, int length) throws IOException;
    }

    /// Refuses what is no file, empty or too large.
    void check(Opaque content) {
        var file = content.file();
        try {
            if (!archive.isFile(file)) {
                throw CamspoolException.invalid("file", file, "a file that is there");
            }
            requireSize(archive.sizeOf(file));
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private void requireSize(long bytes) {
        if (bytes < 1 || bytes > maxBytes) {
            throw CamspoolException.invalid("file size", bytes, "1 to " + maxBytes + " bytes");
        }
    }

    /// The hash that a repeat is known by: what the caller says it is, else read from the file.
    byte[] inputSha256(Opaque content) {
        return content.sha256()
                .map(HexFormat.of()::parseHex)
                .orElseGet(() -> sha256(content.file()));
    }

    private byte[] sha256(Path file) {
        var digest = Sha256.newDigest();
        try (var in = archive.openFile(file)) {
            stream(in, (buffer, length) -> digest.update(buffer, 0, length));
            return digest.digest();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /// Takes a file aside; leaves nothing there when it throws.
    ///
    /// @param expected the hash that it must have, if known
    /// @param goOn throws when the spool has been closed meanwhile, or the disk is full
    TakenFile take(ItemId id, Opaque content, byte @Nullable [] expected, Runnable goOn) {
        try {
            var linked = content.linked() ? archive.linkAside(id, content.file()) : null;
            var file = linked != null ? linked : archive.createAside(id);
            try {
                var taken = read(id, content.file(), file, linked != null, goOn);
                if (expected != null && !Arrays.equals(expected, taken.sha256())) {
                    throw new CamspoolException(
                            Reason.INVALID,
                            "%s has other content than was said or read before; save it again when nobody writes to it"
                                    .formatted(content.file()));
                }
                return taken;
            } catch (IOException | RuntimeException | Error e) {
                try {
                    file.close();
                } finally {
                    archive.discard(id);
                }
                throw e;
            }
        } catch (IOException e) {
            throw CamspoolException.storage(
                    "copy", content.file(), e, "check the file and the disk; nothing was stored");
        }
    }

    private TakenFile read(ItemId id, Path source, DiskFile file, boolean isThere, Runnable goOn)
            throws IOException {
        var digest = Sha256.newDigest();
        try (var in = isThere ? archive.openAside(id) : archive.openFile(source)) {
            var bytes =
                    stream(
                            in,
                            (buffer, length) -> {
                                goOn.run();
                                digest.update(buffer, 0, length);
                                if (!isThere) {
                                    file.write(ByteBuffer.wrap(buffer, 0, length));
                                }
                            });
            return new TakenFile(file, bytes, digest.digest());
        }
    }

    /// Answers how many bytes there were. A file that grows meanwhile is refused at the limit.
    private long stream(InputStream in, Pieces pieces) throws IOException {
        var buffer = new byte[BUFFER_BYTES];
        var bytes = 0L;
        for (var length = in.read(buffer); length > 0; length = in.read(buffer)) {
            bytes += length;
            if (bytes > maxBytes) {
                requireSize(bytes);
            }
            pieces.take(buffer, length);
        }
        requireSize(bytes);
        return bytes;
    }

    private static CamspoolException unreadable(Path file, IOException e) {
        return CamspoolException.storage("read", file, e, "check the file and its permissions");
    }
}
