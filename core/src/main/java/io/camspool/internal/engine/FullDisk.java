package io.camspool.internal.engine;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.internal.disk.Disk;
import io.camspool.internal.disk.Reserve;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/// Says of an open that failed that the disk is full: SQLite and its driver have other words for
/// it.
final class FullDisk {
    private FullDisk() {}

    /// What to throw instead; empty: there was room, or it is not about the disk.
    static Optional<CamspoolException> behind(Throwable failure, Disk disk, Path data) {
        if (!(failure instanceof CamspoolException known) || known.reason() != Reason.STORAGE) {
            return Optional.empty();
        }
        try {
            var free = disk.usableBytes(data);
            return free < Reserve.NEEDED_TO_OPEN
                    ? Optional.of(
                            new CamspoolException(Reason.STORAGE, text(known, data, free), known))
                    : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static String text(CamspoolException failure, Path data, long free) {
        return "the disk of %s is full: %,d bytes free; free some (%s)"
                .formatted(
                        data,
                        free,
                        CamspoolException.causeInWords(
                                Objects.requireNonNullElse(failure.getCause(), failure)));
    }
}
