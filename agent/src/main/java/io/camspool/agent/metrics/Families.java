package io.camspool.agent.metrics;

import io.camspool.Balance.Amount;
import io.camspool.Measures.Latency;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// The metrics of one scrape, by name. A metric without a value is left out.
final class Families {
    private static final String TOTAL = "_total";
    private static final String INFO = "_info";
    private static final double NANOS = 1e9;

    private final List<Supplier<? extends MetricSnapshot>> all = new ArrayList<>();

    /// Takes the values of one metric.
    interface Points {
        /// One value.
        ///
        /// @param labels name, value, name, value; the same names for each value of the metric
        void add(double value, String... labels);

        /// The formats know no whole numbers; these are exact to 9 000 000 000 000 000.
        default void add(long value, String... labels) {
            add((double) value, labels);
        }
    }

    /// Takes the values of two metrics, one of items and one of their bytes.
    interface Amounts {
        void add(Amount amount, String... labels);
    }

    /// Takes the values of one histogram.
    interface Latencies {
        void add(Latency latency, String... labels);
    }

    /// What only grows.
    ///
    /// @param name ends in `_total`
    Points counter(String name, String help) {
        // The format adds the ending by itself.
        var base = name.substring(0, name.length() - TOTAL.length());
        var counter = CounterSnapshot.builder().name(base).help(help);
        all.add(counter::build);
        return (value, labels) ->
                counter.dataPoint(
                        CounterDataPointSnapshot.builder()
                                .value(value)
                                .labels(Labels.of(labels))
                                .build());
    }

    Points gauge(String name, String help) {
        var gauge = GaugeSnapshot.builder().name(name).help(help);
        all.add(gauge::build);
        return (value, labels) ->
                gauge.dataPoint(
                        GaugeDataPointSnapshot.builder()
                                .value(value)
                                .labels(Labels.of(labels))
                                .build());
    }

    /// What is told in labels alone.
    ///
    /// @param name ends in `_info`
    void info(String name, String help, String... labels) {
        var base = name.substring(0, name.length() - INFO.length());
        var info =
                InfoSnapshot.builder()
                        .name(base)
                        .help(help)
                        .dataPoint(new InfoDataPointSnapshot(Labels.of(labels)));
        all.add(info::build);
    }

    /// Items and bytes that only grow: `NAME_items_total`, `NAME_bytes_total`.
    ///
    /// @param which follows "Items" and "Bytes"
    Amounts totals(String name, String which) {
        return amounts(
                counter(name + "_items" + TOTAL, "Items " + which),
                counter(name + "_bytes" + TOTAL, "Bytes " + which));
    }

    /// Items and bytes: `NAME_items`, `NAME_bytes`.
    ///
    /// @param which follows "Items" and "Bytes"
    Amounts amounts(String name, String which) {
        return amounts(
                gauge(name + "_items", "Items " + which), gauge(name + "_bytes", "Bytes " + which));
    }

    private static Amounts amounts(Points items, Points bytes) {
        return (amount, labels) -> {
            items.add(amount.items(), labels);
            bytes.add(amount.bytes(), labels);
        };
    }

    Latencies histogram(String name, String help) {
        var histogram = HistogramSnapshot.builder().name(name).help(help);
        all.add(histogram::build);
        return (latency, labels) ->
                histogram.dataPoint(
                        HistogramDataPointSnapshot.builder()
                                .classicHistogramBuckets(buckets(latency))
                                .sum(seconds(latency.sum()))
                                .labels(Labels.of(labels))
                                .build());
    }

    /// The model counts each bucket by itself; the text is cumulative again.
    private static ClassicHistogramBuckets buckets(Latency latency) {
        var buckets = ClassicHistogramBuckets.builder();
        var before = 0L;
        for (var bucket : latency.buckets()) {
            buckets.bucket(seconds(bucket.atMost()), bucket.count() - before);
            before = bucket.count();
        }
        return buckets.bucket(Double.POSITIVE_INFINITY, latency.count() - before).build();
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / NANOS;
    }

    MetricSnapshots snapshots() {
        return new MetricSnapshots(
                all.stream()
                        .<MetricSnapshot>map(Supplier::get)
                        .filter(metric -> !metric.getDataPoints().isEmpty())
                        .toList());
    }
}
