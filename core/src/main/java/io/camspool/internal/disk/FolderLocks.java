package io.camspool.internal.disk;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/// The claims of one owner on its folders, let go together. Confined to one thread at a time.
public final class FolderLocks implements AutoCloseable {
    private final Deque<FolderLock> claimed = new ArrayDeque<>();

    /// As [FolderLock#claim].
    public void claim(Path folder) {
        claimed.push(FolderLock.claim(folder));
    }

    @Override
    public void close() {
        while (!claimed.isEmpty()) {
            claimed.pop().close();
        }
    }
}
