package io.camspool.crash;

import io.camspool.Alert;
import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.Capture;
import io.camspool.Encoded;
import io.camspool.Frame;
import io.camspool.ItemId;
import io.camspool.ItemKind;
import io.camspool.Pictures;
import io.camspool.PixelFormat;
import io.camspool.Receipt;
import io.camspool.Removal;
import io.camspool.Undelivered;
import io.camspool.internal.engine.Engine;
import io.camspool.internal.engine.Worlds;
import io.camspool.sink.Sinks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Opens a spool, saves with several threads, delivers to a folder, removes some and closes; as
/// often as it is told. What it is told it writes to `receipts`, a line each:
///
/// - `stored ID KIND SHA256 PATH`, when the receipt has completed; PATH is `-` for an alert
/// - `remove-asked ID POLICY`, before the removal
/// - `removed ID`, when it is done
final class RecordedProcess {
    static final String DATA = "data";
    static final String SINK = "sink";
    static final String RECEIPTS = "receipts";
    static final String BOX = "box";

    /// Says of each drop what is meant here; kept so that its level stays.
    private static final Logger LOG = Logger.getLogger("io.camspool");

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Instant FIRST_DAY = Instant.parse("2026-11-20T10:00:00Z");
    private static final int DAYS = 4;
    private static final int PRODUCERS = 3;

    private final Path root;
    private final PlantedBug bug;
    private final PlantedBug.Places places = new PlantedBug.Places();
    private final FileChannel receipts;
    private final ConcurrentLinkedQueue<ItemId> stored = new ConcurrentLinkedQueue<>();

    private RecordedProcess(Path root, PlantedBug bug) throws IOException {
        this.root = root;
        this.bug = bug;
        this.receipts =
                FileChannel.open(
                        root.resolve(RECEIPTS),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
    }

    /// Runs.
    ///
    /// @param arguments root, planted bug, and for each time the spool is opened how long it is at
    ///   least, in milliseconds
    public static void main(String[] arguments) throws Exception {
        LOG.setLevel(Level.SEVERE);
        var process = new RecordedProcess(Path.of(arguments[0]), PlantedBug.valueOf(arguments[1]));
        for (var i = 2; i < arguments.length; i++) {
            process.run(i * 1000, Duration.ofMillis(Long.parseLong(arguments[i])));
        }
    }

    /// How the spool is opened, here and in each crash state; without the sink.
    static CamspoolConfig config(Path root) {
        return CamspoolConfig.in(root.resolve(DATA)).withBox(BOX).withZone(ZoneOffset.UTC);
    }

    static CamspoolConfig configWithSink(Path root) {
        return config(root).withSink("folder", Sinks.folder(root.resolve(SINK)));
    }

    private void run(int seed, Duration atLeast) throws Exception {
        stored.clear();
        var end = System.nanoTime() + atLeast.toNanos();
        var config = configWithSink(root).withDurability(bug.durability());
        try (var spool = Engine.open(config, Worlds.with(bug.disk(places)))) {
            var threads = new ArrayList<Thread>();
            for (var producer = 0; producer < PRODUCERS; producer++) {
                var number = producer;
                threads.add(
                        Thread.ofPlatform().start(() -> produce(spool, seed + number * 100, end)));
            }
            for (var thread : threads) {
                thread.join();
            }
            removeSome(spool);
        }
    }

    private void produce(Camspool spool, int seed, long end) {
        var paced = end > System.nanoTime();
        for (var n = 0; n < 6 || System.nanoTime() < end; n++) {
            var waiting = new ArrayList<>(save(spool, seed + n));
            waiting.addAll(save(spool, seed + n + 50));
            waiting.forEach(this::report);
            if (paced) {
                pause();
            }
        }
    }

    /// Lets a run be long enough for upkeep without too many items.
    private static void pause() {
        try {
            Thread.sleep(60);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<Receipt> save(Camspool spool, int n) {
        var day = FIRST_DAY.plus(Duration.ofDays(n % DAYS));
        var width = 64 + n * 7 % 97;
        var height = 48 + n * 5 % 73;
        var alert =
                Alert.of("{\"n\":%d,\"text\":\"%s\"}".formatted(n, "x".repeat(n * 37 % 3000)))
                        .withAlert("a-" + n)
                        .at(day);
        var kept =
                Capture.of("camera-" + n % 3, Encoded.of(Pictures.jpeg(width, height, n))).at(day);
        var frame = Frame.of(Pictures.bgr(width, height, n), width, height, PixelFormat.BGR);
        var raw = Capture.of("camera-" + n % 3, frame).at(day);
        var receipts =
                switch (n % 4) {
                    case 0 -> List.of(spool.save(kept), spool.save(alert));
                    case 1 -> spool.save(alert, List.of(kept, raw));
                    case 2 -> List.of(spool.save(raw));
                    default -> List.of(spool.save(alert));
                };
        for (var receipt : receipts) {
            receipt.path().ifPresent(path -> places.of(receipt.id().value()).complete(path));
        }
        return receipts;
    }

    private void report(Receipt receipt) {
        var item = receipt.await(LIMIT);
        var kind = receipt.path().isPresent() ? ItemKind.CAPTURE : ItemKind.ALERT;
        var path = receipt.path().map(place -> root.relativize(place).toString()).orElse("-");
        say("stored %s %s %s %s".formatted(item.id(), kind, item.sha256(), path));
        stored.add(item.id());
    }

    /// Removes every fifth as it stands, and every seventh once it is delivered.
    private void removeSome(Camspool spool) {
        var ids = List.copyOf(stored);
        for (var i = 0; i < ids.size(); i += 5) {
            remove(spool, ids.get(i), Undelivered.DROP);
        }
        if (!spool.awaitDelivered(LIMIT)) {
            throw new IllegalStateException("not delivered: " + spool.status());
        }
        for (var i = 1; i < ids.size(); i += 7) {
            remove(spool, ids.get(i), Undelivered.KEEP);
        }
    }

    private void remove(Camspool spool, ItemId id, Undelivered policy) {
        say("remove-asked " + id + " " + policy);
        var removal = spool.remove(id, policy);
        if (removal == Removal.REMOVED || removal == Removal.DROPPED) {
            say("removed " + id);
        }
    }

    /// One line in one write.
    private void say(String line) {
        var bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            receipts.write(bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
