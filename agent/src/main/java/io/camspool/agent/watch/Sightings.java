package io.camspool.agent.watch;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The files that wait to be taken, at most so many: what has no room is found again by the next
/// look through the tree. Confined to one thread.
final class Sightings {
    /// Of those that failed: more must not keep others out.
    private final int maxFailed;

    private final int max;
    private final long settleNanos;
    private final Map<String, Sighting> byPath = new LinkedHashMap<>();

    Sightings(int max, long settleNanos) {
        this.max = max;
        this.maxFailed = Math.max(1, max / 10);
        this.settleNanos = settleNanos;
    }

    boolean hasRoom() {
        return byPath.size() < max;
    }

    /// Notes a file; false where there is no room for it.
    boolean see(Path file, String path, FileStamp stamp, long now) {
        var known = byPath.get(path);
        if (known != null) {
            var _ = known.isStill(stamp, now, settleNanos);
            return true;
        }
        if (!hasRoom()) {
            return false;
        }
        byPath.put(path, new Sighting(file, path, stamp, now, settleNanos));
        return true;
    }

    @Nullable Sighting find(String path) {
        return byPath.get(path);
    }

    void forget(Sighting sighting) {
        byPath.remove(sighting.path);
    }

    /// Keeps one that failed for another try, or leaves it to be found again.
    void failed(Sighting sighting, long now) {
        sighting.failed(now);
        if (sighting.failures() == 1
                && byPath.values().stream().filter(other -> other.failures() > 0).count()
                        > maxFailed) {
            forget(sighting);
        }
    }

    /// Those that are due, the first seen first.
    List<Sighting> due(long now, int limit) {
        return byPath.values().stream()
                .filter(sighting -> sighting.isDue(now))
                .limit(limit)
                .toList();
    }

    /// In how long one is due; as given where none is sooner.
    long nextDueNanos(long now, long atMost) {
        return byPath.values().stream()
                .mapToLong(sighting -> Math.max(0, sighting.dueInNanos(now)))
                .reduce(atMost, Math::min);
    }

    Collection<Sighting> all() {
        return byPath.values();
    }

    int size() {
        return byPath.size();
    }
}
