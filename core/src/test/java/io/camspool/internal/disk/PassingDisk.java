package io.camspool.internal.disk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/// A real disk behind a disk of a test's own, which changes what it needs to.
public class PassingDisk implements Disk {
    private final Disk disk = Disk.real();

    @Override
    public void createFolders(Path folder) throws IOException {
        disk.createFolders(folder);
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        disk.createFolder(folder);
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        return disk.create(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        disk.rename(from, to);
    }

    @Override
    public boolean delete(Path file) throws IOException {
        return disk.delete(file);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        disk.forceFolder(folder);
    }

    @Override
    public InputStream open(Path file) throws IOException {
        return disk.open(file);
    }

    @Override
    public boolean exists(Path path) {
        return disk.exists(path);
    }

    @Override
    public long size(Path file) throws IOException {
        return disk.size(file);
    }

    @Override
    public DiskFile openToForce(Path file) throws IOException {
        return disk.openToForce(file);
    }

    @Override
    public void link(Path name, Path file) throws IOException {
        disk.link(name, file);
    }

    @Override
    public boolean isFile(Path path) {
        return disk.isFile(path);
    }

    @Override
    public long usableBytes(Path folder) throws IOException {
        return disk.usableBytes(folder);
    }

    @Override
    public void list(Path folder, Entries entries) throws IOException {
        disk.list(folder, entries);
    }
}
