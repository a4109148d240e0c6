package io.camspool.bench;

import io.camspool.Alert;
import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.ItemKind;
import io.camspool.sink.Batch;
import io.camspool.sink.Batching;
import io.camspool.sink.Outcome;
import io.camspool.sink.Sink;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/// How long alerts wait for their receipts while a sink that was added from all that is held gets
/// it, and what memory that takes; before, the same spool with no sink.
///
/// Arguments: folder, items held, most seconds.
public final class SinkAdded {
    private static final int THREADS = 4;
    private static final long PERIOD_NANOS = 20_000_000;
    private static final int QUIET_SECONDS = 20;
    private static final Duration SOON = Duration.ofMinutes(1);

    private SinkAdded() {}

    /// Takes everything at once.
    private static final class Taking implements Sink {
        @Override
        public Batching batching(ItemKind kind) {
            return Batching.of(500, 1_000_000);
        }

        @Override
        public List<Outcome> send(Batch batch) {
            return batch.deliveries().stream()
                    .map(_ -> (Outcome) new Outcome.Delivered("taken"))
                    .toList();
        }
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var folder = Path.of(arguments.length > 0 ? arguments[0] : "bench-data");
        var items = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000_000;
        var most = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 600;
        var data = Folders.fresh(folder.resolve("sink-added"));
        try {
            BacklogMaker.makeAlerts(data, items);
            var config = CamspoolConfig.in(data);
            Latencies quiet;
            try (var spool = Camspool.open(config)) {
                measure(spool, 5, Long.MAX_VALUE);
                quiet = measure(spool, QUIET_SECONDS, Long.MAX_VALUE);
            }
            System.out.println("without a sink " + quiet.text());
            try (var spool = Camspool.open(config.withSink("added", new Taking()))) {
                var from = System.nanoTime();
                var busy = measure(spool, most, items);
                var seconds = (System.nanoTime() - from) / 1e9;
                var delivered = spool.status().sinks().getFirst().delivered().items();
                System.out.printf(
                        "meanwhile %s, p99 ratio %.1f; %d delivered in %.0f s, %.0f/s%n",
                        busy.text(),
                        busy.at(0.99) / quiet.at(0.99),
                        delivered,
                        seconds,
                        delivered / seconds);
            }
        } finally {
            Folders.remove(data);
        }
    }

    /// Until so much is delivered, or the time is up; prints the memory now and then.
    private static Latencies measure(Camspool spool, int seconds, long delivered)
            throws InterruptedException, IOException {
        var latencies = new Latencies();
        var stop = new AtomicBoolean();
        var threads = new ArrayList<Thread>();
        for (var i = 0; i < THREADS; i++) {
            var phase = i * PERIOD_NANOS / THREADS;
            threads.add(Thread.ofPlatform().start(() -> saveAlerts(spool, phase, stop, latencies)));
        }
        for (var second = 1; second <= seconds; second++) {
            Thread.sleep(1_000);
            var sinks = spool.status().sinks();
            if (!sinks.isEmpty() && second % 10 == 0) {
                System.out.printf(
                        "%d s: %d delivered, %d MB resident%n",
                        second,
                        sinks.getFirst().delivered().items(),
                        Memory.residentKilobytes() / 1024);
            }
            if (!sinks.isEmpty() && sinks.getFirst().delivered().items() >= delivered) {
                break;
            }
        }
        stop.set(true);
        for (var thread : threads) {
            thread.join();
        }
        return latencies;
    }

    /// An alert that is late because the one before it was slow counts from when it was due.
    private static void saveAlerts(
            Camspool spool, long phase, AtomicBoolean stop, Latencies latencies) {
        var due = System.nanoTime() + phase;
        for (; !stop.get(); due += PERIOD_NANOS) {
            var from = due;
            for (var now = System.nanoTime(); now < due; now = System.nanoTime()) {
                LockSupport.parkNanos(due - now);
                from = System.nanoTime();
            }
            spool.save(Alert.of("{\"kind\":\"intrusion\",\"due\":" + due + "}")).await(SOON);
            latencies.add(System.nanoTime() - from);
        }
    }
}
