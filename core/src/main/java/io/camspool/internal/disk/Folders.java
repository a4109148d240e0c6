package io.camspool.internal.disk;

import java.io.IOException;
import java.nio.file.Path;

/// Makes folders whose names survive a power cut.
public final class Folders {
    private Folders() {}

    /// Makes the folder and its missing parents, and forces the name of each one made.
    public static void create(Disk disk, Path folder) throws IOException {
        var parent = folder.getParent();
        if (disk.exists(folder) || parent == null) {
            disk.createFolders(folder); // says so where it is no folder
            return;
        }
        create(disk, parent);
        disk.createFolder(folder);
        disk.forceFolder(parent);
    }
}
