package io.camspool.crash;

/// One change of the recorded files, or a force of one of them.
sealed interface Operation {
    /// A file or folder, whatever its names. Files that follow each other under one inode number
    /// are different ones.
    record Inode(int number, boolean isFolder) {}

    /// Changes names in a folder.
    sealed interface NameOperation extends Operation {}

    /// A file or folder gets a name: created or linked.
    record Enter(Inode folder, String name, Inode inode) implements NameOperation {}

    /// A name goes.
    record Remove(Inode folder, String name) implements NameOperation {}

    /// A name moves; what had the new one loses it.
    record Rename(Inode folder, String name, Inode toFolder, String toName, Inode inode)
            implements NameOperation {}

    /// Changes the content of a file.
    sealed interface DataOperation extends Operation {
        Inode file();
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
    record Write(Inode file, long offset, byte[] bytes) implements DataOperation {
        long end() {
            return offset + bytes.length;
        }
    }

    record Resize(Inode file, long size) implements DataOperation {}

    /// An fsync has begun; `token` ties it to its end.
    record ForceBegan(Inode inode, long token) implements Operation {}

    /// An fsync has succeeded: what was done to the inode before it began is durable.
    record ForceEnded(Inode inode, long token) implements Operation {}

    /// A process has started.
    record Started() implements Operation {}

    /// All before was there, and durable, before the recording.
    record Begin() implements Operation {}
}
