package io.camspool.internal.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/// Room on the disk that is given up when the disk is full, so that alerts and removals can still
/// be committed. While it is given up no images are taken, which would eat it at once. Thread-safe.
public final class Reserve {
    /// More than the write-ahead log may hold, so that the log can always be copied.
    public static final long BYTES = 8_000_000;

    /// Free room at which it is made again, in bytes: what images may take before it is needed
    /// next.
    private static final long RESTORED_AT = 3 * BYTES;

    private final Disk disk;
    private final Path folder;
    private volatile boolean givenUp;

    /// @param folder the data folder
    public Reserve(Disk disk, Path folder) {
        this.disk = disk;
        this.folder = folder;
    }

    /// Makes it when it is missing and there is room; does nothing when it is there. Not done by
    /// `open`, which it would hold up on a slow disk.
    public synchronized void restore() {
        if (disk.exists(file())) {
            return;
        }
        if (free() < RESTORED_AT) {
            givenUp |= free() < BYTES;
            return;
        }
        try {
            fill();
            givenUp = false;
        } catch (IOException _) {
            delete(); // somebody else was faster; it is tried again
        }
    }

    private void fill() throws IOException {
        // Zeroes would take no room on a file system that compresses or leaves holes.
        var block = new byte[1_000_000];
        var noise = 1;
        for (var i = 0; i < block.length; i++) {
            noise = noise * 1_664_525 + 1_013_904_223;
            block[i] = (byte) (noise >>> 24);
        }
        try (var out = disk.create(file())) {
            for (var written = 0L; written < BYTES; written += block.length) {
                out.write(ByteBuffer.wrap(block));
            }
            out.force();
        }
    }

    /// Gives it up when the disk has no room; false when there is room, or nothing left to give.
    public synchronized boolean giveUpWhenFull() {
        if (givenUp || free() >= BYTES) {
            return false;
        }
        delete();
        givenUp = true;
        return true;
    }

    /// Why no images are taken, in words; empty: they are.
    public Optional<String> trouble() {
        return givenUp
                ? Optional.of(
                        "the disk of %s is full (%d MB free, images are taken again at %d MB)"
                                .formatted(folder, free() / 1_000_000, RESTORED_AT / 1_000_000))
                : Optional.empty();
    }

    private long free() {
        try {
            return disk.usableBytes(folder);
        } catch (IOException _) {
            return 0;
        }
    }

    private void delete() {
        try {
            disk.delete(file());
        } catch (IOException _) {
            // then it gives no room, and the next commit says so
        }
    }

    private Path file() {
        return folder.resolve("reserve");
    }
}
