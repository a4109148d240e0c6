package io.camspool.bench;

import io.camspool.Alert;
import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.CamspoolException;
import io.camspool.Capture;
import io.camspool.Frame;
import io.camspool.PixelFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// How long alerts wait for their receipts, at a steady rate: alone, and beside raw frames that
/// saturate codec and disk. Both in turns.
///
/// Arguments: folder, seconds a turn, turns.
public final class AlertIsolation {
    private static final int ALERT_THREADS = 4;
    private static final long PERIOD_NANOS = 20_000_000;
    private static final int FRAME_THREADS = 2;
    private static final int WIDTH = 1920;
    private static final int HEIGHT = 1080;
    private static final Duration SOON = Duration.ofMinutes(1);

    private AlertIsolation() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var folder = Path.of(arguments.length > 0 ? arguments[0] : "bench-data");
        var seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
        var turns = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 5;
        var data = Folders.fresh(folder.resolve("isolation"));
        var ratios = new double[turns];
        var alone = new Latencies();
        var beside = new Latencies();
        try (var spool = Camspool.open(CamspoolConfig.in(data))) {
            turn(spool, 3, false, new Latencies());
            turn(spool, 3, true, new Latencies());
            for (var i = 0; i < turns; i++) {
                var quiet = new Latencies();
                var loaded = new Latencies();
                turn(spool, seconds, false, quiet, alone);
                var frames = turn(spool, seconds, true, loaded, beside);
                ratios[i] = loaded.at(0.99) / quiet.at(0.99);
                System.out.printf(
                        "turn %d  alone %s  beside %.0f frames/s %s  p99 ratio %.1f%n",
                        i + 1, quiet.text(), frames / (double) seconds, loaded.text(), ratios[i]);
            }
        } finally {
            Folders.remove(data);
        }
        System.out.printf(
                "all  alone %s  beside %s  p99 ratio %.1f, median of the turns %.1f%n",
                alone.text(),
                beside.text(),
                beside.at(0.99) / alone.at(0.99),
                Latencies.median(ratios));
    }

    /// Answers how many frames were accepted.
    private static long turn(
            Camspool spool, int seconds, boolean withFrames, Latencies... latencies)
            throws InterruptedException {
        var stop = new AtomicBoolean();
        var frames = new AtomicLong();
        var threads = new ArrayList<Thread>();
        for (var i = 0; withFrames && i < FRAME_THREADS; i++) {
            var seed = i;
            threads.add(Thread.ofPlatform().start(() -> saveFrames(spool, seed, stop, frames)));
        }
        if (withFrames) {
            Thread.sleep(1_000); // until the intake is full
        }
        for (var i = 0; i < ALERT_THREADS; i++) {
            var phase = i * PERIOD_NANOS / ALERT_THREADS;
            threads.add(Thread.ofPlatform().start(() -> saveAlerts(spool, phase, stop, latencies)));
        }
        var before = frames.get();
        Thread.sleep(seconds * 1_000L);
        var accepted = frames.get() - before;
        stop.set(true);
        for (var thread : threads) {
            thread.join();
        }
        while (spool.status().intake().orElseThrow().pendingBytes() > 0) {
            Thread.sleep(50);
        }
        return accepted;
    }

    private static void saveFrames(
            Camspool spool, int seed, AtomicBoolean stop, AtomicLong frames) {
        var frame = Frame.of(scene(seed), WIDTH, HEIGHT, PixelFormat.BGR);
        while (!stop.get()) {
            try {
                var _ = spool.save(Capture.of("camera-" + seed, frame));
                frames.incrementAndGet();
            } catch (CamspoolException e) {
                if (e.reason() != CamspoolException.Reason.INTAKE_FULL) {
                    throw e;
                }
            }
        }
    }

    /// Gradients with some noise: a JPEG of a few hundred kilobytes.
    private static byte[] scene(int seed) {
        var random = new SplittableRandom(seed);
        var pixels = new byte[WIDTH * HEIGHT * 3];
        for (var i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i / (WIDTH * 3) / 8 + i % (WIDTH * 3) / 40 + random.nextInt(12));
        }
        return pixels;
    }

    /// An alert that is late because the one before it was slow counts from when it was due.
    private static void saveAlerts(
            Camspool spool, long phase, AtomicBoolean stop, Latencies... latencies) {
        var due = System.nanoTime() + phase;
        for (; !stop.get(); due += PERIOD_NANOS) {
            var from = due;
            for (var now = System.nanoTime(); now < due; now = System.nanoTime()) {
                LockSupport.parkNanos(due - now);
                from = System.nanoTime();
            }
            spool.save(Alert.of("{\"kind\":\"intrusion\",\"due\":" + due + "}")).await(SOON);
            var took = System.nanoTime() - from;
            for (var each : latencies) {
                each.add(took);
            }
        }
    }
}
