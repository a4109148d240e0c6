package io.camspool.internal.disk;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The claim of one owner on a data folder, dropped by the operating system when the process dies.
///
/// The holder's pid stands in a file of its own: closing any descriptor of a locked file drops its
/// POSIX lock, so the lock file is never opened twice in one process. The set of folders owned here
/// sees to that.
public final class FolderLock implements AutoCloseable {
    public static final String LOCK_FILE = "camspool.lock";
    public static final String PID_FILE = "camspool.pid";

    private static final Set<Path> OWNED_HERE = ConcurrentHashMap.newKeySet();
    private static final Set<String> NETWORK_FILE_SYSTEMS =
            Set.of(
                    "nfs",
                    "nfs4",
                    "cifs",
                    "smb2",
                    "smb3",
                    "smbfs",
                    "9p",
                    "fuse.sshfs",
                    "afs",
                    "ceph");

    private final Path folder;
    private final FileChannel channel;

    private FolderLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /// Claims an existing folder, or throws with reason LOCKED and the holder's pid.
    public static FolderLock claim(Path data) {
        try {
            var folder = data.toRealPath();
            refuseNetworkFileSystem(folder);
            if (!OWNED_HERE.add(folder)) {
                throw locked(data, ProcessHandle.current().pid() + " (this process)");
            }
            try {
                return claimFile(data, folder);
            } catch (IOException | RuntimeException e) {
                OWNED_HERE.remove(folder);
                throw e;
            }
        } catch (IOException e) {
            throw CamspoolException.storage(
                    "lock the data folder", data, e, "check that it may be written to");
        }
    }

    /// The pid in the folder's pid file, as text; "unknown" when there is none.
    private static String holder(Path folder) {
        try {
            return Files.readString(folder.resolve(PID_FILE)).strip();
        } catch (IOException _) {
            return "unknown";
        }
    }

    private static FolderLock claimFile(Path data, Path folder) throws IOException {
        var channel =
                FileChannel.open(
                        folder.resolve(LOCK_FILE),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        try {
            var lock = channel.tryLock();
            if (lock == null) {
                throw locked(data, holder(folder));
            }
            notePid(folder.resolve(PID_FILE));
            return new FolderLock(folder, channel);
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw locked(data, ProcessHandle.current().pid() + " (this process)");
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /// For people only: on a full disk it is not there, and the holder unknown.
    private static void notePid(Path file) {
        try {
            Files.writeString(file, ProcessHandle.current().pid() + "\n");
        } catch (IOException _) {
            // the lock is what counts
        }
    }

    private static void refuseNetworkFileSystem(Path folder) throws IOException {
        var type = Files.getFileStore(folder).type().toLowerCase(Locale.ROOT);
        if (NETWORK_FILE_SYSTEMS.contains(type)) {
            throw CamspoolException.invalid(
                    "data",
                    folder + " on " + type,
                    "a local file system: locks and fsync must be real");
        }
    }

    private static CamspoolException locked(Path data, String holder) {
        return new CamspoolException(
                Reason.LOCKED,
                "%s is in use by process %s; stop that one, or use another data folder"
                        .formatted(data, holder));
    }

    @Override
    public void close() {
        try (channel) { // its lock goes with it
            Files.deleteIfExists(folder.resolve(PID_FILE));
        } catch (IOException e) {
            throw CamspoolException.storage(
                    "release the lock of", folder, e, "it goes when the process ends");
        } finally {
            OWNED_HERE.remove(folder);
        }
    }
}
