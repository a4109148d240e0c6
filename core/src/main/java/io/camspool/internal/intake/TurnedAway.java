package io.camspool.internal.intake;

import io.camspool.CamspoolException.Reason;
import java.util.EnumMap;
import java.util.Map;

/// Counts what was refused or failed, by reason, until it is written down. Thread-safe.
final class TurnedAway {
    private final Map<Reason, Long> counts = new EnumMap<>(Reason.class);

    synchronized void count(Reason reason, long items) {
        counts.merge(reason, items, Long::sum);
    }

    /// What has come since the last call.
    synchronized Map<Reason, Long> take() {
        var taken = Map.copyOf(counts);
        counts.clear();
        return taken;
    }

    synchronized Map<Reason, Long> counts() {
        return Map.copyOf(counts);
    }

    /// What could not be written down after all.
    synchronized void giveBack(Map<Reason, Long> taken) {
        taken.forEach(this::count);
    }
}
