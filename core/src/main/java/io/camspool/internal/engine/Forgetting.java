package io.camspool.internal.engine;

import io.camspool.Balance.Amount;
import io.camspool.CamspoolConfig;
import io.camspool.CamspoolException;
import io.camspool.internal.ledger.Commits;
import io.camspool.internal.ledger.Ledger;
import java.lang.System.Logger.Level;

/// Takes sinks off for good, in bounded steps. Thread-safe: steps of two threads do no harm.
final class Forgetting {
    /// Steps that one run of the upkeep takes, so that what else it keeps up is not held up.
    private static final int STEPS = 20;

    private static final System.Logger LOG = System.getLogger(Forgetting.class.getName());

    private final CamspoolConfig config;
    private final Ledger ledger;

    Forgetting(CamspoolConfig config, Ledger ledger) {
        this.config = config;
        this.ledger = ledger;
    }

    Amount forget(String id, long owedItems) {
        if (config.sinks().stream().anyMatch(sink -> sink.id().equals(id))) {
            throw CamspoolException.invalid(
                    "sink to forget", id, "one that is not configured; take it out first");
        }
        var loss = Commits.await(ledger.forget(id, owedItems));
        LOG.log(
                Level.WARNING,
                "forgot sink {0}: gave up {1} deliveries ({2} bytes) that it was owed",
                id,
                loss.items(),
                loss.bytes());
        while (Commits.await(ledger.forgetStep())) {
            // one bounded commit each
        }
        return loss;
    }

    /// Goes on with what an end of the process left.
    void goOn() {
        for (var step = 0; step < STEPS && ledger.reads().isForgetting(); step++) {
            Commits.await(ledger.forgetStep());
        }
    }
}
