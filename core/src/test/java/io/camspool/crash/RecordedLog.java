package io.camspool.crash;

import io.camspool.crash.Operation.Begin;
import io.camspool.crash.Operation.Enter;
import io.camspool.crash.Operation.ForceBegan;
import io.camspool.crash.Operation.ForceEnded;
import io.camspool.crash.Operation.Inode;
import io.camspool.crash.Operation.Remove;
import io.camspool.crash.Operation.Rename;
import io.camspool.crash.Operation.Resize;
import io.camspool.crash.Operation.Started;
import io.camspool.crash.Operation.Write;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads the log that the library writes; its format stands in recorder.c. Follows the names, so
/// that each operation says which inodes it is about.
final class RecordedLog {
    private static final int HEAD_BYTES = 25;

    private final List<Operation> operations = new ArrayList<>();
    private final Map<Long, Inode> current = new HashMap<>();
    private final Map<Inode, Map<String, Inode>> folders = new HashMap<>();
    private final Inode root = new Inode(0, true);
    private int inodes = 1;

    private RecordedLog() {}

    /// All operations; those of the root have inode number 0.
    static List<Operation> read(Path log) throws IOException {
        var reader = new RecordedLog();
        var in = ByteBuffer.wrap(Files.readAllBytes(log)).order(ByteOrder.LITTLE_ENDIAN);
        // A kill from outside may cut off the last record.
        while (in.remaining() >= HEAD_BYTES) {
            var kind = (char) in.get();
            var first = in.getLong();
            var second = in.getLong();
            var one = new byte[in.getInt()];
            var two = new byte[in.getInt()];
            if (in.remaining() < one.length + two.length) {
                break;
            }
            in.get(one).get(two);
            reader.add(kind, first, second, one, two);
        }
        return reader.operations;
    }

    private void add(char kind, long first, long second, byte[] one, byte[] two)
            throws IOException {
        switch (kind) {
            case 'C' -> enter(text(one), made(first, false));
            case 'M' -> {
                if (one.length == 0) {
                    current.put(first, root);
                    folders.put(root, new HashMap<>());
                } else {
                    enter(text(one), made(first, true));
                }
            }
            case 'L' -> enter(text(one), known(first));
            case 'U' -> {
                var folder = folderOf(text(one));
                namesIn(folder).remove(nameOf(text(one)));
                operations.add(new Remove(folder, nameOf(text(one))));
            }
            case 'R' -> rename(text(one), text(two));
            case 'W' -> operations.add(new Write(known(first), second, one));
            case 'T' -> operations.add(new Resize(known(first), second));
            case 'B' -> operations.add(new ForceBegan(known(first), second));
            case 'E' -> operations.add(new ForceEnded(known(first), second));
            case 'P' -> operations.add(new Started());
            case 'S' -> operations.add(new Begin());
            case 'X' ->
                    throw new IOException(
                            "what was done can't be followed: " + text(one) + " " + text(two));
            default -> throw new IOException("no record begins with " + kind);
        }
    }

    private Inode made(long number, boolean isFolder) {
        var inode = new Inode(inodes++, isFolder);
        current.put(number, inode);
        if (isFolder) {
            folders.put(inode, new HashMap<>());
        }
        return inode;
    }

    private Inode known(long number) throws IOException {
        var inode = current.get(number);
        if (inode == null) {
            throw new IOException("inode " + number + " was not there when the recording began");
        }
        return inode;
    }

    private void enter(String path, Inode inode) throws IOException {
        var folder = folderOf(path);
        namesIn(folder).put(nameOf(path), inode);
        operations.add(new Enter(folder, nameOf(path), inode));
    }

    private void rename(String from, String to) throws IOException {
        var folder = folderOf(from);
        var toFolder = folderOf(to);
        var inode = namesIn(folder).remove(nameOf(from));
        if (inode == null) {
            throw new IOException("renamed from nowhere: " + from);
        }
        namesIn(toFolder).put(nameOf(to), inode);
        operations.add(new Rename(folder, nameOf(from), toFolder, nameOf(to), inode));
    }

    private Inode folderOf(String path) throws IOException {
        var folder = root;
        var parts = path.split("/", -1);
        for (var i = 0; i < parts.length - 1; i++) {
            var next = namesIn(folder).get(parts[i]);
            if (next == null) {
                throw new IOException("no folder " + parts[i] + " on the way to " + path);
            }
            folder = next;
        }
        return folder;
    }

    private Map<String, Inode> namesIn(Inode folder) throws IOException {
        var names = folders.get(folder);
        if (names == null) {
            throw new IOException("not a folder: " + folder);
        }
        return names;
    }

    private static String nameOf(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
