package io.camspool.internal.intake;

import io.camspool.internal.archive.Archive;
import io.camspool.internal.disk.Disk.DiskFile;
import java.io.IOException;

/// A file of the caller's that stands aside, and is not forced yet.
///
/// @param file open from the first byte to the force, so that no failed write goes unnoticed
@SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
record TakenFile(DiskFile file, long bytes, byte[] sha256) {
    /// Forces it and lets it go.
    void finish(Archive archive) throws IOException {
        archive.force(file);
        file.close();
    }

    /// Closes it where that has not been done; what it says then changes nothing.
    void letGo() {
        try {
            file.close();
        } catch (IOException e) {
            System.getLogger(TakenFile.class.getName())
                    .log(System.Logger.Level.DEBUG, "closing a file aside", e);
        }
    }
}
