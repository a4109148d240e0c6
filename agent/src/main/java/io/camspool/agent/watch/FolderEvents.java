package io.camspool.agent.watch;

import io.camspool.CamspoolException;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What the system tells of changes in folders, as far as it does: where it can't, [#trouble] says
/// why, and the tree must be looked through more often. Confined to one thread, but for [#close].
final class FolderEvents implements AutoCloseable {
    /// Folders that are watched at a time; each takes memory here and in the system.
    private static final int MAX_FOLDERS = 8_192;

    /// Gets what changed.
    interface Changes {
        void changed(Path path);

        /// Some changes are lost.
        void lost();
    }

    private final @Nullable WatchService service;
    private final Map<WatchKey, Path> folders = new HashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable WatchKey next;
    private @Nullable String trouble;

    private FolderEvents(@Nullable WatchService service, @Nullable String trouble) {
        this.service = service;
        this.trouble = trouble;
    }

    static FolderEvents open() {
        try {
            return new FolderEvents(FileSystems.getDefault().newWatchService(), null);
        } catch (IOException e) {
            return none(CamspoolException.causeInWords(e));
        }
    }

    /// Tells of nothing.
    ///
    /// @param why in words
    static FolderEvents none(String why) {
        return new FolderEvents(null, why);
    }

    /// Why some folders are not watched, since the last [#retry].
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    /// A look through the whole tree begins, which registers each folder again.
    void retry() {
        if (service != null) {
            trouble = null;
        }
    }

    /// Has a folder watched; once it is, that changes nothing.
    void register(Path folder) {
        if (service == null || (trouble != null && folders.size() >= MAX_FOLDERS)) {
            return;
        }
        if (folders.size() >= MAX_FOLDERS) {
            trouble = "more than " + MAX_FOLDERS + " folders";
            return;
        }
        try {
            var key =
                    folder.register(
                            service,
                            StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_MODIFY);
            folders.put(key, folder);
        } catch (NoSuchFileException | ClosedWatchServiceException _) {
            // gone meanwhile, or nobody asks any more
        } catch (IOException e) {
            trouble = CamspoolException.causeInWords(e);
        }
    }

    /// Hands on what changed, of so many folders at most; whether there may be more.
    boolean drain(int most, Changes changes) {
        for (var i = 0; i < most; i++) {
            var key = next == null ? poll() : next;
            next = null;
            if (key == null) {
                return false;
            }
            tell(key, changes);
        }
        return true;
    }

    private @Nullable WatchKey poll() {
        try {
            return service == null ? null : service.poll();
        } catch (ClosedWatchServiceException _) {
            return null;
        }
    }

    private void tell(WatchKey key, Changes changes) {
        var folder = folders.get(key);
        for (var event : key.pollEvents()) {
            if (event.context() instanceof Path name && folder != null) {
                changes.changed(folder.resolve(name));
            } else {
                changes.lost();
            }
        }
        if (!key.reset()) {
            folders.remove(key);
        }
    }

    /// Waits for a change, for the end of the wait, or for [#close].
    void await(Duration wait) throws InterruptedException {
        if (service == null) {
            pause(wait);
        } else if (next == null) {
            try {
                next = service.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
            } catch (ClosedWatchServiceException _) {
                // nothing more comes
            }
        }
    }

    /// Waits for the end of the wait, or for [#close], whatever changes.
    void pause(Duration wait) throws InterruptedException {
        var _ = closed.await(wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        closed.countDown();
        if (service != null) {
            try {
                service.close();
            } catch (IOException _) {
                // nothing was written
            }
        }
    }
}
