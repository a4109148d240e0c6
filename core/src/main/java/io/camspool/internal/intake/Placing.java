package io.camspool.internal.intake;

import io.camspool.ItemId;
import io.camspool.internal.archive.Archive;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// Renames committed images to their places. An image whose rename fails, however it fails, stays
/// held and readable aside; it is tried again with each [#settle]. Thread-safe.
public final class Placing {
    private final Archive archive;
    private final ConcurrentLinkedQueue<Unplaced> unplaced = new ConcurrentLinkedQueue<>();
    private volatile @Nullable String trouble;

    private record Unplaced(ItemId id, String path) {}

    public Placing(Archive archive) {
        this.archive = archive;
    }

    public void place(ItemId id, String path) {
        try {
            archive.place(id, path);
        } catch (IOException | RuntimeException | Error e) {
            trouble = "an image can't be moved to " + path + ": " + e.getMessage();
            unplaced.add(new Unplaced(id, path));
        }
    }

    /// Tries again what failed, and forces the renames made so far.
    public void settle() throws IOException {
        for (var left = unplaced.size(); left > 0; left--) {
            var image = unplaced.poll();
            if (image == null) {
                break;
            }
            place(image.id, image.path);
        }
        if (unplaced.isEmpty()) {
            trouble = null;
        }
        archive.settle();
    }

    /// Why images stay aside, in words; empty: none does.
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }
}
