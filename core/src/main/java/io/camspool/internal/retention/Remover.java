package io.camspool.internal.retention;

import io.camspool.CamspoolException;
import io.camspool.ItemId;
import io.camspool.ItemKind;
import io.camspool.internal.archive.Archive;
import io.camspool.internal.ledger.Commits;
import io.camspool.internal.ledger.Ledger;
import io.camspool.internal.ledger.Ledger.Remains;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// Takes the last two steps of removals that are decided: the files, then the rows. Thread-safe;
/// whoever finishes a removal twice changes nothing.
public final class Remover {
    /// Removals finished in one go.
    private static final int MAX_REMOVALS = 1_000;

    private final Ledger ledger;
    private final Archive archive;

    public Remover(Ledger ledger, Archive archive) {
        this.ledger = ledger;
        this.archive = archive;
    }

    /// Finishes the oldest removals that were decided and not finished. Tries each, then throws
    /// STORAGE for the first that withstood.
    public void finishDecided() {
        var failures = finish(ledger.reads().removing(MAX_REMOVALS));
        failures.values().stream()
                .findFirst()
                .ifPresent(
                        failure -> {
                            throw CamspoolException.storage(
                                    "remove", "captures", failure, "it is tried again");
                        });
    }

    /// Finishes these; answers the images that withstood, and why. Their rows stay as they are.
    Map<ItemId, IOException> finish(List<Remains> remains) {
        var images =
                remains.stream()
                        .filter(item -> item.kind() == ItemKind.CAPTURE)
                        .map(item -> new Archive.Image(item.id(), item.path()))
                        .toList();
        var failures = archive.remove(images);
        var gone =
                remains.stream()
                        .filter(item -> !failures.containsKey(item.id()))
                        .map(Remains::seq)
                        .toList();
        if (!gone.isEmpty()) {
            Commits.await(ledger.finishRemovals(gone));
        }
        return failures;
    }
}
