package io.camspool.bench;

import io.camspool.Alert;
import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.Capture;
import io.camspool.Encoded;
import io.camspool.Receipt;
import io.camspool.sink.Sinks;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// How long live items take to arrive while a backlog drains over a slow link, and whether it
/// drains.
///
/// Arguments: folder, alerts and images of the backlog, bytes a second of the link.
public final class Drain {
    private static final Duration SOON = Duration.ofMinutes(5);
    private static final int LIVE_ALERT_MILLIS = 200;
    private static final int LIVE_IMAGE_EACH = 10;
    private static final int FEWEST_BYTES = 100_000;
    private static final int MOST_BYTES = 300_000;
    private static final int AT_ONCE = 200;

    /// Live items that may be on their way when the backlog has drained.
    private static final int FEW = 20;

    private Drain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var folder = Path.of(arguments.length > 0 ? arguments[0] : "bench-data");
        var alerts = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100_000;
        var images = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 2_000;
        var link = arguments.length > 3 ? Long.parseLong(arguments[3]) : 2_000_000;
        var data = Folders.fresh(folder.resolve("drain"));
        var due = new ConcurrentHashMap<String, Long>();
        var liveAlerts = new Latencies();
        var liveImages = new Latencies();
        var arrived = new AtomicLong();
        try (var receiver =
                new LinkedReceiver(
                        link,
                        id -> {
                            arrived.incrementAndGet();
                            var from = due.remove(id);
                            if (from != null) {
                                var isImage = from < 0;
                                (isImage ? liveImages : liveAlerts)
                                        .add(System.nanoTime() - Math.abs(from));
                            }
                        })) {
            var bytes = fill(data, alerts, images);
            var config = CamspoolConfig.in(data).withSink("cloud", Sinks.http(receiver.settings()));
            try (var spool = Camspool.open(config)) {
                var began = System.nanoTime();
                var n = saveUntilDrained(spool, (long) alerts + images, due);
                var seconds = (System.nanoTime() - began) / 1e9;
                var delivered = spool.status().sinks().getFirst().delivered();
                System.out.printf(
                        "backlog of %d alerts and %d images, %.0f MB: drained in %.0f s, %.2f MB/s with %d live items; link %.1f MB/s%n",
                        alerts,
                        images,
                        bytes / 1e6,
                        seconds,
                        delivered.bytes() / 1e6 / seconds,
                        n,
                        link / 1e6);
                System.out.println("live alerts " + liveAlerts.text());
                System.out.println("live images " + liveImages.text());
                System.out.printf("repeats %d%n", arrived.get() - delivered.items());
            }
        } finally {
            Folders.remove(data);
        }
    }

    /// Before there is a sink; answers its bytes.
    private static long fill(Path data, int alerts, int images) {
        var random = new SplittableRandom(1);
        try (var spool = Camspool.open(CamspoolConfig.in(data))) {
            var receipts = new ArrayList<Receipt>();
            for (var i = 0; i < alerts; i++) {
                receipts.add(
                        spool.save(
                                Alert.of(
                                        "{\"kind\":\"intrusion\",\"n\":%d,\"noise\":\"%x%x\"}"
                                                .formatted(
                                                        i, random.nextLong(), random.nextLong()))));
                await(receipts, 10 * AT_ONCE);
            }
            for (var i = 0; i < images; i++) {
                receipts.add(save(spool, random.nextInt(FEWEST_BYTES, MOST_BYTES), i));
                await(receipts, AT_ONCE / 4);
            }
            await(receipts, 1);
            var status = spool.status();
            return status.alerts().held().bytes() + status.captures().held().bytes();
        }
    }

    private static void await(List<Receipt> receipts, int fewest) {
        if (receipts.size() >= fewest) {
            receipts.forEach(receipt -> receipt.await(SOON));
            receipts.clear();
        }
    }

    private static Receipt save(Camspool spool, int bytes, long seed) {
        return spool.save(Capture.of("camera-1", Encoded.of(Pictures.jpeg(bytes, seed))));
    }

    /// Answers how many live items it saved.
    private static int saveUntilDrained(Camspool spool, long backlog, Map<String, Long> due)
            throws InterruptedException {
        var n = 0;
        while (true) {
            var sink = spool.status().sinks().getFirst();
            if (sink.delivered().items() >= backlog && sink.backlog().items() < FEW) {
                return n;
            }
            note(spool.save(Alert.of("{\"live\":" + n + "}")), due, 1);
            n++;
            if (n % LIVE_IMAGE_EACH == 0) {
                note(save(spool, (FEWEST_BYTES + MOST_BYTES) / 2, -n), due, -1);
                n++;
            }
            Thread.sleep(LIVE_ALERT_MILLIS);
        }
    }

    /// @param sign negative for an image
    private static void note(Receipt receipt, Map<String, Long> due, int sign) {
        due.put(receipt.id().value(), sign * Math.abs(System.nanoTime()));
        receipt.await(SOON);
    }
}
