package io.camspool.internal.engine;

import io.camspool.CamspoolException;
import io.camspool.ItemId;
import io.camspool.ItemKind;
import io.camspool.Status;
import io.camspool.internal.archive.Archive;
import io.camspool.internal.ledger.Ledger;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Optional;

/// Heals what a crash left between two steps; its cost is what was under way, whatever is held.
final class Recovery {
    private static final System.Logger LOG = System.getLogger(Recovery.class.getName());

    private Recovery() {}

    /// Finishes removals that were decided, places images whose row is committed, and removes those
    /// that have none: they were never acknowledged. Under a ledger that is new nobody can know,
    /// and they are quarantined.
    static Status.Recovery heal(Ledger ledger, Archive archive, Path quarantine) {
        try {
            for (var remains : ledger.reads().removing()) {
                finishRemoval(ledger, archive, remains);
            }
            var placed = 0L;
            var discarded = 0L;
            for (var name : archive.aside()) {
                var path =
                        ItemId.isValid(name)
                                ? ledger.reads().path(new ItemId(name))
                                : Optional.<String>empty();
                if (path.isPresent()) {
                    archive.place(new ItemId(name), path.get());
                    placed++;
                } else if (ledger.isNew()) {
                    archive.quarantineNamed(name, quarantine);
                    discarded++;
                } else {
                    archive.discardNamed(name);
                    discarded++;
                }
            }
            archive.settle();
            if (placed + discarded > 0) {
                LOG.log(
                        Level.INFO,
                        "healed: {0} images moved to their places, {1} unacknowledged ones removed",
                        placed,
                        discarded);
            }
            return new Status.Recovery(placed, discarded);
        } catch (IOException e) {
            throw CamspoolException.storage(
                    "heal",
                    quarantine.resolveSibling("captures"),
                    e,
                    "check the disk and its permissions");
        }
    }

    static void finishRemoval(Ledger ledger, Archive archive, Ledger.Remains remains)
            throws IOException {
        if (remains.kind() == ItemKind.CAPTURE) {
            archive.remove(remains.id(), remains.path());
        }
        ledger.finishRemoval(remains.seq()).join();
    }
}
