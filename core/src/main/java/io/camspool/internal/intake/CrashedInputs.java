package io.camspool.internal.intake;

import io.camspool.internal.disk.Disk;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/// The encoded images that took the process down. A decoder in native code can do that, and one
/// image that is handed in again after each start would do it for ever. Thread-safe.
///
/// While an image is decoded a file named by its SHA-256 stands in a folder. It is never forced:
/// what a process has written outlives it in the page cache, and a power loss says nothing about
/// the image. A file that [#open] finds there is of an image whose decoding was the process's end,
/// or came at the same time; its hash joins a list.
public final class CrashedInputs {
    /// The newest hashes that are remembered.
    static final int MOST = 1_000;

    private static final Pattern MARK = Pattern.compile("([0-9a-f]{64})-[0-9]+");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    private final Disk disk;
    private final Path marks;
    private final Set<String> hashes;
    private final AtomicLong marked = new AtomicLong();

    private CrashedInputs(Disk disk, Path marks, Set<String> hashes) {
        this.disk = disk;
        this.marks = marks;
        this.hashes = hashes;
    }

    /// Reads the list, and adds what a crash has left marked. Only the owner of the folders may.
    ///
    /// @param marks the folder of what is being decoded; made where it is missing
    /// @param list the file of hashes; its folder is made when there is something to write
    public static CrashedInputs open(Disk disk, Path marks, Path list) throws IOException {
        disk.createFolders(marks);
        var hashes = new LinkedHashSet<>(read(disk, list));
        var left = new ArrayList<Path>();
        disk.list(marks, left::add);
        var found = false;
        for (var mark : left) {
            var name = MARK.matcher(String.valueOf(mark.getFileName()));
            if (name.matches()) {
                hashes.addLast(name.group(1));
                found = true;
            }
        }
        while (hashes.size() > MOST) {
            hashes.removeFirst();
        }
        if (found) {
            write(disk, list, hashes);
        }
        for (var mark : left) {
            disk.delete(mark);
        }
        return new CrashedInputs(disk, marks, Set.copyOf(hashes));
    }

    private static List<String> read(Disk disk, Path list) throws IOException {
        if (!disk.exists(list)) {
            return List.of();
        }
        try (var file = disk.open(list)) {
            return new String(file.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(HASH.asMatchPredicate())
                    .toList();
        }
    }

    private static void write(Disk disk, Path list, Set<String> hashes) throws IOException {
        var folder = list.resolveSibling("");
        var aside = list.resolveSibling(list.getFileName() + ".new");
        disk.createFolders(folder);
        disk.delete(aside);
        var lines = new ArrayList<>(hashes);
        lines.add("");
        try (var file = disk.create(aside)) {
            file.write(
                    ByteBuffer.wrap(String.join("\n", lines).getBytes(StandardCharsets.US_ASCII)));
            file.force();
        }
        disk.rename(aside, list);
        disk.forceFolder(folder);
    }

    /// How many are remembered.
    public int size() {
        return hashes.size();
    }

    /// Whether decoding this image was a process's end. Hashes it only where any is remembered.
    boolean contain(MemorySegment image) {
        return !hashes.isEmpty() && hashes.contains(HexFormat.of().formatHex(Hashes.of(image)));
    }

    /// Marks an image as being decoded until the mark is closed.
    Mark mark(byte[] sha256) throws IOException {
        // The number tells apart threads that decode the same image.
        var file = marks.resolve(HexFormat.of().formatHex(sha256) + "-" + marked.incrementAndGet());
        try {
            disk.create(file).close();
        } catch (NoSuchFileException _) { // somebody has removed the folder
            disk.createFolders(marks);
            disk.create(file).close();
        }
        return () -> disk.delete(file);
    }

    /// That an image is being decoded.
    interface Mark extends AutoCloseable {
        @Override
        void close() throws IOException;
    }
}
