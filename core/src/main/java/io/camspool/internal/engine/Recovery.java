package io.camspool.internal.engine;

import io.camspool.CamspoolException;
import io.camspool.ItemId;
import io.camspool.ItemKind;
import io.camspool.Status;
import io.camspool.internal.archive.Archive;
import io.camspool.internal.intake.Placing;
import io.camspool.internal.ledger.Ledger;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Heals what a crash left between two steps; its cost is what was under way, whatever is held. A
/// file that withstands stops nothing: the upkeep or the next open tries it again.
final class Recovery {
    private static final System.Logger LOG = System.getLogger(Recovery.class.getName());

    /// Removals finished in one go.
    private static final int MAX_REMOVALS = 1_000;

    private final Ledger ledger;
    private final Archive archive;
    private final Placing placing;
    private final Path quarantine;
    private long placed;
    private long discarded;
    private long left;

    private Recovery(Ledger ledger, Archive archive, Placing placing, Path quarantine) {
        this.ledger = ledger;
        this.archive = archive;
        this.placing = placing;
        this.quarantine = quarantine;
    }

    /// Places images whose row is committed, and removes those that have none: they were never
    /// acknowledged. Under a ledger that is new nobody can know, and they are quarantined. Finishes
    /// removals that were decided.
    static Status.Recovery heal(Ledger ledger, Archive archive, Placing placing, Path quarantine) {
        return new Recovery(ledger, archive, placing, quarantine).heal();
    }

    private Status.Recovery heal() {
        for (var name : aside()) {
            try {
                heal(name);
            } catch (IOException e) {
                left++;
                LOG.log(
                        Level.WARNING,
                        "left in .incoming: {0}: {1}",
                        name,
                        CamspoolException.causeInWords(e));
            }
        }
        if (ledger.isUnvouched() && left == 0) {
            Commits.await(ledger.vouch());
        }
        try {
            finishRemovals(ledger, archive);
        } catch (IOException e) {
            LOG.log(
                    Level.WARNING,
                    "a removal is not finished: {0}; it is tried again",
                    CamspoolException.causeInWords(e));
        }
        if (placed + discarded > 0) {
            LOG.log(
                    Level.INFO,
                    "healed: {0} images moved to their places, {1} without a row {2}",
                    placed,
                    discarded,
                    ledger.isUnvouched()
                            ? "moved to " + quarantine
                            : "removed: never acknowledged");
        }
        return new Status.Recovery(placed, discarded);
    }

    private List<String> aside() {
        try {
            return archive.aside();
        } catch (IOException e) {
            throw CamspoolException.storage(
                    "list", "the incoming images", e, "check the disk and its permissions");
        }
    }

    private void heal(String name) throws IOException {
        var path =
                ItemId.isValid(name)
                        ? ledger.reads().path(new ItemId(name))
                        : Optional.<String>empty();
        if (path.isPresent()) {
            if (placing.place(new ItemId(name), path.get())) {
                placed++;
            }
        } else if (ledger.isUnvouched()) {
            archive.quarantineNamed(name, quarantine);
            discarded++;
        } else {
            archive.discardNamed(name);
            discarded++;
        }
    }

    /// Finishes the oldest removals that were decided; tries each, then throws the first failure.
    static void finishRemovals(Ledger ledger, Archive archive) throws IOException {
        IOException failure = null;
        for (var remains : ledger.reads().removing(MAX_REMOVALS)) {
            try {
                finishRemoval(ledger, archive, remains);
            } catch (IOException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /// Takes the last two steps of a removal that was decided: the file, then the row.
    static void finishRemoval(Ledger ledger, Archive archive, Ledger.Remains remains)
            throws IOException {
        if (remains.kind() == ItemKind.CAPTURE) {
            archive.remove(remains.id(), remains.path());
        }
        Commits.await(ledger.finishRemoval(remains.seq()));
    }
}
