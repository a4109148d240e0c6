package io.camspool.internal.intake;

import io.camspool.image.ImageCodec;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The codec, found when the first image needs one: its natives cost memory that a box whose images
/// all fit never needs. Thread-safe.
public final class LazyCodec {
    private final Supplier<ImageCodec> search;
    private @Nullable ImageCodec found;

    public LazyCodec(Supplier<ImageCodec> search) {
        this.search = search;
    }

    synchronized ImageCodec get() {
        if (found == null) {
            found = search.get();
        }
        return found;
    }

    /// Its name, or that none was needed yet.
    synchronized String name() {
        return found == null ? "not needed yet" : found.name();
    }
}
