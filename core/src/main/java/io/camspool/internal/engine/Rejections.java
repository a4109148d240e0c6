package io.camspool.internal.engine;

import io.camspool.Balance.Amount;
import io.camspool.CamspoolException;
import io.camspool.ItemId;
import io.camspool.Rejected;
import io.camspool.SpoolEvent;
import io.camspool.internal.ledger.Commits;
import io.camspool.internal.ledger.Ledger;
import io.camspool.internal.report.Report;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// What an owner does with rejected deliveries, on his thread, in bounded steps. Thread-safe.
final class Rejections {
    /// Items a step, so that saves wait for no more than some milliseconds.
    private static final int STEP = 1_000;

    private static final System.Logger LOG = System.getLogger(Rejections.class.getName());

    private final Ledger ledger;
    private final InstantSource clock;
    private final Report report;

    Rejections(Ledger ledger, InstantSource clock, Report report) {
        this.report = report;
        this.ledger = ledger;
        this.clock = clock;
    }

    long retry(String sink, List<ItemId> items) {
        check(items);
        return Commits.await(ledger.retryRejected(sink, items));
    }

    /// In one pass: what is rejected again at once is not tried for ever.
    long retry(String sink) {
        var retried = 0L;
        Optional<String> cursor = Optional.empty();
        do {
            var page = ledger.reads().rejected(sink, STEP, cursor);
            retried += retry(sink, ids(page.items()));
            cursor = page.next();
        } while (cursor.isPresent());
        return retried;
    }

    Amount drop(String sink, List<ItemId> items, long expected) {
        check(items);
        var loss = Commits.await(ledger.dropRejected(sink, items, expected, clock.millis()));
        var dropped = loss.amount();
        if (dropped.items() > 0) {
            LOG.log(
                    Level.WARNING,
                    "dropped {0} deliveries ({1} bytes) to sink {2}: rejected, dropped by the owner",
                    dropped.items(),
                    dropped.bytes(),
                    sink);
        }
        if (report.isHeard()) {
            loss.items().forEach(id -> tellOfDrop(id, sink));
        }
        return dropped;
    }

    private void tellOfDrop(ItemId id, String sink) {
        var reason = "its delivery to sink %s: rejected, dropped by the owner".formatted(sink);
        ledger.reads()
                .find(id)
                .ifPresent(item -> report.tell(new SpoolEvent.Dropped(id, item.kind(), reason)));
    }

    Amount drop(String sink, long expected) {
        var rejected = rejected(sink);
        if (rejected != expected) {
            throw CamspoolException.invalid(
                    "rejected items to drop", expected, rejected + ", which are rejected now");
        }
        var dropped = Amount.NONE;
        while (dropped.items() < expected) {
            var step = (int) Math.min(STEP, expected - dropped.items());
            var ids = ids(ledger.reads().rejected(sink, step, Optional.empty()).items());
            if (ids.isEmpty()) {
                return dropped; // somebody has retried or dropped the rest meanwhile
            }
            dropped = dropped.plus(drop(sink, ids, ids.size()));
        }
        return dropped;
    }

    private long rejected(String sink) {
        return ledger.reads().sinks().stream()
                .filter(status -> status.id().equals(sink))
                .mapToLong(status -> status.rejected().items())
                .sum();
    }

    private static List<ItemId> ids(List<Rejected> rejected) {
        return rejected.stream().map(each -> each.item().id()).toList();
    }

    private static void check(List<ItemId> items) {
        if (items.size() > STEP) {
            throw CamspoolException.invalid("items", items.size(), "at most " + STEP);
        }
    }
}
