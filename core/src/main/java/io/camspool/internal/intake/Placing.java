package io.camspool.internal.intake;

import io.camspool.CamspoolException;
import io.camspool.ItemId;
import io.camspool.internal.archive.Archive;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/// Renames committed images to their places. An image whose rename fails, however it fails, stays
/// held and readable aside; it is tried again with [#settle], or by the next open when too many
/// wait. Thread-safe.
public final class Placing {
    /// Images that are tried again: some megabytes of names.
    private static final int MOST_RETRIES = 10_000;

    private final Archive archive;
    private final Predicate<ItemId> isHeld;
    private final LinkedBlockingQueue<Unplaced> retries;
    private final AtomicLong aside = new AtomicLong();
    private final AtomicLong leftToOpen = new AtomicLong();
    private volatile String lastFailure = "";

    private record Unplaced(ItemId id, String path) {}

    /// @param isHeld whether the ledger holds an item
    public Placing(Archive archive, Predicate<ItemId> isHeld) {
        this(archive, isHeld, MOST_RETRIES);
    }

    Placing(Archive archive, Predicate<ItemId> isHeld, int mostRetries) {
        this.archive = archive;
        this.isHeld = isHeld;
        this.retries = new LinkedBlockingQueue<>(mostRetries);
    }

    /// False when the image stays aside for now. May be asked again where it threw.
    public boolean place(ItemId id, String path) {
        var image = new Unplaced(id, path);
        if (tryToPlace(image)) {
            return true;
        }
        keep(image);
        aside.incrementAndGet();
        return false;
    }

    private boolean tryToPlace(Unplaced image) {
        try {
            archive.place(image.id, image.path);
            return true;
        } catch (NoSuchFileException e) {
            // It may have been removed since its commit.
            return isGone(image) || failed(image, e);
        } catch (IOException | RuntimeException | Error e) {
            return failed(image, e);
        }
    }

    private boolean isGone(Unplaced image) {
        try {
            return !isHeld.test(image.id);
        } catch (CamspoolException _) {
            return false; // it is asked again
        }
    }

    private boolean failed(Unplaced image, Throwable e) {
        lastFailure =
                "an image can't be moved to %s: %s"
                        .formatted(image.path, CamspoolException.causeInWords(e));
        return false;
    }

    private void keep(Unplaced image) {
        if (!retries.offer(image)) {
            leftToOpen.incrementAndGet();
        }
    }

    /// Tries again what failed, and forces the renames made so far. The first failure ends the
    /// tries, for the next will mostly fail alike; that image goes to the end, so that it can't
    /// keep the others from their places.
    public void settle() throws IOException {
        for (var left = retries.size(); left > 0; left--) {
            var image = retries.poll();
            if (image == null) {
                break;
            }
            if (!tryToPlace(image)) {
                keep(image);
                break;
            }
            aside.decrementAndGet();
        }
        archive.settle();
    }

    /// Why images stay aside, and how many, in words; empty: none does.
    public Optional<String> trouble() {
        var images = aside.get();
        if (images == 0) {
            return Optional.empty();
        }
        var left = leftToOpen.get();
        return Optional.of(
                "%s; %d aside%s"
                        .formatted(
                                lastFailure,
                                images,
                                left == 0
                                        ? ""
                                        : ", %d of them until the next open".formatted(left)));
    }
}
