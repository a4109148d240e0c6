package io.camspool.bench;

import io.camspool.Durability;
import io.camspool.ItemId;
import io.camspool.ItemKind;
import io.camspool.internal.archive.CapturePath;
import io.camspool.internal.disk.Disk;
import io.camspool.internal.disk.Reserve;
import io.camspool.internal.ledger.Ledger;
import io.camspool.internal.ledger.NewItem;
import io.camspool.internal.report.Report;
import io.camspool.sink.Batch;
import io.camspool.sink.Batching;
import io.camspool.sink.NamedSink;
import io.camspool.sink.Outcome;
import io.camspool.sink.Sink;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;

/// Makes a spool full of pending items, half alerts, half captures without files, through the
/// ledger's own append. Two sinks are away.
final class BacklogMaker {
    private static final int IN_FLIGHT = 2_000;
    private static final int FEWEST_CAMERAS = 4;
    private static final int MOST_CAMERAS = 100;
    private static final Duration LONG = Duration.ofMinutes(10);

    private BacklogMaker() {}

    /// A sink that is never reached.
    static final class Away implements Sink {
        @Override
        public Batching batching(ItemKind kind) {
            return Batching.of(500, 16_000_000);
        }

        @Override
        public List<Outcome> send(Batch batch) {
            return batch.deliveries().stream()
                    .map(_ -> (Outcome) new Outcome.NetworkFault("away"))
                    .toList();
        }
    }

    static List<NamedSink> sinks() {
        return List.of(
                new NamedSink("cloud", true, new Away()),
                new NamedSink("office", true, new Away()));
    }

    static int cameras(long items) {
        return Math.clamp(items / 10_000, FEWEST_CAMERAS, MOST_CAMERAS);
    }

    static void make(Path data, int items) throws InterruptedException {
        make(data, items, sinks(), false);
    }

    /// Alerts alone, which no sink is owed yet.
    static void makeAlerts(Path data, int items) throws InterruptedException {
        make(data, items, List.of(), true);
    }

    private static void make(Path data, int items, List<NamedSink> sinks, boolean onlyAlerts)
            throws InterruptedException {
        try (var ledger =
                Ledger.open(
                        new Ledger.Opening(
                                data,
                                Optional.empty(),
                                data.resolve("captures"),
                                Optional.of("box-1"),
                                "host",
                                Durability.OS,
                                sinks,
                                false,
                                "here",
                                "abcdef123456",
                                (_, _, _) -> {},
                                Runnable::run,
                                () -> {},
                                new Report(System::nanoTime)),
                        Disk.real(),
                        new Reserve(Disk.real(), data))) {
            var random = new SplittableRandom(1);
            var free = new Semaphore(IN_FLIGHT);
            var start = Instant.parse("2026-11-01T00:00:00Z");
            for (var i = 0; i < items; i++) {
                free.acquire();
                var _ =
                        ledger.append(
                                        List.of(
                                                item(
                                                        i,
                                                        start.plusMillis(i * 100L),
                                                        items,
                                                        onlyAlerts,
                                                        random)))
                                .whenComplete((_, _) -> free.release());
            }
            free.acquire(IN_FLIGHT);
            ledger.vouch().join();
            if (!ledger.stop(LONG)) {
                throw new IllegalStateException("the ledger did not stop");
            }
        }
    }

    private static NewItem item(
            int i, Instant time, int items, boolean onlyAlerts, SplittableRandom random) {
        var id = new ItemId("%09d%011d".formatted(i, random.nextLong(100_000_000_000L)));
        var camera = "camera-" + i / 2 % cameras(items);
        var alertId = Optional.of("alert-" + i / 2);
        var isAlert = onlyAlerts || i % 2 == 0;
        var json =
                """
                {"kind":"intrusion","camera":"%s","number":%d,"box":[120,80,640,360],"score":0.93}"""
                        .formatted(camera, i)
                        .getBytes(StandardCharsets.UTF_8);
        var hash = sha256(json);
        return new NewItem(
                id,
                isAlert ? ItemKind.ALERT : ItemKind.CAPTURE,
                Optional.of(camera),
                alertId,
                time,
                time,
                Map.of("class", i % 10 == 0 ? "car" : "person"),
                5,
                isAlert ? "application/json" : "image/jpeg",
                isAlert ? json.length : 300_000,
                isAlert ? 0 : 1920,
                isAlert ? 0 : 1080,
                Optional.empty(),
                hash,
                hash,
                isAlert
                        ? CapturePath.ofAlert(time, ZoneOffset.UTC, id)
                        : CapturePath.of(camera, alertId, time, ZoneOffset.UTC, id, ".jpg"),
                isAlert ? json : null,
                false,
                false);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
