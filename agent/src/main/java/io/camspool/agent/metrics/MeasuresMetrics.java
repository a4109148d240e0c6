package io.camspool.agent.metrics;

import io.camspool.Measures;
import io.camspool.Measures.Deliveries;
import io.camspool.Measures.Items;
import java.time.Instant;

/// What this run has measured.
final class MeasuresMetrics {
    private static final double MILLIS = 1e3;

    private MeasuresMetrics() {}

    static void add(Families families, Measures measures) {
        families.histogram(
                        "camspool_admission_duration_seconds",
                        "How long a save waited for room in the intake.")
                .add(measures.admission());
        families.histogram("camspool_encode_duration_seconds", "What the codec took for one image.")
                .add(measures.encode());
        families.histogram(
                        "camspool_write_duration_seconds",
                        "What it took to write and force one image.")
                .add(measures.write());
        families.histogram(
                        "camspool_commit_duration_seconds",
                        "What the disk took for one COMMIT, which may hold many items.")
                .add(measures.commit());
        addCameras(families, measures);
        addSinks(families, measures);
    }

    private static void addCameras(Families families, Measures measures) {
        var accepted =
                families.counter(
                        "camspool_camera_accepted_items_total",
                        "Items of the camera that were accepted since the start.");
        var stored =
                families.counter(
                        "camspool_camera_stored_items_total",
                        "Items of the camera that were stored since the start.");
        var failed =
                families.counter(
                        "camspool_camera_failed_items_total",
                        "Items of the camera that were accepted and could not be stored, since the start.");
        var last =
                families.gauge(
                        "camspool_camera_last_capture_timestamp_seconds",
                        "Capture time of the capture that was stored last.");
        for (var each : measures.cameras()) {
            // A label without a value is one that isn't there.
            var camera = each.camera().orElse("");
            add(accepted, stored, failed, camera, "capture", each.captures());
            add(accepted, stored, failed, camera, "alert", each.alerts());
            each.lastCapture().ifPresent(time -> last.add(seconds(time), "camera", camera));
        }
    }

    private static void add(
            Families.Points accepted,
            Families.Points stored,
            Families.Points failed,
            String camera,
            String kind,
            Items items) {
        String[] labels = {"camera", camera, "kind", kind};
        accepted.add(items.accepted(), labels);
        stored.add(items.stored(), labels);
        failed.add(items.failed(), labels);
    }

    private static double seconds(Instant time) {
        return time.toEpochMilli() / MILLIS;
    }

    private static void addSinks(Families families, Measures measures) {
        var send =
                families.histogram(
                        "camspool_sink_send_duration_seconds", "What the sink took for one batch.");
        var deliveries =
                families.counter(
                        "camspool_sink_deliveries_total",
                        "Deliveries that came out so since the start; one that failed comes again.");
        for (var sink : measures.sinks()) {
            send.add(sink.send(), "sink", sink.sink());
            add(deliveries, sink.sink(), "capture", sink.captures());
            add(deliveries, sink.sink(), "alert", sink.alerts());
        }
    }

    private static void add(
            Families.Points deliveries, String sink, String kind, Deliveries counts) {
        deliveries.add(counts.delivered(), labels(sink, kind, "delivered"));
        deliveries.add(counts.refused(), labels(sink, kind, "refused"));
        deliveries.add(counts.rejected(), labels(sink, kind, "rejected"));
        deliveries.add(counts.networkFaults(), labels(sink, kind, "network-fault"));
        deliveries.add(counts.sinkFaults(), labels(sink, kind, "sink-fault"));
    }

    private static String[] labels(String sink, String kind, String outcome) {
        return new String[] {"sink", sink, "kind", kind, "outcome", outcome};
    }
}
