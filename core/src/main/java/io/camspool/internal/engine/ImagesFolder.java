package io.camspool.internal.engine;

import io.camspool.CamspoolConfig;
import io.camspool.CamspoolException;
import io.camspool.internal.archive.Archive;
import io.camspool.internal.disk.Disk;
import io.camspool.internal.disk.FolderLocks;
import io.camspool.internal.ledger.Ledger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The folder of the images during an open: made and claimed before the ledger names it, so that an
/// open that is refused leaves the ledger as it was, and marked after that. Confined to one thread.
final class ImagesFolder implements Ledger.FolderCheck {
    private static final String CAPTURES = "captures";

    private final CamspoolConfig config;
    private final Disk disk;
    private final FolderLocks locks;
    private @Nullable Archive claimed;

    ImagesFolder(CamspoolConfig config, Disk disk, FolderLocks locks) {
        this.config = config;
        this.disk = disk;
        this.locks = locks;
    }

    /// Where the images stand if no other folder was configured.
    static Path in(Path data) {
        return data.resolve(CAPTURES);
    }

    @Override
    public void check(Path captures, String spoolId, Optional<Ledger.Image> newest) {
        if (claimed != null) {
            return; // by a try of this open whose commit failed
        }
        var archive = new Archive(disk, captures, config.durability());
        try {
            if (isElsewhere(captures)) {
                archive.requireOwn(
                        spoolId,
                        newest.map(
                                image ->
                                        new Archive.Image(
                                                image.id(), image.path(), Optional.empty())));
            }
            archive.prepare();
        } catch (IOException e) {
            throw refused(captures, e);
        }
        if (isElsewhere(captures)) {
            locks.claim(captures);
        }
        claimed = archive;
    }

    /// The archive in the folder that the ledger names by now.
    Archive archive(Path captures, String spoolId) {
        var archive = claimed;
        if (archive == null) {
            throw new IllegalStateException("never checked: " + captures);
        }
        try {
            if (isElsewhere(captures)) {
                archive.mark(spoolId);
            }
        } catch (IOException e) {
            throw refused(captures, e);
        }
        return archive;
    }

    private boolean isElsewhere(Path captures) {
        return !captures.equals(in(config.data()));
    }

    private static CamspoolException refused(Path captures, IOException e) {
        return CamspoolException.storage(
                "use",
                captures,
                e,
                "check the path, its disk and its permissions; move the whole folder where images are to stand elsewhere");
    }
}
