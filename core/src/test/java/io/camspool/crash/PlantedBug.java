package io.camspool.crash;

import io.camspool.Durability;
import io.camspool.internal.disk.Disk;
import io.camspool.internal.disk.PassingDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Ways to break the promise on purpose: a recorder that does not see them proves nothing.
enum PlantedBug {
    NONE,

    /// The ledger's commits are not forced; images and names are, whatever the spool asks for.
    LEDGER_NOT_FORCED,

    /// An image is not forced before its row is committed.
    IMAGE_NOT_FORCED,

    /// An image gets its place before its row is committed.
    RENAMED_BEFORE_COMMIT,

    /// A new date folder is not forced.
    DATE_FOLDER_NOT_FORCED;

    Disk disk(Places places) {
        return switch (this) {
            case NONE -> Disk.real();
            case LEDGER_NOT_FORCED -> new Forcing();
            case IMAGE_NOT_FORCED -> new ImageNotForced();
            case RENAMED_BEFORE_COMMIT -> new RenamedBeforeCommit(places);
            case DATE_FOLDER_NOT_FORCED -> new DateFolderNotForced();
        };
    }

    Durability durability() {
        return this == LEDGER_NOT_FORCED ? Durability.OS : Durability.FSYNC;
    }

    /// Where images will stand, by item id; told by who saves them.
    static final class Places {
        private final ConcurrentHashMap<String, CompletableFuture<Path>> places =
                new ConcurrentHashMap<>();

        CompletableFuture<Path> of(String id) {
            return places.computeIfAbsent(id, _ -> new CompletableFuture<>());
        }
    }

    private static final class Forcing extends PassingDisk {
        @Override
        public void createFolders(Path folder) throws IOException {
            super.createFolders(folder);
            super.forceFolder(parent(folder));
        }

        @Override
        public DiskFile create(Path file) throws IOException {
            var created = super.create(file);
            super.forceFolder(parent(file));
            return new Wrapped(created) {
                @Override
                public void close() throws IOException {
                    created.force();
                    created.close();
                }
            };
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            super.rename(from, to);
            super.forceFolder(parent(to));
        }

        @Override
        public boolean delete(Path file) throws IOException {
            var deleted = super.delete(file);
            super.forceFolder(parent(file));
            return deleted;
        }
    }

    private static final class ImageNotForced extends PassingDisk {
        @Override
        public DiskFile create(Path file) throws IOException {
            return new Wrapped(super.create(file)) {
                @Override
                public void force() {}
            };
        }
    }

    private static final class DateFolderNotForced extends PassingDisk {
        @Override
        public void forceFolder(Path folder) throws IOException {
            var name = folder.getFileName().toString();
            if (!name.equals("captures") && !name.matches("[0-9]{8}")) {
                super.forceFolder(folder);
            }
        }
    }

    private static final class RenamedBeforeCommit extends PassingDisk {
        private final Places places;

        RenamedBeforeCommit(Places places) {
            this.places = places;
        }

        @Override
        public void forceFolder(Path folder) throws IOException {
            super.forceFolder(folder);
            if (folder.endsWith(".incoming")) {
                list(folder, aside -> super.rename(aside, placeOf(aside)));
            }
        }

        private Path placeOf(Path aside) throws IOException {
            try {
                var place = places.of(aside.getFileName().toString()).get(10, TimeUnit.SECONDS);
                super.createFolders(parent(place));
                super.forceFolder(parent(parent(place)));
                return place;
            } catch (Exception e) {
                throw new IOException("nobody has said where " + aside + " will stand", e);
            }
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            if (exists(from)) {
                super.rename(from, to);
            }
        }
    }

    private static Path parent(Path path) {
        var parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("no parent: " + path);
        }
        return parent;
    }

    private static class Wrapped implements Disk.DiskFile {
        private final Disk.DiskFile file;

        Wrapped(Disk.DiskFile file) {
            this.file = file;
        }

        @Override
        public void write(ByteBuffer source) throws IOException {
            file.write(source);
        }

        @Override
        public void force() throws IOException {
            file.force();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
