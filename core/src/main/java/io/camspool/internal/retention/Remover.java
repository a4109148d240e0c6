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
import org.jspecify.annotations.Nullable;

/// Takes the last two steps of removals that are decided: the files, then the rows. Thread-safe;
/// whoever finishes a removal twice changes nothing.
public final class Remover {
    /// Removals finished in one go.
    private static final int MAX_REMOVALS = 1_000;

    private final Ledger ledger;
    private final Archive archive;
    private final int maxRemovals;

    /// The last removal that was tried since the oldest; 0: the oldest is next.
    private long tried;

    /// The last failure since the oldest was tried.
    private @Nullable IOException failure;

    public Remover(Ledger ledger, Archive archive) {
        this(ledger, archive, MAX_REMOVALS);
    }

    Remover(Ledger ledger, Archive archive, int maxRemovals) {
        this.ledger = ledger;
        this.archive = archive;
        this.maxRemovals = maxRemovals;
    }

    /// Finishes removals that were decided and not finished, from the oldest on: each call goes on
    /// where the last one ended, so that those that withstand don't keep the rest from its turn.
    /// Throws STORAGE when one has withstood since the oldest was tried.
    public synchronized void finishDecided() {
        if (tried == 0) {
            failure = null;
        }
        var next = ledger.reads().removing(tried, maxRemovals);
        tried = next.size() < maxRemovals ? 0 : next.getLast().seq();
        finish(next).values().stream().findFirst().ifPresent(withstood -> failure = withstood);
        if (failure != null) {
            throw CamspoolException.storage("remove", "captures", failure, "it is tried again");
        }
    }

    /// Finishes these; answers the images that withstood, and why. Their rows stay as they are.
    Map<ItemId, IOException> finish(List<Remains> remains) {
        var images =
                remains.stream()
                        .filter(item -> item.kind() == ItemKind.CAPTURE)
                        .map(item -> new Archive.Image(item.id(), item.path(), item.sha256()))
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
