package io.camspool.internal.engine;

import io.camspool.CamspoolException;
import io.camspool.ItemId;
import io.camspool.Status;
import io.camspool.internal.archive.Archive;
import io.camspool.internal.intake.Placing;
import io.camspool.internal.ledger.Commits;
import io.camspool.internal.ledger.Ledger;
import io.camspool.internal.retention.Remover;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Optional;

/// Heals what a crash left between two steps; its cost is what was under way, whatever is held. A
/// file that withstands stops nothing: the upkeep or the next open tries it again.
final class Recovery {
    private static final System.Logger LOG = System.getLogger(Recovery.class.getName());

    private final Ledger ledger;
    private final Archive archive;
    private final Placing placing;
    private final Remover remover;
    private final Path quarantine;
    private long placed;
    private long discarded;
    private long left;

    private Recovery(
            Ledger ledger, Archive archive, Placing placing, Remover remover, Path quarantine) {
        this.ledger = ledger;
        this.archive = archive;
        this.placing = placing;
        this.remover = remover;
        this.quarantine = quarantine;
    }

    /// Places images whose row is committed, and removes those that have none: they were never
    /// acknowledged. Under a ledger that is new nobody can know, and they are quarantined. Finishes
    /// removals that were decided.
    static Status.Recovery heal(
            Ledger ledger, Archive archive, Placing placing, Remover remover, Path quarantine) {
        return new Recovery(ledger, archive, placing, remover, quarantine).heal();
    }

    private Status.Recovery heal() {
        try {
            archive.forEachAside(this::tryToHeal);
        } catch (IOException e) {
            throw CamspoolException.storage(
                    "list", "the incoming images", e, "check the disk and its permissions");
        }
        if (ledger.isUnvouched() && left == 0) {
            Commits.await(ledger.vouch());
        }
        try {
            remover.finishDecided();
        } catch (CamspoolException e) {
            LOG.log(Level.WARNING, "a removal is not finished: {0}", e.getMessage());
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

    private void tryToHeal(String name) {
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
}
