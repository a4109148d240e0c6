package io.camspool.agent.http;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Counts clients that were refused or cut off, by reason, since the start. Safe for many threads.
public final class Refusals {
    private final Map<Refusal, LongAdder> counts = new ConcurrentHashMap<>();

    void add(Refusal refusal) {
        counts.computeIfAbsent(refusal, _ -> new LongAdder()).increment();
    }

    public long count(Refusal refusal) {
        var count = counts.get(refusal);
        return count == null ? 0 : count.sum();
    }

    /// All reasons, those that never occurred too.
    public Map<Refusal, Long> counts() {
        var all = new EnumMap<Refusal, Long>(Refusal.class);
        for (var refusal : Refusal.values()) {
            all.put(refusal, count(refusal));
        }
        return all;
    }
}
