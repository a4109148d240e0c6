package io.camspool.internal.disk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// A file system, as far as Camspool needs one. Thread-safe. Every method may fail with an
/// [IOException].
public interface Disk {
    /// The machine's own.
    static Disk real() {
        return new RealDisk();
    }

    /// Makes the folder and its missing parents; does not force them.
    void createFolders(Path folder) throws IOException;

    /// Makes one folder; fails where its parent is missing, does nothing where it exists.
    void createFolder(Path folder) throws IOException;

    /// Makes a new file for writing; fails when there is one.
    DiskFile create(Path file) throws IOException;

    /// Opens an existing file only to force it, whatever its permissions to write are.
    DiskFile openToForce(Path file) throws IOException;

    /// Makes a second name for the file, through symbolic links; fails where there is something of
    /// this name, and where the file system has no such names or the two are on different ones.
    void link(Path name, Path file) throws IOException;

    /// Gives the file its new name in one atomic step; replaces what is there. Does not force the
    /// folders.
    void rename(Path from, Path to) throws IOException;

    /// Removes the file, or the folder where it is empty; false when there was none.
    boolean delete(Path file) throws IOException;

    /// Forces the names in a folder to the disk; does nothing where the platform can't.
    void forceFolder(Path folder) throws IOException;

    InputStream open(Path file) throws IOException;

    boolean exists(Path path);

    /// Whether it is a file: no folder, pipe or device; through symbolic links.
    boolean isFile(Path path);

    /// Size of a file, in bytes.
    long size(Path file) throws IOException;

    /// Room that this process may use on the folder's file system, in bytes.
    long usableBytes(Path folder) throws IOException;

    /// Hands over the entries of a folder one after the other, in no order and never all in memory;
    /// none when there is no such folder. An entry may be renamed or removed when it is handed
    /// over.
    void list(Path folder, Entries entries) throws IOException;

    /// Gets the entries of a folder.
    interface Entries {
        void take(Path entry) throws IOException;
    }

    /// A file being written.
    interface DiskFile extends AutoCloseable {
        /// Appends all bytes of the source.
        void write(ByteBuffer source) throws IOException;

        /// Forces content and size to the disk.
        void force() throws IOException;

        @Override
        void close() throws IOException;
    }
}
