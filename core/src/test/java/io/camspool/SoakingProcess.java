package io.camspool;

import io.camspool.sink.Batch;
import io.camspool.sink.Batching;
import io.camspool.sink.Outcome;
import io.camspool.sink.ScriptedSink;
import io.camspool.sink.Sink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// Uses a spool as a box does: detectors that save, a sink that goes away and comes back, clean-up
/// of what is delivered, readers. Prints `<seconds> <resident kB> <heap kB> <descriptors>
/// <threads>` now and then; at the end what `verify` found.
final class SoakingProcess {
    private static final Duration ALERT_PAUSE = Duration.ofMillis(10);
    private static final Duration CAPTURE_PAUSE = Duration.ofMillis(100);
    private static final int SAMPLES = 60;

    private SoakingProcess() {}

    /// Runs until its time is over.
    ///
    /// @param arguments the data folder and how long, in seconds
    public static void main(String[] arguments) throws InterruptedException, IOException {
        var seconds = Integer.parseInt(arguments[1]);
        var sink = new ForgetfulSink();
        var config = CamspoolConfig.in(Path.of(arguments[0])).withSink("cloud", sink);
        try (var spool = Camspool.open(config)) {
            var stopping = new AtomicBoolean();
            var alerts = Thread.ofPlatform().start(() -> saveAlerts(spool, stopping));
            var captures = Thread.ofPlatform().start(() -> saveCaptures(spool, stopping));
            var pause = Duration.ofMillis(Math.max(200, seconds * 1000L / SAMPLES));
            var begin = System.nanoTime();
            for (var i = 0; System.nanoTime() - begin < seconds * 1_000_000_000L; i++) {
                Thread.sleep(pause);
                sink.isAway.set(i % 3 == 1);
                spool.captures(Query.ALL.limitedTo(100));
                spool.cleanup(Cleanup.olderThan(Duration.ofSeconds(Math.max(1, seconds / 20))));
                print(begin);
            }
            stopping.set(true);
            alerts.join();
            captures.join();
            sink.isAway.set(false);
            var delivered = spool.awaitDelivered(Duration.ofMinutes(1));
            System.out.println(
                    "delivered "
                            + delivered
                            + ", problems "
                            + spool.verify(_ -> {}).problemCount()
                            + ", accepted "
                            + spool.status().alerts().accepted().items());
        }
    }

    private static void saveAlerts(Camspool spool, AtomicBoolean stopping) {
        for (var n = 0; !stopping.get(); n++) {
            spool.save(Alert.of("{\"n\":" + n + "}").withId("soak-" + n))
                    .await(Duration.ofMinutes(1));
            pause(ALERT_PAUSE);
        }
    }

    private static void saveCaptures(Camspool spool, AtomicBoolean stopping) {
        var frame = Pictures.bgr(320, 180, 1);
        for (var n = 0; !stopping.get(); n++) {
            frame[n % frame.length] ^= 1;
            var content = Frame.of(frame, 320, 180, PixelFormat.BGR);
            spool.save(Capture.of("camera-" + n % 8, content)).await(Duration.ofMinutes(1));
            pause(CAPTURE_PAUSE);
        }
    }

    private static void pause(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void print(long begin) throws IOException {
        System.gc();
        var runtime = Runtime.getRuntime();
        System.out.println(
                "%d %d %d %d %d"
                        .formatted(
                                (System.nanoTime() - begin) / 1_000_000_000,
                                residentKilobytes(),
                                (runtime.totalMemory() - runtime.freeMemory()) / 1024,
                                entriesOf("/proc/self/fd"),
                                entriesOf("/proc/self/task")));
    }

    private static int entriesOf(String folder) {
        var entries = Path.of(folder).toFile().list();
        return entries == null ? 0 : entries.length;
    }

    private static long residentKilobytes() throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return 0;
    }

    /// Takes all unless it is away; keeps nothing in memory.
    private static final class ForgetfulSink implements Sink {
        private final AtomicBoolean isAway = new AtomicBoolean();

        @Override
        public Batching batching(ItemKind kind) {
            return Batching.of(64, 16_000_000);
        }

        @Override
        public List<Outcome> send(Batch batch) {
            return batch.deliveries().stream()
                    .map(
                            delivery ->
                                    isAway.get()
                                            ? new Outcome.NetworkFault("away")
                                            : ScriptedSink.taken(delivery))
                    .toList();
        }
    }
}
