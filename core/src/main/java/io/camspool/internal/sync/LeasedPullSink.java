package io.camspool.internal.sync;

import io.camspool.CamspoolException;
import io.camspool.ItemId;
import io.camspool.StoredItem;
import io.camspool.internal.archive.Archive;
import io.camspool.internal.ledger.ActiveSink;
import io.camspool.internal.ledger.Answer;
import io.camspool.internal.ledger.Commits;
import io.camspool.internal.ledger.Ledger;
import io.camspool.internal.report.SinkReport;
import io.camspool.sink.Delivery;
import io.camspool.sink.Outcome;
import io.camspool.sink.PullSink;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/// The pull sink: what a pump does for a sink that is sent to, on the threads of its callers.
/// Thread-safe.
public final class LeasedPullSink implements PullSink {
    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(1);

    private final ActiveSink active;
    private final Ledger ledger;
    private final Archive archive;
    private final InstantSource clock;
    private final Leases leases;
    private final SinkReport report;
    private volatile boolean lagging = true;

    /// @param nanoTime as [System#nanoTime]
    public LeasedPullSink(
            ActiveSink active,
            Ledger ledger,
            Archive archive,
            InstantSource clock,
            LongSupplier nanoTime,
            SinkReport report) {
        this.active = active;
        this.ledger = ledger;
        this.archive = archive;
        this.clock = clock;
        this.report = report;
        this.leases = new Leases(active, ledger.reads(), nanoTime, MAX_ITEMS);
    }

    @Override
    public String id() {
        return active.id();
    }

    public Leases leases() {
        return leases;
    }

    @Override
    public List<Delivery> due(int items, Duration leaseFor) {
        if (items < 1 || items > MAX_ITEMS) {
            throw CamspoolException.invalid("items", items, "1 to " + MAX_ITEMS);
        }
        if (leaseFor.compareTo(SHORTEST_LEASE) < 0 || leaseFor.compareTo(MAX_LEASE) > 0) {
            throw CamspoolException.invalid("lease", leaseFor, "1 second to 1 day");
        }
        var intact = new ArrayList<Delivery>();
        if (ledger.isPaused(active)) {
            return List.of();
        }
        try {
            while (leaseSome(items, intact)) {
                // what was not intact made room for more
            }
            leases.handOver(intact, leaseFor);
            return List.copyOf(intact);
        } catch (RuntimeException | Error e) { // nothing else would ever end these leases
            intact.forEach(delivery -> leases.end(delivery.item().seq()));
            throw e;
        }
    }

    /// Leases what is free, for as long as it takes to compare it with its hash, and adds what of
    /// it is intact; false when that was the last try.
    private boolean leaseSome(int items, List<Delivery> intact) {
        Commits.await(Refusals.ripen(ledger, active, clock.millis()));
        if (lagging) {
            lagging = Commits.await(ledger.fill(active));
        }
        var due = leases.leaseAny(items - intact.size());
        var sound = new ArrayList<Delivery>();
        var flaws = new ArrayList<Answer>();
        var known = new HashMap<Long, StoredItem>();
        try {
            for (var delivery : due) {
                known.put(delivery.item().seq(), delivery.item());
                var stored =
                        new StoredDelivery(
                                delivery, archive, ledger.reads(), UnaryOperator.identity());
                stored.flaw(clock.millis()).ifPresentOrElse(flaws::add, () -> sound.add(stored));
            }
            if (!flaws.isEmpty()) {
                book(flaws, known);
            }
            intact.addAll(sound);
        } catch (RuntimeException | Error e) {
            leases.end(due);
            throw e;
        }
        flaws.forEach(flaw -> leases.end(flaw.seq()));
        return intact.size() < items && leases.size() < MAX_ITEMS && (!flaws.isEmpty() || lagging);
    }

    @Override
    public int confirm(List<ItemId> ids, String proof) {
        if (ids.size() > MAX_ITEMS) {
            throw CamspoolException.invalid("items", ids.size(), "at most " + MAX_ITEMS);
        }
        var items = new HashMap<Long, StoredItem>();
        for (var id : ids) {
            ledger.reads().find(id).ifPresent(item -> items.put(item.seq(), item));
        }
        var answers =
                items.keySet().stream()
                        .sorted()
                        .<Answer>map(seq -> new Answer.Confirmed(seq, proof))
                        .toList();
        var booked = answers.isEmpty() ? 0 : book(answers, items);
        answers.forEach(answer -> leases.end(answer.seq()));
        return booked;
    }

    @Override
    public boolean release(Delivery delivery) {
        return leases.end(delivery);
    }

    @Override
    public boolean refuse(Delivery delivery, String reason) {
        if (!(delivery instanceof StoredDelivery stored) || !leases.isLeased(delivery)) {
            return false;
        }
        var item = delivery.item();
        report.answered(item.kind(), new Outcome.ItemRefused(reason, ""));
        book(
                List.of(Refusals.answer(stored.due(), reason, "", clock.millis())),
                Map.of(item.seq(), item));
        leases.end(delivery);
        return true;
    }

    /// Answers how many were owed.
    ///
    /// @param answers one for each delivery at most
    /// @param items what they are about, by their seqs
    private int book(List<Answer> answers, Map<Long, StoredItem> items) {
        var booked = Set.copyOf(Commits.await(ledger.answer(active, answers, clock.millis())));
        for (var answer : answers) {
            var item = items.get(answer.seq());
            if (item != null && booked.contains(answer.seq())) {
                report(answer, item);
            }
        }
        return booked.size();
    }

    private void report(Answer answer, StoredItem item) {
        switch (answer) {
            case Answer.Confirmed _ -> report.delivered(item.id(), item.kind());
            case Answer.Rejected rejected ->
                    report.rejected(item.id(), item.kind(), rejected.reason());
            case Answer.Refused _, Answer.Postponed _, Answer.TakenBack _ -> {
                // it is still owed
            }
        }
    }
}
