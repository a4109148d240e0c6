package io.camspool.internal.intake;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.ItemId;
import io.camspool.Receipt;
import io.camspool.internal.archive.Archive;
import io.camspool.internal.ledger.KnownItem;
import io.camspool.internal.ledger.Reads;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Makes repeats harmless: what is saved again under an id of the caller's gets the receipt of the
/// first time, while that is under way, when it is stored, and for a while after it is gone.
/// Thread-safe.
///
/// An id is claimed in the same step that asks the ledger: nobody else can commit an item under it
/// meanwhile, and nobody waits for the receipt of a claim that turns out to be a repeat itself.
final class Repeats {
    private final Reads reads;
    private final Archive archive;
    private final ConcurrentHashMap<ItemId, Candidate> underWay = new ConcurrentHashMap<>();

    Repeats(Reads reads, Archive archive) {
        this.reads = reads;
        this.archive = archive;
    }

    /// The receipts of an earlier save of the same items. Empty: there was none, and the ids are
    /// claimed until [#release]. Throws CONFLICT where an id stands for something else.
    Optional<List<Receipt>> claim(List<Candidate> candidates) {
        var earlier = new ArrayList<Receipt>();
        var claimed = new ArrayList<Candidate>();
        try {
            for (var candidate : candidates) {
                if (!candidate.hasCallersId()) {
                    continue; // its id is new
                }
                var receipt = claim(candidate, claimed);
                if (receipt != null) {
                    earlier.add(receipt);
                }
            }
            if (earlier.isEmpty()) {
                return Optional.empty();
            }
            if (earlier.size() < candidates.size()) {
                throw new CamspoolException(
                        Reason.CONFLICT,
                        "of %d items that are saved together %d were saved before; repeat them all, or use other ids"
                                .formatted(candidates.size(), earlier.size()));
            }
            return Optional.of(earlier);
        } catch (RuntimeException | Error e) {
            release(claimed);
            var failure = Intake.asCamspoolException(e);
            claimed.forEach(candidate -> candidate.receipt().fail(failure)); // a repeat may wait
            throw e;
        }
    }

    private @Nullable Receipt claim(Candidate candidate, List<Candidate> claimed) {
        var known = new AtomicReference<@Nullable KnownItem>();
        var holder =
                underWay.compute(
                        candidate.id(),
                        (id, other) -> {
                            if (other != null) {
                                return other;
                            }
                            known.set(reads.known(id).orElse(null));
                            return known.get() == null ? candidate : null;
                        });
        if (candidate.equals(holder)) {
            claimed.add(candidate);
            return null;
        }
        if (holder == null) {
            return repeat(Objects.requireNonNull(known.get()), candidate);
        }
        if (!Arrays.equals(holder.inputSha256(), candidate.inputSha256())) {
            throw conflict(candidate.id());
        }
        return holder.receipt();
    }

    private Receipt repeat(KnownItem known, Candidate candidate) {
        if (!Arrays.equals(known.inputSha256(), candidate.inputSha256())) {
            throw conflict(candidate.id());
        }
        var place = candidate.receipt().path().map(_ -> archive.resolve(known.path()));
        var receipt = new PendingReceipt(candidate.id(), place);
        receipt.complete(known.stored());
        return receipt;
    }

    private static CamspoolException conflict(ItemId id) {
        return new CamspoolException(
                Reason.CONFLICT,
                "id: %s stands for other content already; use another id".formatted(id));
    }

    /// Does something unless the id is claimed, and keeps it from being claimed meanwhile; false
    /// when it is.
    boolean ifFree(ItemId id, Runnable action) {
        return underWay.compute(
                        id,
                        (_, holder) -> {
                            if (holder == null) {
                                action.run();
                            }
                            return holder;
                        })
                == null;
    }

    /// Lets claimed ids go, once their items are stored or have failed.
    void release(List<Candidate> candidates) {
        for (var candidate : candidates) {
            underWay.remove(candidate.id(), candidate);
        }
    }
}
