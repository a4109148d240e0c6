package io.camspool.internal.disk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// The machine's file system.
final class RealDisk implements Disk {
    private static final boolean IS_POSIX =
            !System.getProperty("os.name", "").startsWith("Windows");

    @Override
    public void createFolders(Path folder) throws IOException {
        Files.createDirectories(folder);
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        return new ChannelFile(
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    @Override
    public DiskFile openToForce(Path file) throws IOException {
        return new ChannelFile(
                FileChannel.open(
                        file, IS_POSIX ? StandardOpenOption.READ : StandardOpenOption.WRITE));
    }

    @Override
    public void link(Path name, Path file) throws IOException {
        try {
            Files.createLink(name, file.toRealPath());
        } catch (UnsupportedOperationException e) {
            throw new IOException("no hard links", e);
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public boolean delete(Path file) throws IOException {
        return Files.deleteIfExists(file);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        if (IS_POSIX) {
            try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    @Override
    public InputStream open(Path file) throws IOException {
        return Files.newInputStream(file);
    }

    @Override
    public boolean exists(Path path) {
        return Files.exists(path);
    }

    @Override
    public boolean isFile(Path path) {
        return Files.isRegularFile(path);
    }

    @Override
    public long size(Path file) throws IOException {
        return Files.size(file);
    }

    @Override
    public long usableBytes(Path folder) throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    @Override
    public void list(Path folder, Entries entries) throws IOException {
        try (var found = Files.newDirectoryStream(folder)) {
            for (var entry : found) {
                entries.take(entry);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } catch (NoSuchFileException | NotDirectoryException e) {
            if (Files.isDirectory(folder)) {
                throw e; // it is about an entry
            }
        }
    }

    private record ChannelFile(FileChannel channel) implements DiskFile {
        @Override
        public void write(ByteBuffer source) throws IOException {
            while (source.hasRemaining()) {
                channel.write(source);
            }
        }

        @Override
        public void force() throws IOException {
            channel.force(true);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
