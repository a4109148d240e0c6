package io.camspool.bench;

import io.camspool.Alert;
import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.Capture;
import io.camspool.Encoded;
import io.camspool.Receipt;
import io.camspool.SinkStatus;
import io.camspool.sink.HttpAlerts;
import io.camspool.sink.HttpImages;
import io.camspool.sink.HttpSettings;
import io.camspool.sink.Sinks;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;

/// How fast one sink gets what is saved: alone, and beside another that is dead throughout. Both in
/// turns.
///
/// Arguments: folder, alerts a turn, turns.
public final class DeadSink {
    private static final int PRODUCERS = 4;
    private static final int IMAGE_EACH = 50;
    private static final int IMAGE_BYTES = 50_000;
    private static final int UNAWAITED = 500;
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final String NOWHERE = "http://127.0.0.1:1";

    private DeadSink() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var folder = Path.of(arguments.length > 0 ? arguments[0] : "bench-data");
        var alerts = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 40_000;
        var turns = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 5;
        var data = folder.resolve("dead-sink");
        var ratios = new double[turns];
        turn(data, alerts / 2, false);
        turn(data, alerts / 2, true);
        for (var i = 0; i < turns; i++) {
            // Whoever comes second must not always be the same.
            var isFirstDead = i % 2 == 1;
            var first = turn(data, alerts, isFirstDead);
            var second = turn(data, alerts, !isFirstDead);
            var alone = isFirstDead ? second : first;
            var beside = isFirstDead ? first : second;
            ratios[i] = beside / alone;
            System.out.printf(
                    "turn %d  alone %.0f/s  beside a dead one %.0f/s  ratio %.2f%n",
                    i + 1, alone, beside, ratios[i]);
        }
        Folders.remove(data);
        System.out.printf("median of the turns %.2f%n", Latencies.median(ratios));
    }

    /// Items a second, from the first save to the last confirmation.
    private static double turn(Path data, int alerts, boolean withDead)
            throws IOException, InterruptedException {
        Folders.fresh(data);
        try (var receiver = new LinkedReceiver(0, _ -> {})) {
            var config = CamspoolConfig.in(data).withSink("alive", Sinks.http(receiver.settings()));
            if (withDead) {
                var dead =
                        HttpSettings.of(
                                HttpAlerts.to(NOWHERE + "/alerts"),
                                HttpImages.to(NOWHERE + "/images/{key}"));
                config = config.withSink("dead", Sinks.http(dead));
            }
            try (var spool = Camspool.open(config)) {
                var from = System.nanoTime();
                var threads = new ArrayList<Thread>();
                for (var i = 0; i < PRODUCERS; i++) {
                    var seed = i;
                    threads.add(
                            Thread.ofPlatform().start(() -> save(spool, alerts / PRODUCERS, seed)));
                }
                for (var thread : threads) {
                    thread.join();
                }
                while (alive(spool).backlog().items() > 0) {
                    Thread.sleep(5);
                }
                var seconds = (System.nanoTime() - from) / 1e9;
                return alive(spool).delivered().items() / seconds;
            }
        }
    }

    private static SinkStatus alive(Camspool spool) {
        return spool.status().sinks().stream()
                .filter(sink -> sink.id().equals("alive"))
                .findFirst()
                .orElseThrow();
    }

    private static void save(Camspool spool, int alerts, int seed) {
        var receipts = new ArrayDeque<Receipt>();
        for (var i = 0; i < alerts; i++) {
            receipts.add(spool.save(Alert.of("{\"kind\":\"intrusion\",\"n\":" + i + "}")));
            if (i % IMAGE_EACH == 0) {
                var image = Pictures.jpeg(IMAGE_BYTES, seed * 1_000_000L + i);
                receipts.add(spool.save(Capture.of("camera-" + seed, Encoded.of(image))));
            }
            if (receipts.size() > UNAWAITED) {
                receipts.remove().await(SOON);
            }
        }
        receipts.forEach(receipt -> receipt.await(SOON));
    }
}
