package io.camspool.internal.disk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sqlite.util.LibraryLoaderUtil;

/// Where native libraries are unpacked: below the data folder, as the system's folder for temporary
/// files is often tiny, or mounted so that nothing in it may be executed. Thread-safe.
///
/// SQLite's driver and JavaCPP ask system properties for the place when they load, once in a
/// process. A property that the program around has set stays as it is; so does the driver's own
/// choice where libraries can't be loaded from the data folder either.
///
/// The driver would unpack a file of a new name in each process. It is given one that stays, as
/// there may be no room for another when room is to be made.
public final class NativeFolder {
    private static final String SQLITE = "org.sqlite.tmpdir";

    /// Where the driver looks for its library before it unpacks one.
    private static final String SQLITE_UNPACKED = "org.sqlite.lib.path";

    private static final String JAVACPP = "org.bytedeco.javacpp.cachedir";

    /// JavaCPP's other spelling.
    private static final String JAVACPP_TOO = "org.bytedeco.javacpp.cacheDir";

    private static final String SQLITE_FILES = "sqlite-";
    private static final String PROBES = "probe-";

    /// At least what SQLite's library takes.
    private static final long SQLITE_BYTES = 2_000_000;

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
            if (System.getProperty(SQLITE) == null || isSetHere(SQLITE)) {
                useSqliteOf(folder, unpackSqlite(folder));
            }
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
                && !(canLoadFrom(temporary(folder)) && hasRoom(temporary(folder)))
                && canLoadFrom(folder)) {
            useSqliteOf(folder, isSqliteIn(folder));
        }
    }

    private static void useSqliteOf(Path folder, boolean isUnpacked) {
        if (isUnpacked) {
            setUnlessTaken(SQLITE_UNPACKED, folder);
        }
        setUnlessTaken(SQLITE, folder);
    }

    /// Whether it is there afterwards, and whole.
    private static boolean unpackSqlite(Path folder) {
        if (isSqliteIn(folder)) {
            return true;
        }
        try (var packed = packedSqlite()) {
            if (packed == null) {
                return false;
            }
            var part = Files.createTempFile(folder, PROBES, "");
            try {
                Files.copy(packed, part, StandardCopyOption.REPLACE_EXISTING);
                Files.move(part, sqliteIn(folder), StandardCopyOption.REPLACE_EXISTING);
                return true;
            } finally {
                removeIfPossible(part);
            }
        } catch (IOException _) {
            return false; // the driver says what is wrong
        }
    }

    private static boolean isSqliteIn(Path folder) {
        try (var packed = packedSqlite()) {
            return packed != null
                    && Arrays.equals(packed.readAllBytes(), Files.readAllBytes(sqliteIn(folder)));
        } catch (IOException _) {
            return false;
        }
    }

    private static Path sqliteIn(Path folder) {
        return folder.resolve(LibraryLoaderUtil.getNativeLibName());
    }

    private static @Nullable InputStream packedSqlite() {
        return LibraryLoaderUtil.class.getResourceAsStream(
                LibraryLoaderUtil.getNativeLibResourcePath()
                        + "/"
                        + LibraryLoaderUtil.getNativeLibName());
    }

    private static boolean hasRoom(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace() >= SQLITE_BYTES;
        } catch (IOException _) {
            return false;
        }
    }

    private static Path temporary(Path otherwise) {
        try {
            return Path.of(System.getProperty("java.io.tmpdir", ""));
        } catch (InvalidPathException _) {
            return otherwise;
        }
    }

    private static boolean isSetHere(String property) {
        synchronized (SET_HERE) {
            return Objects.equals(System.getProperty(property), SET_HERE.get(property));
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

    /// A library that is loaded stays so without its file; where the system doesn't allow that, the
    /// file stays.
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
