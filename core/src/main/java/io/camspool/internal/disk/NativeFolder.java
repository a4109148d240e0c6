package io.camspool.internal.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Where native libraries are unpacked: below the data folder, as the system's folder for temporary
/// files is often tiny, or mounted so that nothing in it may be executed. Thread-safe.
///
/// SQLite's driver and JavaCPP ask system properties for the place when they load, once in a
/// process. A property that the program around has set stays as it is; so does the driver's own
/// choice where libraries can't be loaded from the data folder either.
public final class NativeFolder {
    private static final String SQLITE = "org.sqlite.tmpdir";
    private static final String JAVACPP = "org.bytedeco.javacpp.cachedir";

    /// JavaCPP's other spelling.
    private static final String JAVACPP_TOO = "org.bytedeco.javacpp.cacheDir";

    private static final String SQLITE_FILES = "sqlite-";
    private static final String PROBES = "probe-";

    /// What was set here; the next spool may set it anew, as the folder may have gone.
    private static final Map<String, String> SET_HERE = new HashMap<>();

    private NativeFolder() {}

    /// Has natives unpack in a folder, which is made where it is missing. Only the owner of the
    /// data folder may: what processes that were killed have left there is removed.
    public static void use(Path folder) {
        try {
            Files.createDirectories(folder);
            removeRemains(folder);
        } catch (IOException _) {
            return; // something is in the way: the drivers' own places are left
        }
        if (canLoadFrom(folder)) {
            setUnlessTaken(SQLITE, folder);
            if (System.getProperty(JAVACPP_TOO) == null) {
                setUnlessTaken(JAVACPP, folder);
            }
        }
    }

    /// For a reader, which leaves nothing in a folder that may belong to another user: has SQLite's
    /// driver unpack there only where it can't elsewhere, and only if there is such a folder.
    public static void useAsLastResort(Path folder) {
        if (System.getProperty(SQLITE) == null
                && Files.isDirectory(folder)
                && !canLoadFrom(temporary(folder))
                && canLoadFrom(folder)) {
            setUnlessTaken(SQLITE, folder);
        }
    }

    private static Path temporary(Path otherwise) {
        try {
            return Path.of(System.getProperty("java.io.tmpdir", ""));
        } catch (InvalidPathException _) {
            return otherwise;
        }
    }

    private static void setUnlessTaken(String property, Path folder) {
        synchronized (SET_HERE) {
            var now = System.getProperty(property);
            if (now == null || now.equals(SET_HERE.get(property))) {
                var value = folder.toAbsolutePath().toString();
                System.setProperty(property, value);
                SET_HERE.put(property, value);
            }
        }
    }

    /// SQLite's driver unpacks a file of a new name in each process. A library that is loaded stays
    /// so without its file; where the system doesn't allow that, the file stays.
    private static void removeRemains(Path folder) throws IOException {
        List<Path> files;
        try (var entries = Files.list(folder)) {
            files = entries.toList();
        }
        for (var file : files) {
            var name = String.valueOf(file.getFileName());
            if (name.startsWith(SQLITE_FILES) || name.startsWith(PROBES)) {
                removeIfPossible(file);
            }
        }
    }

    private static void removeIfPossible(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException _) {
            // still in use
        }
    }

    /// Whether files can be made there and executed, which loading them needs. A file system that
    /// is mounted `noexec` denies it to everybody.
    static boolean canLoadFrom(Path folder) {
        try {
            var probe = Files.createTempFile(folder, PROBES, "");
            try {
                return probe.toFile().setExecutable(true) && Files.isExecutable(probe);
            } finally {
                removeIfPossible(probe);
            }
        } catch (IOException _) {
            return false;
        }
    }
}
