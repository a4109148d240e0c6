package io.camspool.agent;

import io.camspool.CamspoolException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Where copies of alerts go that are no JSON objects: `quarantine/import/<cache id>~<hash>.json`.
/// The hash is in the name, so that a repeat copies nothing twice and overwrites nothing else.
record ImportQuarantine(Path folder) {
    private static final int HASH_CHARACTERS = 8;

    static ImportQuarantine in(Path data) {
        return new ImportQuarantine(data.resolve("quarantine").resolve("import"));
    }

    Path placeOf(String cacheId, String sha256) {
        return folder.resolve(cacheId + "~" + sha256.substring(0, HASH_CHARACTERS) + ".json");
    }

    /// Copies a file, unless it is there.
    void keep(Path file, Path place) {
        try {
            if (Files.exists(place)) {
                return;
            }
            Files.createDirectories(folder);
            var aside = folder.resolve(".incoming");
            Files.copy(file, aside, StandardCopyOption.REPLACE_EXISTING);
            try (var channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(aside, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw CamspoolException.storage(
                    "copy", file + " to " + place, e, "check the disk and its permissions");
        }
    }
}
