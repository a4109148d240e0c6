package io.camspool.internal.intake;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import java.util.function.Supplier;

/// Reads memory that is the caller's, and may be gone or another thread's.
final class CallersMemory {
    private CallersMemory() {}

    static <T> T read(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (IllegalStateException | WrongThreadException e) {
            throw new CamspoolException(
                    Reason.INVALID,
                    "pixels: this memory can't be read: %s; allowed: an open arena that this thread may use"
                            .formatted(e.getMessage()),
                    e);
        }
    }
}
