package io.camspool.agent.api;

import io.camspool.CamspoolException;
import io.camspool.agent.Sha256;
import io.camspool.agent.http.Problem;
import io.camspool.agent.http.ProblemException;
import io.camspool.agent.http.ProblemType;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.UUID;

/// The folder of files while they come. What the spool has taken of one is its own, so a file here
/// is of no use to anybody once its request has ended. Thread-safe.
final class Uploads {
    private static final int BUFFER_BYTES = 64 << 10;

    /// How often the free disk is looked at: between two looks, so many bytes more may be written
    /// by each upload.
    private static final int LOOK_BYTES = 1 << 20;

    private static final String SUFFIX = ".upload";

    private final Path folder;
    private final long minFreeBytes;

    private Uploads(Path folder, long minFreeBytes) {
        this.folder = folder;
        this.minFreeBytes = minFreeBytes;
    }

    /// Makes the folder, and removes what a crash has left in it. For the owner of the data folder
    /// alone.
    static Uploads open(Path folder, long minFreeBytes) {
        try {
            Files.createDirectories(folder);
            try (var left = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
                for (var file : left) {
                    Files.delete(file);
                }
            }
            return new Uploads(folder, minFreeBytes);
        } catch (IOException e) {
            throw CamspoolException.storage(
                    "make or clear the folder", folder, e, "check its permissions and the disk");
        }
    }

    /// A file that has come; closing removes it.
    ///
    /// @param sha256 of its bytes, 64 hexadecimal digits
    record Upload(Path file, long bytes, String sha256) implements AutoCloseable {
        /// Its bytes, readable until the arena is closed.
        MemorySegment map(Arena arena) {
            try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
                return channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes, arena);
            } catch (IOException e) {
                throw failed(file, e);
            }
        }

        @Override
        public void close() {
            remove(file);
        }
    }

    /// Writes a body, or a part of one, into a file; leaves none when it throws.
    Upload receive(InputStream in, long maxBytes) {
        var file = folder.resolve(UUID.randomUUID() + SUFFIX);
        var digest = Sha256.newDigest();
        var isWhole = false;
        try (var channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var bytes = write(in, channel, digest, maxBytes);
            isWhole = true;
            return new Upload(file, bytes, HexFormat.of().formatHex(digest.digest()));
        } catch (IOException e) {
            throw failed(file, e);
        } finally {
            if (!isWhole) {
                remove(file);
            }
        }
    }

    private long write(InputStream in, FileChannel channel, MessageDigest digest, long maxBytes)
            throws IOException {
        var buffer = new byte[BUFFER_BYTES];
        var bytes = 0L;
        var nextLook = 0L;
        for (var length = in.read(buffer); length > 0; length = in.read(buffer)) {
            if (bytes >= nextLook) {
                requireFreeDisk();
                nextLook = bytes + LOOK_BYTES;
            }
            bytes += length;
            if (bytes > maxBytes) {
                throw tooLarge(maxBytes);
            }
            digest.update(buffer, 0, length);
            for (var rest = ByteBuffer.wrap(buffer, 0, length); rest.hasRemaining(); ) {
                channel.write(rest);
            }
        }
        return bytes;
    }

    private void requireFreeDisk() throws IOException {
        var free = Files.getFileStore(folder).getUsableSpace();
        if (free < minFreeBytes) {
            throw new ProblemException(
                    Problem.of(
                                    ProblemType.DISK_FULL,
                                    "only %d bytes are free in %s, and %d must stay free; nothing was stored"
                                            .formatted(free, folder, minFreeBytes))
                            .hint("make room on the disk, or remove items"));
        }
    }

    static ProblemException tooLarge(long maxBytes) {
        return new ProblemException(
                Problem.of(
                        ProblemType.TOO_LARGE, "at most %d bytes are allowed".formatted(maxBytes)));
    }

    /// One that can't be removed is of no harm: the next start tries again.
    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            System.getLogger(Uploads.class.getName())
                    .log(System.Logger.Level.WARNING, "cannot remove {0}: {1}", file, e);
        }
    }

    private static CamspoolException failed(Path file, IOException e) {
        return CamspoolException.storage("write", file, e, "check the disk; nothing was stored");
    }
}
