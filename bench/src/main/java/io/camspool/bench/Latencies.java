package io.camspool.bench;

import java.util.Arrays;

/// Durations in nanoseconds, from many threads.
final class Latencies {
    private long[] values = new long[1024];
    private int count;

    synchronized void add(long nanos) {
        if (count == values.length) {
            values = Arrays.copyOf(values, count * 2);
        }
        values[count++] = nanos;
    }

    /// In milliseconds; 0.5 is the median, 1 the longest.
    synchronized double at(double share) {
        var sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return count == 0 ? Double.NaN : sorted[(int) Math.min(count - 1, count * share)] / 1e6;
    }

    /// `p50 1.2, p99 3.4, max 5.6 ms`
    String text() {
        return "p50 %.2f, p99 %.2f, max %.2f ms".formatted(at(0.5), at(0.99), at(1));
    }

    static double median(double... values) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
