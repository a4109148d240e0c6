package io.camspool.agent.demo;

import io.camspool.ItemKind;
import io.camspool.agent.demo.Proof.Count;
import io.camspool.agent.demo.Proof.Promise;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Counts files against promises, one by one.
final class ProofTally {
    private final Map<String, Promise> promises;
    private final Set<String> seen = new HashSet<>();
    private final Set<String> delivered = new HashSet<>();
    private final Map<ItemKind, Long> files = new EnumMap<>(ItemKind.class);
    private final Map<ItemKind, Long> bytes = new EnumMap<>(ItemKind.class);
    private long doubled;
    private long unfinished;

    ProofTally(Map<String, Promise> promises) {
        this.promises = promises;
    }

    void file(ItemKind kind, String id, String sha256, long size) {
        files.merge(kind, 1L, Long::sum);
        bytes.merge(kind, size, Long::sum);
        var promise = promises.get(id);
        if (promise == null || !seen.add(id)) {
            doubled++;
        }
        if (promise != null && promise.kind() == kind && isSame(promise, sha256)) {
            delivered.add(id);
        }
    }

    private static boolean isSame(Promise promise, String sha256) {
        return promise.sha256().filter(sha256::equals).isPresent();
    }

    void unfinished() {
        unfinished++;
    }

    Proof result() {
        return new Proof(
                count(ItemKind.CAPTURE),
                count(ItemKind.ALERT),
                delivered.size(),
                promises.size() - delivered.size(),
                doubled,
                unfinished);
    }

    private Count count(ItemKind kind) {
        var accepted = promises.values().stream().filter(p -> p.kind() == kind).count();
        return new Count(accepted, files.getOrDefault(kind, 0L), bytes.getOrDefault(kind, 0L));
    }
}
