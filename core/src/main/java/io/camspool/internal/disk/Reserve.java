package io.camspool.internal.disk;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/// Room on the disk that is given up when the ledger has none, so that alerts and removals can
/// still be committed. From the first image that finds no room until there is enough again no
/// images are taken, which would eat it at once. Of what is given up alerts get a part: the rest is
/// for removals, and for the next open, for which a close takes it back. Thread-safe.
public final class Reserve implements AutoCloseable {
    /// More than the write-ahead log may hold, so that the log can always be copied.
    public static final long BYTES = 8_000_000;

    /// Free room at which it is made, in bytes, and without which no images are taken where it is
    /// not there.
    private static final long RESTORED_AT = 3 * BYTES;

    /// Room that alerts leave, in bytes: for the write-ahead log to be copied, which comes before
    /// each removal and each open, and for what an open unpacks.
    private static final long KEPT = BYTES / 2;

    /// Room without which an open may fail, in bytes.
    public static final long NEEDED_TO_OPEN = KEPT;

    /// What an item's rows take in log and ledger, in bytes, beside twice its own.
    private static final long ROW_BYTES = 4_000;

    private final Disk disk;
    private final Path folder;
    private volatile boolean full;

    /// @param folder the data folder
    public Reserve(Disk disk, Path folder) {
        this.disk = disk;
        this.folder = folder;
    }

    /// Makes it when it is missing and there is room; does nothing when it is there. Not done by
    /// `open`, which it would hold up on a slow disk; what waits for the lock is not held up
    /// either.
    public void restore() {
        if (!isMissingWithRoom()) {
            return;
        }
        try {
            fill(BYTES);
        } catch (IOException _) {
            delete(); // somebody else was faster, or a part was there; it is tried again
        }
        noteWhenWhole();
    }

    private synchronized boolean isMissingWithRoom() {
        var free = free();
        if (isWhole()) {
            full &= free < RESTORED_AT - BYTES;
            return false;
        }
        full |= free < RESTORED_AT;
        return free >= RESTORED_AT;
    }

    /// It may have been given up again while it was being made.
    private synchronized void noteWhenWhole() {
        full &= !isWhole();
    }

    private boolean isWhole() {
        return size() == BYTES;
    }

    private long size() {
        try {
            return disk.exists(file()) ? disk.size(file()) : 0;
        } catch (IOException _) {
            return 0;
        }
    }

    private void fill(long bytes) throws IOException {
        // Zeroes would take no room on a file system that compresses or leaves holes.
        var block = new byte[1_000_000];
        var noise = 1;
        for (var i = 0; i < block.length; i++) {
            noise = noise * 1_664_525 + 1_013_904_223;
            block[i] = (byte) (noise >>> 24);
        }
        try (var out = disk.create(file())) {
            for (var left = bytes; left > 0; left -= block.length) {
                out.write(ByteBuffer.wrap(block, 0, (int) Math.min(left, block.length)));
            }
            out.force();
        }
    }

    /// Takes what is free on a full disk, up to all of it, before another program does: the next
    /// open gives it up to begin. To be called when the ledger has let its files go.
    @Override
    public synchronized void close() {
        if (isWhole() || free() >= RESTORED_AT) {
            return;
        }
        delete();
        try {
            fill(Math.min(free(), BYTES));
        } catch (IOException _) {
            // a part is better than none
        }
    }

    /// Ends the taking of images when the disk has no room; keeps the reserve for the ledger.
    public synchronized void noteWhenFull() {
        full |= free() < BYTES;
    }

    /// Gives it up when the disk has no room; false when there is room, or nothing left to give.
    public synchronized boolean giveUpWhenFull() {
        if (free() >= BYTES) {
            return false;
        }
        full = true;
        return delete();
    }

    /// Before an open does anything that takes room: gives it up when there is less than that may
    /// be. What was full before is so still.
    public synchronized void prepareToOpen() {
        if (free() < KEPT) {
            giveUpWhenFull();
        }
        full |= !isWhole() && free() < RESTORED_AT;
    }

    /// Throws when no images are taken.
    public void requireRoomForImages() {
        trouble()
                .ifPresent(
                        trouble -> {
                            throw new CamspoolException(
                                    Reason.STORAGE, trouble + "; no image is taken, alerts are");
                        });
    }

    /// Throws when items would take what is kept for removals.
    ///
    /// @param items how many are to be committed together
    /// @param bytes of theirs that the ledger takes
    public void requireRoomForRows(long items, long bytes) {
        if (full) {
            requireRoomOnFullDisk(items, bytes);
        }
    }

    private synchronized void requireRoomOnFullDisk(long items, long bytes) {
        if (full && free() < KEPT + items * ROW_BYTES + 2 * bytes && !delete()) {
            throw new CamspoolException(
                    Reason.STORAGE,
                    "the disk of %s is full (%d MB free, kept for removals); make room; nothing was stored"
                            .formatted(folder, free() / 1_000_000));
        }
    }

    /// Why no images are taken, in words; empty: they are.
    public Optional<String> trouble() {
        return full
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

    /// False when it gave no room.
    private boolean delete() {
        try {
            return disk.delete(file());
        } catch (IOException _) {
            return false; // the next commit says what is wrong
        }
    }

    private Path file() {
        return folder.resolve("reserve");
    }
}
