package io.camspool.agent;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import java.util.function.Supplier;

/// A batch has time: a full intake makes it wait, not fail.
final class Admission {
    private Admission() {}

    static <T> T whenThereIsRoom(Supplier<T> save) {
        while (true) {
            try {
                return save.get();
            } catch (CamspoolException e) {
                if (e.reason() != Reason.INTAKE_FULL) {
                    throw e;
                }
            }
        }
    }
}
