package io.camspool.bench;

import io.camspool.Alert;
import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.DeliveryState;
import io.camspool.Query;
import io.camspool.Removal;
import io.camspool.Undelivered;
import io.camspool.internal.disk.Disk;
import io.camspool.internal.ledger.ActiveSink;
import io.camspool.internal.ledger.Ledger;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.IntConsumer;
import java.util.logging.LogManager;

/// Runs the calls once in this JVM, and prints `name=value` a line, in milliseconds unless said
/// otherwise.
final class BacklogMeasure {
    private static final int PAGE = 100;
    private static final int TIMES = 40;
    private static final int DUE = 500;
    private static final Duration SOON = Duration.ofMinutes(1);

    private BacklogMeasure() {}

    public static void main(String[] arguments) throws IOException {
        LogManager.getLogManager().reset(); // each item removed is a warning
        var data = Path.of(arguments[0]);
        var config = CamspoolConfig.in(data);
        for (var sink : BacklogMaker.sinks()) {
            config = config.withSink(sink);
        }
        var began = System.nanoTime();
        try (var spool = Camspool.open(config);
                var reads = Ledger.read(data, data.resolve("captures"), Disk.real())) {
            print("open", System.nanoTime() - began);
            measure("status", _ -> spool.status());
            var cameras = BacklogMaker.cameras(spool.status().captures().held().items());
            measure("newest 100 of a camera", _ -> requirePage(spool, 0));
            measure("of another one each time", i -> requirePage(spool, i % cameras));
            measure(
                    "page of 10,000 in vain",
                    _ -> spool.alerts(Query.ALL.withDelivery("cloud", DeliveryState.REJECTED)));
            var sink = new ActiveSink(1, "cloud", true);
            measure(
                    "due batch of 500",
                    _ -> require(reads.dueDeliveries().inOrder(sink, DUE).size() == DUE));
            measure("save of an alert", i -> spool.save(Alert.of("{\"i\":" + i + "}")).await(SOON));
            var newest = spool.alerts(Query.ALL.limitedTo(PAGE)).items();
            measure(
                    "remove",
                    i ->
                            require(
                                    spool.remove(newest.get(i).id(), Undelivered.DROP)
                                            == Removal.DROPPED));
            System.out.println("resident memory, MB=" + Memory.residentKilobytes() / 1024);
        }
    }

    /// The first call, and the median of all.
    private static void measure(String name, IntConsumer call) {
        var latencies = new Latencies();
        for (var i = 0; i < TIMES; i++) {
            var from = System.nanoTime();
            call.accept(i);
            var took = System.nanoTime() - from;
            latencies.add(took);
            if (i == 0) {
                print(name + ", first", took);
            }
        }
        System.out.println(name + "=" + latencies.at(0.5));
    }

    private static void print(String name, long nanos) {
        System.out.println(name + "=" + nanos / 1e6);
    }

    private static void requirePage(Camspool spool, int camera) {
        var query = Query.ALL.ofCamera("camera-" + camera).limitedTo(PAGE);
        require(spool.captures(query).items().size() == PAGE);
    }

    private static void require(boolean condition) {
        if (!condition) {
            throw new IllegalStateException("not what was asked for");
        }
    }
}
