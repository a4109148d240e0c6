package io.camspool.agent.demo;

import io.camspool.CamspoolException;
import io.camspool.ItemKind;
import io.camspool.Receipt;
import io.camspool.Stored;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// All receipts of the demo: what was promised. Thread-safe.
final class Receipts {
    /// The name that alerts are counted under, beside the cameras'.
    static final String ALERTS = "alerts";

    private final Queue<Entry> entries = new ConcurrentLinkedQueue<>();
    private final Map<String, LongAdder> accepted = new ConcurrentHashMap<>();
    private final Map<String, Stored> newest = new ConcurrentHashMap<>();
    private final AtomicLong answered = new AtomicLong();
    private final LongAdder refused = new LongAdder();

    private record Entry(ItemKind kind, Receipt receipt) {}

    void acceptedCapture(String camera, Receipt receipt) {
        add(ItemKind.CAPTURE, camera, receipt);
    }

    void acceptedAlert(Receipt receipt) {
        add(ItemKind.ALERT, ALERTS, receipt);
    }

    private void add(ItemKind kind, String source, Receipt receipt) {
        entries.add(new Entry(kind, receipt));
        accepted.computeIfAbsent(source, _ -> new LongAdder()).increment();
        var _ =
                receipt.stored()
                        .whenComplete(
                                (stored, _) -> {
                                    answered.incrementAndGet();
                                    if (stored != null) {
                                        newest.put(source, stored);
                                    }
                                });
    }

    /// Counts items that the intake had no room for: they were never accepted.
    void refused(int items) {
        refused.add(items);
    }

    long refused() {
        return refused.sum();
    }

    long accepted() {
        return accepted.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /// Accepted from this camera, or from [#ALERTS].
    long accepted(String source) {
        var count = accepted.get(source);
        return count == null ? 0 : count.sum();
    }

    /// Receipts that have completed.
    long answered() {
        return answered.get();
    }

    Optional<Stored> newest(String source) {
        return Optional.ofNullable(newest.get(source));
    }

    /// What must be found at the sink, by id. Waits for each receipt; one that fails promises
    /// nothing that could be checked, and counts as lost.
    Map<String, Proof.Promise> promises(Duration limit) {
        var promises = new HashMap<String, Proof.Promise>();
        for (var entry : entries) {
            var id = entry.receipt.id().value();
            promises.put(id, new Proof.Promise(entry.kind, sha256(entry.receipt, limit)));
        }
        return promises;
    }

    private static Optional<String> sha256(Receipt receipt, Duration limit) {
        try {
            return Optional.of(receipt.await(limit).sha256());
        } catch (CamspoolException _) {
            return Optional.empty();
        }
    }
}
