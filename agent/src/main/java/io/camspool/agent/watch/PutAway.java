package io.camspool.agent.watch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Moves files out of a watched folder, under the same paths below another; overwrites nothing.
///
/// @param place the other folder
record PutAway(Path place) {
    private static final String REASON = ".reason.txt";

    /// Where a file can go.
    ///
    /// @param path below the place, with `/`
    /// @param mark tells it from another file of that path
    Path free(String path, String mark) {
        var target = place.resolve(path);
        if (!Files.exists(target)) {
            return target;
        }
        var name = String.valueOf(target.getFileName());
        var dot = name.lastIndexOf('.') > 0 ? name.lastIndexOf('.') : name.length();
        // A file that stands there under this name too is the same: its copy was not completed.
        return target.resolveSibling(name.substring(0, dot) + "~" + mark + name.substring(dot));
    }

    /// Moves a file; another disk gets a copy first.
    void move(Path file, Path target) throws IOException {
        Files.createDirectories(target.resolveSibling("."));
        try {
            Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException _) {
            var aside = target.resolveSibling("." + target.getFileName() + ".part");
            Files.copy(
                    file,
                    aside,
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.COPY_ATTRIBUTES);
            try (var channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
            Files.delete(file);
        }
    }

    /// Says beside a file why it is there, before it is.
    void explain(Path target, String why) throws IOException {
        Files.createDirectories(target.resolveSibling("."));
        Files.writeString(
                target.resolveSibling(target.getFileName() + REASON), why + System.lineSeparator());
    }
}
