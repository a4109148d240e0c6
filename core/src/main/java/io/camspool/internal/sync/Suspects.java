package io.camspool.internal.sync;

import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// Items whose sends fail again and again, by a fault of network or sink, while others pass: such a
/// one is sent alone and last, with a backoff of its own, and never rejected by that. Held in
/// memory only, for a bounded number of items. Confined to one thread.
final class Suspects {
    /// Failed sends, with others passing in between, that make an item a suspect.
    static final int MARKS = 3;

    /// Items that are remembered; the one that was marked first is forgotten for another.
    static final int MOST = 1_000;

    private final RandomGenerator random;
    private final LongSupplier nanoTime;
    private final LinkedHashMap<Long, Marked> marked = new LinkedHashMap<>();
    private long passed;

    /// One after the other fails where the sink itself is away: until one passes, they share steps.
    private final Backoff shared;

    private long sharedEnd;

    private final class Marked {
        private final Backoff backoff = new Backoff(random, Breaker.LONGEST_STEP);
        private int marks;
        private long passedAtMark = -1;
        private long notBefore;
    }

    /// @param nanoTime as [System#nanoTime]
    Suspects(RandomGenerator random, LongSupplier nanoTime) {
        this.random = random;
        this.nanoTime = nanoTime;
        this.shared = new Backoff(random, Breaker.LONGEST_STEP);
        this.sharedEnd = nanoTime.getAsLong();
    }

    /// An item was answered for, whatever the answer: others pass.
    void passed(long seq) {
        passed++;
        shared.reset();
        sharedEnd = nanoTime.getAsLong();
        marked.remove(seq);
    }

    /// The send of an item failed.
    ///
    /// @param asked how long the sink wants to be left alone: by all suspects, for it may mean it
    void mark(long seq, Duration asked) {
        var item = marked.computeIfAbsent(seq, _ -> new Marked());
        if (item.passedAtMark < passed) {
            item.marks++;
            item.passedAtMark = passed;
        }
        if (item.marks >= MARKS) {
            var now = nanoTime.getAsLong();
            item.notBefore = now + Breaker.step(item.backoff, asked).toNanos();
            sharedEnd = now + Breaker.step(shared, asked).toNanos();
        }
        if (marked.size() > MOST) {
            marked.pollFirstEntry();
        }
    }

    boolean contains(long seq) {
        var item = marked.get(seq);
        return item != null && item.marks >= MARKS;
    }

    /// Forgets an item that is no longer due.
    void forget(long seq) {
        marked.remove(seq);
    }

    /// The suspect that has waited longest since it was to be tried again.
    Optional<Long> next() {
        var now = nanoTime.getAsLong();
        if (sharedEnd - now > 0) {
            return Optional.empty();
        }
        return marked.entrySet().stream()
                .filter(item -> item.getValue().marks >= MARKS)
                .filter(item -> item.getValue().notBefore - now <= 0)
                .min(Comparator.comparingLong(item -> item.getValue().notBefore - now))
                .map(item -> item.getKey());
    }

    /// How long until one is to be tried again; empty: there is none.
    Optional<Duration> rest() {
        var now = nanoTime.getAsLong();
        return marked.values().stream()
                .filter(item -> item.marks >= MARKS)
                .map(item -> Math.max(item.notBefore - now, sharedEnd - now))
                .map(left -> Duration.ofNanos(Math.max(0, left)))
                .min(Comparator.naturalOrder());
    }
}
