package io.camspool.codec.opencv;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Whether OpenCV's natives leave room on the disk where they are unpacked, which is mostly that of
/// the spool: better slow than without room for what is to be stored.
final class NativeRoom {
    /// At least what they take, in bytes.
    static final long NATIVES_BYTES = 130_000_000;

    /// What must be left beside them, in bytes: the spool takes no images below 24 MB.
    static final long LEFT_BYTES = 50_000_000;

    /// The last that is unpacked.
    private static final String LAST = "jniopencv_imgcodecs";

    /// How deep it lies below the folder, at most.
    private static final int DEPTH = 8;

    private NativeRoom() {}

    /// What is lacking, in words; empty: there is room, or they are there already.
    static Optional<String> lack(Path folder) throws IOException {
        return lack(folder, Files.getFileStore(folder).getUsableSpace());
    }

    static Optional<String> lack(Path folder, long free) throws IOException {
        return free >= NATIVES_BYTES + LEFT_BYTES || isUnpacked(folder)
                ? Optional.empty()
                : Optional.of(
                        "no room: its natives take %d MB in %s and are to leave %d MB, %d MB are free"
                                .formatted(
                                        NATIVES_BYTES / 1_000_000,
                                        folder,
                                        LEFT_BYTES / 1_000_000,
                                        free / 1_000_000));
    }

    private static boolean isUnpacked(Path folder) throws IOException {
        try (var files =
                Files.find(
                        folder,
                        DEPTH,
                        (file, facts) ->
                                facts.size() > 0 && file.getFileName().toString().contains(LAST))) {
            return files.findAny().isPresent();
        }
    }
}
