package io.camspool.internal.report;

import io.camspool.ItemKind;
import io.camspool.Measures.Items;
import io.camspool.Measures.OfCamera;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What came of one camera. Thread-safe; to count takes no memory.
final class CameraReport {
    private final Counts captures = new Counts();
    private final Counts alerts = new Counts();
    private volatile @Nullable Instant lastCapture;

    private static final class Counts {
        private final AtomicLong accepted = new AtomicLong();
        private final AtomicLong stored = new AtomicLong();
        private final AtomicLong failed = new AtomicLong();

        Items items() {
            return new Items(accepted.get(), stored.get(), failed.get());
        }
    }

    private Counts counts(ItemKind kind) {
        return switch (kind) {
            case CAPTURE -> captures;
            case ALERT -> alerts;
        };
    }

    void accepted(ItemKind kind) {
        counts(kind).accepted.getAndIncrement();
    }

    void stored(ItemKind kind, Instant time) {
        counts(kind).stored.getAndIncrement();
        if (kind == ItemKind.CAPTURE) {
            lastCapture = time;
        }
    }

    void failed(ItemKind kind) {
        counts(kind).failed.getAndIncrement();
    }

    /// Items of both kinds.
    long failed() {
        return captures.failed.get() + alerts.failed.get();
    }

    /// @param camera empty: none
    OfCamera measures(Optional<String> camera) {
        return new OfCamera(
                camera, captures.items(), alerts.items(), Optional.ofNullable(lastCapture));
    }
}
