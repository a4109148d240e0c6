package io.camspool.internal.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;

/// Which machine a folder is on, and which folder of it: what tells a copy from its original.
///
/// Network addresses are no part of it: containers and modems change theirs. A card that was cloned
/// block by block for a machine of the same kind is noticed only where the hardware tells a serial
/// number, or the system was given a new machine id.
public final class Whereabouts {
    /// What a machine says of itself to everybody; each may be missing.
    private static final List<Path> MACHINE =
            List.of(Path.of("/etc/machine-id"), Path.of("/proc/device-tree/serial-number"));

    /// File systems that make their inode numbers up at each mount.
    private static final Set<String> WITHOUT_INODES = Set.of("vfat", "msdos", "exfat", "fuseblk");

    /// Longest of them that counts, in characters.
    private static final int MAX_LENGTH = 64;

    private Whereabouts() {}

    /// One line of text; the same as long as the folder stays where it is.
    public static String of(Path folder) {
        var text = new StringJoiner(" ");
        for (var file : MACHINE) {
            text.add(read(file));
        }
        return text.add(inode(folder)).toString();
    }

    private static String read(Path file) {
        try {
            var text = Files.readString(file).replaceAll("[^A-Za-z0-9-]", "");
            return text.isEmpty() ? "-" : text.substring(0, Math.min(MAX_LENGTH, text.length()));
        } catch (IOException | RuntimeException _) {
            return "-"; // it is not there, or not for us
        }
    }

    private static String inode(Path folder) {
        try {
            if (WITHOUT_INODES.contains(Files.getFileStore(folder).type())) {
                return "-";
            }
            return String.valueOf(Files.getAttribute(folder, "unix:ino"));
        } catch (IOException | RuntimeException _) {
            return "-"; // no such thing on this platform
        }
    }
}
