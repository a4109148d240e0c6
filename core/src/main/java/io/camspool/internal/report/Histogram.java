package io.camspool.internal.report;

import io.camspool.Measures.Bucket;
import io.camspool.Measures.Latency;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/// Counts durations by their size, from 100 microseconds to a minute, about three buckets a decade.
/// Thread-safe, without locks; to record takes no memory, so that it can't fail where there is
/// none.
final class Histogram {
    private static final long[] MOST_NANOS = {
        100_000L,
        250_000L,
        500_000L,
        1_000_000L,
        2_500_000L,
        5_000_000L,
        10_000_000L,
        25_000_000L,
        50_000_000L,
        100_000_000L,
        250_000_000L,
        500_000_000L,
        1_000_000_000L,
        2_500_000_000L,
        5_000_000_000L,
        10_000_000_000L,
        30_000_000_000L,
        60_000_000_000L
    };

    /// One for each of those, and one for what took longer.
    private final AtomicLongArray counts = new AtomicLongArray(MOST_NANOS.length + 1);

    private final AtomicLong sum = new AtomicLong();

    void record(long nanos) {
        var bucket = 0;
        while (bucket < MOST_NANOS.length && nanos > MOST_NANOS[bucket]) {
            bucket++;
        }
        counts.getAndIncrement(bucket);
        sum.getAndAdd(nanos);
    }

    Latency latency() {
        var buckets = new ArrayList<Bucket>(MOST_NANOS.length);
        var count = 0L;
        for (var i = 0; i < MOST_NANOS.length; i++) {
            count += counts.get(i);
            buckets.add(new Bucket(Duration.ofNanos(MOST_NANOS[i]), count));
        }
        return new Latency(
                buckets, count + counts.get(MOST_NANOS.length), Duration.ofNanos(sum.get()));
    }
}
