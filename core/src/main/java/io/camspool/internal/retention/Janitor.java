package io.camspool.internal.retention;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.Cleaned;
import io.camspool.Cleanup;
import io.camspool.ItemId;
import io.camspool.ItemKind;
import io.camspool.Removal;
import io.camspool.SpoolEvent;
import io.camspool.Undelivered;
import io.camspool.internal.ledger.Commits;
import io.camspool.internal.ledger.HeldItem;
import io.camspool.internal.ledger.HeldItems;
import io.camspool.internal.ledger.HeldItems.Owed;
import io.camspool.internal.ledger.Ledger;
import io.camspool.internal.ledger.Ledger.MarkedRemoval;
import io.camspool.internal.ledger.RemovalOrder;
import io.camspool.internal.ledger.RemovalOrder.DropEvent;
import io.camspool.internal.report.Report;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Removes items on the caller's thread, in bounded steps: keep some from being leased, mark their
/// rows and move the balance in one commit, remove their files, delete the rows. Saves and pumps go
/// on in between. Whatever ends it between two steps, what was marked is finished by the upkeep or
/// the next open. Thread-safe; one step at a time.
public final class Janitor {
    /// Items a step, so that saves wait for no more than some milliseconds.
    private static final int STEP = 500;

    private static final System.Logger LOG = System.getLogger(Janitor.class.getName());

    private final Ledger ledger;
    private final HeldItems held;
    private final Remover remover;
    private final Leases leases;
    private final InstantSource clock;
    private final boolean localOnly;
    private final Supplier<DropEvent> events;
    private final Report report;
    private final ReentrantLock step = new ReentrantLock();
    private boolean stopped;

    /// What all that send have leased.
    public interface Leases {
        /// Keeps an item from being leased until [#letGo]; false when it is leased right now.
        boolean withhold(long seq);

        /// Ends a [#withhold].
        void letGo(long seq);
    }

    private record Order(Undelivered policy, String reason) {}

    /// @param localOnly the owner says that nothing will ever be delivered
    /// @param events names the event that tells the sinks of drops
    /// @param report told of drops
    public Janitor(
            Ledger ledger,
            Remover remover,
            Leases leases,
            InstantSource clock,
            boolean localOnly,
            Supplier<DropEvent> events,
            Report report) {
        this.ledger = ledger;
        this.held = new HeldItems(ledger.reads());
        this.remover = remover;
        this.leases = leases;
        this.clock = clock;
        this.localOnly = localOnly;
        this.events = events;
        this.report = report;
    }

    /// Removes one item where the policy allows it.
    public Removal remove(ItemId id, Undelivered policy) {
        var item = ledger.reads().find(id);
        if (item.isEmpty()) {
            return Removal.NOT_FOUND;
        }
        var seq = item.get().seq();
        beginStep();
        try {
            if (!leases.withhold(seq)) {
                return Removal.KEPT_LEASED;
            }
            try {
                return removeWithheld(id, policy);
            } finally {
                leases.letGo(seq);
            }
        } finally {
            step.unlock();
        }
    }

    private Removal removeWithheld(ItemId id, Undelivered policy) {
        var marked = mark(List.of(id), new Order(policy, "removed by the owner")).getFirst();
        if (marked.removal() == Removal.DROPPED) {
            LOG.log(Level.WARNING, "dropped {0}: undelivered, removed by the owner", id);
        }
        var failure = remover.finish(marked.remains().stream().toList()).get(id);
        if (failure != null) {
            throw CamspoolException.storage(
                    "remove the image of", id, failure, "it is no longer held; it is tried again");
        }
        return marked.removal();
    }

    /// Removes what is old, delivered before undelivered; see [Cleanup].
    public Cleaned cleanup(Cleanup cleanup) {
        var tally = new Tally();
        var run = new Run(cleanup, clock.instant().minus(cleanup.age()));
        var drop = cleanup.undelivered() == Undelivered.DROP;
        var keep = new Order(Undelivered.KEEP, "");
        run.forEachPlan(
                plan -> {
                    if (cleanup.dryRun()) {
                        foretell(plan, drop, tally);
                        return;
                    }
                    take(plan.delivered(), keep, tally);
                    if (!drop) {
                        plan.undelivered().forEach(tally::keptUndelivered);
                    }
                });
        if (drop && !cleanup.dryRun()) {
            var order = new Order(Undelivered.DROP, "cleaned up by the owner");
            run.forEachPlan(plan -> take(plan.undelivered(), order, tally));
        }
        return tally.cleaned();
    }

    /// What a run would count, but for what is leased when it comes.
    private static void foretell(Plan plan, boolean drop, Tally tally) {
        for (var item : plan.delivered()) {
            if (item.sealed()) {
                tally.keptLeased(item);
            } else {
                tally.removed(item);
            }
        }
        for (var item : plan.undelivered()) {
            if (!drop) {
                tally.keptUndelivered(item);
            } else if (item.sealed()) {
                tally.keptLeased(item);
            } else {
                tally.dropped(item);
            }
        }
    }

    /// Everything undelivered, at one moment; looks at every item.
    public Owed undelivered() {
        return localOnly ? Owed.NONE : held.undelivered();
    }

    /// Drops everything undelivered when it is exactly so many items, else throws INVALID. What
    /// comes in meanwhile stays; what is delivered meanwhile counts as removed.
    public Cleaned clear(long items) {
        var owed = undelivered();
        var present = owed.amounts().total().items();
        if (items != present) {
            throw CamspoolException.invalid(
                    "items to clear", items, present + ", which are undelivered now");
        }
        var tally = new Tally();
        var order = new Order(Undelivered.DROP, "cleared by the owner");
        var last = 0L;
        while (true) {
            var page = held.undelivered(last, owed.lastSeq(), STEP);
            if (page.isEmpty()) {
                return tally.cleaned();
            }
            take(page, order, tally);
            last = page.getLast().seq();
        }
    }

    /// One step: what is leased is passed over, the rest goes.
    private void take(List<HeldItem> items, Order order, Tally tally) {
        if (items.isEmpty()) {
            return;
        }
        beginStep();
        var withheld = new ArrayList<HeldItem>(items.size());
        try {
            for (var item : items) {
                if (leases.withhold(item.seq())) {
                    withheld.add(item);
                } else {
                    tally.keptLeased(item);
                }
            }
            takeWithheld(withheld, order, tally);
        } finally {
            withheld.forEach(item -> leases.letGo(item.seq()));
            step.unlock();
        }
    }

    private void takeWithheld(List<HeldItem> items, Order order, Tally tally) {
        var marked = mark(items.stream().map(HeldItem::id).toList(), order);
        var dropped = new Tally();
        for (var i = 0; i < items.size(); i++) {
            var item = items.get(i);
            switch (marked.get(i).removal()) {
                case REMOVED -> tally.removed(item);
                case DROPPED -> {
                    tally.dropped(item);
                    dropped.dropped(item);
                }
                case KEPT_UNDELIVERED -> tally.keptUndelivered(item);
                case KEPT_LEASED -> tally.keptLeased(item);
                case NOT_FOUND -> {
                    // somebody else has removed it meanwhile
                }
            }
        }
        logDrops(dropped.cleaned(), order.reason);
        var failures =
                remover.finish(
                        marked.stream()
                                .map(MarkedRemoval::remains)
                                .flatMap(Optional::stream)
                                .toList());
        tally.imagesLeft(failures.size());
    }

    private static void logDrops(Cleaned step, String reason) {
        var dropped = step.dropped();
        if (dropped.total().items() > 0) {
            LOG.log(
                    Level.WARNING,
                    "dropped undelivered: captures: {0} ({1} bytes), alerts: {2} ({3} bytes); {4}",
                    dropped.captures().items(),
                    dropped.captures().bytes(),
                    dropped.alerts().items(),
                    dropped.alerts().bytes(),
                    reason);
        }
    }

    private List<MarkedRemoval> mark(List<ItemId> ids, Order order) {
        var marked =
                Commits.await(
                        ledger.markRemovals(
                                new RemovalOrder(
                                        ids,
                                        order.policy,
                                        localOnly,
                                        order.reason,
                                        clock.millis(),
                                        order.policy == Undelivered.DROP
                                                ? Optional.of(events.get())
                                                : Optional.empty())));
        if (report.isHeard()) {
            marked.forEach(removal -> tellOfDrop(removal, order.reason));
        }
        return marked;
    }

    private void tellOfDrop(MarkedRemoval marked, String reason) {
        if (marked.removal() == Removal.DROPPED) {
            var item = marked.remains().orElseThrow();
            report.tell(new SpoolEvent.Dropped(item.id(), item.kind(), reason));
        }
    }

    /// Holds the step's lock when it returns.
    private void beginStep() {
        try {
            step.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CamspoolException(
                    Reason.TIMEOUT,
                    "interrupted before everything was removed; what is gone is gone, the rest is held as before",
                    e);
        }
        if (stopped) {
            step.unlock();
            throw new CamspoolException(Reason.CLOSED, "the spool is closed");
        }
    }

    /// Lets the present step end and begins no other; false when it did not end by the limit.
    public boolean stop(Duration limit) throws InterruptedException {
        if (!step.tryLock(limit.toNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        stopped = true;
        step.unlock();
        return true;
    }

    private interface Step {
        void apply(Plan plan);
    }

    /// One cleanup: goes through all that is old by its own time, page by page.
    private final class Run {
        private final Cleanup cleanup;
        private final Instant cutoff;
        private Optional<Long> lastOldSeq = Optional.empty();

        Run(Cleanup cleanup, Instant cutoff) {
            this.cleanup = cleanup;
            this.cutoff = cutoff;
        }

        void forEachPlan(Step each) {
            var kinds = cleanup.kind().map(List::of).orElse(Arrays.asList(ItemKind.values()));
            for (var kind : kinds) {
                var page = page(kind, Optional.empty());
                while (!page.isEmpty()) {
                    each.apply(Plan.of(page, cutoff, lastOldSeq(page), localOnly));
                    page = page(kind, Optional.of(page.getLast()));
                }
            }
        }

        private List<HeldItem> page(ItemKind kind, Optional<HeldItem> after) {
            return held.before(cutoff, kind, cleanup.camera(), after, STEP);
        }

        /// Found once, and only where it is needed: it may look at many items.
        private long lastOldSeq(List<HeldItem> page) {
            if (lastOldSeq.isEmpty() && page.stream().anyMatch(Plan::isAgeless)) {
                lastOldSeq = Optional.of(held.lastAccepted(HeldItem.SET_CLOCK, cutoff));
            }
            return lastOldSeq.orElse(0L);
        }
    }
}
