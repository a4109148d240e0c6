package io.camspool.agent;

import io.camspool.CamspoolException;
import java.nio.file.NoSuchFileException;

/// The documented exit codes.
final class ExitCode {
    static final int DONE = 0;
    static final int NOT_ALL = 1;
    static final int USAGE = 2;
    static final int LOCKED = 3;
    static final int ENVIRONMENT = 4;
    static final int TIMEOUT = 5;

    /// As shells have it for what Ctrl-C ends.
    static final int INTERRUPTED = 130;

    private ExitCode() {}

    static int of(Exception failure) {
        if (failure instanceof NoSuchFileException) {
            return USAGE;
        }
        if (!(failure instanceof CamspoolException known)) {
            return ENVIRONMENT;
        }
        return switch (known.reason()) {
            case INVALID, NOT_FOUND, CONFLICT -> USAGE;
            case LOCKED -> LOCKED;
            case INTAKE_FULL, TIMEOUT -> TIMEOUT;
            case FORMAT, STORAGE, DAMAGED, UNKNOWN_OUTCOME, CLOSED -> ENVIRONMENT;
        };
    }
}
