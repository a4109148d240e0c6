package io.camspool;

import io.camspool.sink.Batch;
import io.camspool.sink.Batching;
import io.camspool.sink.Outcome;
import io.camspool.sink.Sink;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/// Saves captures and alerts as fast as it can, until it is killed; prints `<id> <sha256>` for each
/// that is stored.
public final class SavingProcess {
    private static final int PRODUCERS = 6;

    private SavingProcess() {}

    public static void main(String[] arguments) {
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        var config =
                CamspoolConfig.in(Path.of(arguments[0]))
                        .withSink("folder", sink(Path.of(arguments[1]), arguments.length > 2));
        var spool = Camspool.open(config);
        for (var producer = 0; producer < PRODUCERS; producer++) {
            var number = producer;
            Thread.ofPlatform().start(() -> save(spool, number, out));
        }
    }

    private static Sink sink(Path target, boolean withAlertFiles) {
        var sink = KillTest.sink(target, withAlertFiles);
        return withAlertFiles ? new Slow(sink) : sink;
    }

    /// A sink that gives a kill time to come between seal, send and confirmation.
    private record Slow(Sink sink) implements Sink {
        private static final Duration PAUSE = Duration.ofMillis(20);

        @Override
        public Batching batching(ItemKind kind) {
            return sink.batching(kind);
        }

        @Override
        public List<Outcome> send(Batch batch) {
            pause();
            var outcomes = sink.send(batch);
            pause();
            return outcomes;
        }

        private static void pause() {
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void save(Camspool spool, int producer, PrintStream out) {
        var image = Pictures.jpeg(200, 120, producer);
        var frame = Pictures.bgr(160, 90, producer);
        for (var n = 0; ; n++) {
            var alert =
                    Alert.of("{\"producer\":" + producer + ",\"n\":" + n + "}").withAlert("a-" + n);
            var kept = Capture.of("camera-" + producer, Encoded.of(withTail(image, n)));
            frame[n % frame.length] ^= 1;
            var raw = Capture.of("camera-" + producer, Frame.of(frame, 160, 90, PixelFormat.BGR));
            var receipts =
                    switch (n % 3) {
                        case 0 -> List.of(spool.save(kept), spool.save(alert));
                        case 1 -> spool.save(alert, List.of(kept, raw));
                        default -> List.of(spool.save(raw));
                    };
            for (var receipt : receipts) {
                var stored = receipt.await(Duration.ofMinutes(1));
                out.println(stored.id() + " " + stored.sha256());
            }
        }
    }

    /// What follows the end of a JPEG is kept, and makes each image differ.
    private static byte[] withTail(byte[] image, int n) {
        var longer = Arrays.copyOf(image, image.length + 4);
        longer[image.length] = (byte) n;
        longer[image.length + 1] = (byte) (n >> 8);
        longer[image.length + 2] = (byte) (n >> 16);
        return longer;
    }
}
