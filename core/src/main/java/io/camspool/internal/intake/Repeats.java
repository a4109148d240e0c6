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
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Makes repeats harmless: what is saved again under an id of the caller's gets the receipt of the
/// first time, while that is under way, when it is stored, and for a while after it is gone.
/// Thread-safe.
///
/// An id is claimed before the ledger is asked: nobody else can commit an item under it meanwhile.
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
        if (candidates.stream().anyMatch(candidate -> candidate.inputSha256() == null)) {
            return Optional.empty(); // its id is new
        }
        var earlier = new ArrayList<Receipt>();
        var claimed = new ArrayList<Candidate>();
        try {
            for (var candidate : candidates) {
                var receipt = claim(candidate, claimed);
                if (receipt != null) {
                    earlier.add(receipt);
                }
            }
            if (earlier.isEmpty()) {
                claimed.clear();
                return Optional.empty();
            }
            if (earlier.size() < candidates.size()) {
                throw new CamspoolException(
                        Reason.CONFLICT,
                        "of %d items that are saved together %d were saved before; repeat them all, or use other ids"
                                .formatted(candidates.size(), earlier.size()));
            }
            return Optional.of(earlier);
        } finally {
            release(claimed);
        }
    }

    private @Nullable Receipt claim(Candidate candidate, List<Candidate> claimed) {
        var other = underWay.putIfAbsent(candidate.id(), candidate);
        if (other != null) {
            if (!Arrays.equals(other.inputSha256(), candidate.inputSha256())) {
                throw conflict(candidate.id());
            }
            return other.receipt();
        }
        claimed.add(candidate);
        return reads.known(candidate.id()).map(known -> repeat(known, candidate)).orElse(null);
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

    /// Lets claimed ids go, once their items are stored or have failed.
    void release(List<Candidate> candidates) {
        for (var candidate : candidates) {
            underWay.remove(candidate.id(), candidate);
        }
    }
}
