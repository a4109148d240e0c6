package io.camspool.crash;

import io.camspool.PreloadedLibrary;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Records what child processes do to the files below a folder. The children of one recording run
/// one after the other.
final class Recorder {
    private static final Path SOURCE = Path.of("src/test/c/recorder.c");

    private final Path library;
    private final Path root;
    private final Path log;

    private Recorder(Path library, Path root, Path log) {
        this.library = library;
        this.root = root;
        this.log = log;
    }

    /// Compiles the library to preload; empty where that can't be: no Linux, no gcc.
    static Optional<Path> compile(Path folder) throws IOException, InterruptedException {
        return PreloadedLibrary.compile(SOURCE, folder);
    }

    /// Begins a recording of a folder, all of which counts as durable.
    static Recorder begin(Path library, Path folder, Path log) throws IOException {
        var root = folder.toRealPath();
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        put(out, 'M', inodeOf(root), 0, "", new byte[0]);
        try (var tree = Files.walk(root)) {
            for (var path : tree.filter(path -> !path.equals(root)).sorted().toList()) {
                var name = root.relativize(path).toString();
                var inode = inodeOf(path);
                if (Files.isDirectory(path)) {
                    put(out, 'M', inode, 0, name, new byte[0]);
                } else {
                    put(out, 'C', inode, 0, name, new byte[0]);
                    put(out, 'W', inode, 0, "", Files.readAllBytes(path));
                }
            }
        }
        put(out, 'S', 0, 0, "", new byte[0]);
        Files.write(log, bytes.toByteArray());
        return new Recorder(library, root, log);
    }

    /// What a child's environment must hold to be recorded.
    Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD", library.toString(),
                "CAMSPOOL_RECORD", log.toString(),
                "CAMSPOOL_RECORD_ROOT", root.toString());
    }

    private static long inodeOf(Path path) throws IOException {
        return ((Number) Files.getAttribute(path, "unix:ino")).longValue();
    }

    /// Writes a record as the library does, with one text.
    private static void put(
            DataOutputStream out, char kind, long first, long second, String name, byte[] content)
            throws IOException {
        var text = content.length > 0 ? content : name.getBytes(StandardCharsets.UTF_8);
        out.writeByte(kind);
        out.writeLong(Long.reverseBytes(first));
        out.writeLong(Long.reverseBytes(second));
        out.writeInt(Integer.reverseBytes(text.length));
        out.writeInt(0);
        out.write(text);
    }
}
