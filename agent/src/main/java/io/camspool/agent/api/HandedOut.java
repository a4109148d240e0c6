package io.camspool.agent.api;

import io.camspool.sink.Delivery;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// Deliveries that are leased to programs which know them by a name only. At most as many as can be
/// leased: beyond that those go that were handed out first, whose leases end by themselves.
/// Thread-safe.
final class HandedOut {
    /// What all pull sinks together hand out; more than one rarely exist.
    private static final int MOST = 20_000;

    private static final int NAME_BYTES = 12;

    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private final LinkedHashMap<String, Lease> leases = new LinkedHashMap<>();

    private record Lease(String sink, Delivery delivery, long end) {}

    HandedOut(LongSupplier nanoTime, RandomGenerator random) {
        this.nanoTime = nanoTime;
        this.random = random;
    }

    /// Answers its name.
    synchronized String add(String sink, Delivery delivery, Duration leaseFor) {
        var now = nanoTime.getAsLong();
        while (!leases.isEmpty()
                && (leases.size() >= MOST || leases.firstEntry().getValue().end - now <= 0)) {
            leases.pollFirstEntry();
        }
        var bytes = new byte[NAME_BYTES];
        random.nextBytes(bytes);
        var name = HexFormat.of().formatHex(bytes);
        leases.put(name, new Lease(sink, delivery, now + leaseFor.toNanos()));
        return name;
    }

    /// Empty: it was never handed out for this sink, or is over.
    synchronized Optional<Delivery> take(String sink, String name) {
        var lease = leases.get(name);
        if (lease == null || !lease.sink.equals(sink)) {
            return Optional.empty();
        }
        leases.remove(name);
        return Optional.of(lease.delivery);
    }
}
