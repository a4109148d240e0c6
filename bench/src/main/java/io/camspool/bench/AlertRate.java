package io.camspool.bench;

import io.camspool.Alert;
import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/// Durable alerts a second: the spool against one forced file an alert. Both from the same threads,
/// each of which awaits one before it saves the next, in turns.
///
/// Arguments: folder, alerts a run, alerts a run of the peer.
public final class AlertRate {
    private static final int THREADS = 64;
    private static final int RUNS = 5;
    private static final int ALERT_BYTES = 500;
    private static final Duration SOON = Duration.ofMinutes(1);

    private record Run(double perSecond, Latencies latencies) {}

    private AlertRate() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var folder = Path.of(arguments.length > 0 ? arguments[0] : "bench-data");
        var alerts = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 200_000;
        var peerAlerts = arguments.length > 2 ? Integer.parseInt(arguments[2]) : alerts / 20;
        spool(folder, alerts / 4);
        peer(folder, peerAlerts / 4);
        var spoolRates = new ArrayList<Double>();
        var peerRates = new ArrayList<Double>();
        for (var i = 1; i <= RUNS; i++) {
            var spool = spool(folder, alerts);
            var peer = peer(folder, peerAlerts);
            spoolRates.add(spool.perSecond);
            peerRates.add(peer.perSecond);
            System.out.printf(
                    "run %d  spool %,.0f/s (%s)  peer %,.0f/s (%s)%n",
                    i,
                    spool.perSecond,
                    spool.latencies.text(),
                    peer.perSecond,
                    peer.latencies.text());
        }
        var spool = median(spoolRates);
        var peer = median(peerRates);
        System.out.printf(
                "median  spool %,.0f/s  peer %,.0f/s  ratio %.1f%n", spool, peer, spool / peer);
    }

    private static double median(List<Double> values) {
        return Latencies.median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static Run spool(Path folder, int alerts) throws IOException, InterruptedException {
        var data = Folders.fresh(folder.resolve("spool"));
        try (var spool = Camspool.open(CamspoolConfig.in(data))) {
            return run(alerts, i -> spool.save(Alert.of(json(i))).await(SOON));
        } finally {
            Folders.remove(data);
        }
    }

    /// Writes aside, forces, renames; the folder's own fsync is spared.
    private static Run peer(Path folder, int alerts) throws IOException, InterruptedException {
        var data = Folders.fresh(folder.resolve("peer"));
        try {
            return run(alerts, i -> writeForced(data, i));
        } finally {
            Folders.remove(data);
        }
    }

    private static void writeForced(Path data, int i) {
        var aside = data.resolve(i + ".tmp");
        try {
            try (var file =
                    FileChannel.open(
                            aside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                var json = ByteBuffer.wrap(json(i));
                while (json.hasRemaining()) {
                    file.write(json);
                }
                file.force(true);
            }
            Files.move(aside, data.resolve(i + ".json"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] json(int i) {
        var head = "{\"camera\":\"gate-" + i % 16 + "\",\"number\":" + i + ",\"text\":\"";
        return (head + "x".repeat(ALERT_BYTES - head.length() - 2) + "\"}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static Run run(int alerts, IntConsumer save) throws InterruptedException {
        var latencies = new Latencies();
        var next = new AtomicInteger();
        var threads = new ArrayList<Thread>();
        var began = System.nanoTime();
        for (var i = 0; i < THREADS; i++) {
            threads.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        for (var alert = next.getAndIncrement();
                                                alert < alerts;
                                                alert = next.getAndIncrement()) {
                                            var from = System.nanoTime();
                                            save.accept(alert);
                                            latencies.add(System.nanoTime() - from);
                                        }
                                    }));
        }
        for (var thread : threads) {
            thread.join();
        }
        return new Run(alerts / ((System.nanoTime() - began) / 1e9), latencies);
    }
}
