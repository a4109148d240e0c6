package io.camspool.internal.intake;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.ItemId;
import io.camspool.Receipt;
import io.camspool.internal.archive.Archive;
import io.camspool.internal.ledger.KnownItem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Makes repeats harmless: what is saved again under an id of the caller's gets the receipt of the
/// first time, while that is under way, when it is stored, and for a while after it is gone.
/// Thread-safe.
///
/// An id is claimed before the ledger is asked: nobody else can commit an item under it meanwhile.
/// Who comes in between waits for that answer, so that nobody gets the receipt of a claim that
/// turns out to be a repeat itself; who saves under other ids waits for nothing.
final class Repeats {
    /// That somebody has an id.
    private static final class Claim {
        final Candidate candidate;

        /// Whether the candidate goes on to be stored; false: the id is free again, or soon.
        final CompletableFuture<Boolean> stands = new CompletableFuture<>();

        Claim(Candidate candidate) {
            this.candidate = candidate;
        }
    }

    private final Function<ItemId, Optional<KnownItem>> ledger;
    private final Archive archive;
    private final ConcurrentHashMap<ItemId, Claim> underWay = new ConcurrentHashMap<>();

    /// @param ledger what it knows of an id
    Repeats(Function<ItemId, Optional<KnownItem>> ledger, Archive archive) {
        this.ledger = ledger;
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
        while (true) {
            var own = new Claim(candidate);
            var other = underWay.putIfAbsent(candidate.id(), own);
            if (other == null) {
                return decide(own, claimed);
            }
            if (other.stands.join()) {
                if (!Arrays.equals(other.candidate.inputSha256(), candidate.inputSha256())) {
                    throw conflict(candidate.id());
                }
                return other.candidate.receipt();
            }
        }
    }

    private @Nullable Receipt decide(Claim own, List<Candidate> claimed) {
        var stands = false;
        try {
            var known = ledger.apply(own.candidate.id());
            if (known.isPresent()) {
                return repeat(known.get(), own.candidate);
            }
            claimed.add(own.candidate);
            stands = true;
            return null;
        } finally {
            settle(own, stands);
        }
    }

    private void settle(Claim own, boolean stands) {
        if (!stands) {
            underWay.remove(own.candidate.id(), own);
        }
        own.stands.complete(stands);
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

    /// Does something unless the candidate's id is claimed, and keeps it from being claimed
    /// meanwhile; false when it is.
    boolean ifFree(Candidate candidate, Runnable action) {
        var own = new Claim(candidate);
        if (underWay.putIfAbsent(candidate.id(), own) != null) {
            return false;
        }
        try {
            action.run();
        } finally {
            settle(own, false);
        }
        return true;
    }

    /// Lets claimed ids go, once their items are stored or have failed.
    void release(List<Candidate> candidates) {
        for (var candidate : candidates) {
            underWay.computeIfPresent(
                    candidate.id(), (_, claim) -> claim.candidate.equals(candidate) ? null : claim);
        }
    }
}
