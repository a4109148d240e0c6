package io.camspool.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Alert;
import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.Capture;
import io.camspool.Encoded;
import io.camspool.Pictures;
import io.camspool.Status.Health;
import io.camspool.faults.FaultyProxy.Link;
import io.camspool.faults.FaultyProxy.Way;
import io.camspool.sink.HttpAlerts;
import io.camspool.sink.HttpConnection;
import io.camspool.sink.HttpImages;
import io.camspool.sink.HttpSettings;
import io.camspool.sink.Receiver;
import io.camspool.sink.Receiver.Answer;
import io.camspool.sink.Receiver.Request;
import io.camspool.sink.Sinks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Alerts and captures are saved all the while to an HTTP sink over a link that fails in each way a
/// link does, and to a receiver that answers in each way one shouldn't: all arrives, once, and
/// nothing is rejected. `-Dcamspool.sync-faults.seconds=600` goes on for so long;
/// `-Dcamspool.seed=N` replays the order of the faults and the cuts.
final class SyncFaultsTest {
    private static final Duration LEAST = Duration.ofMillis(600);
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final long ALERT_MILLIS = 15;
    private static final int CAPTURES_EACH = 3;
    private static final int CAPTURE_BYTES = 20_000;

    @TempDir Path folder;
    private final Receiver receiver = new Receiver();
    private final Set<String> accepted = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());

    /// By key, the hash of the bytes it first came with.
    private final Map<String, Integer> sent = new HashMap<>();

    private int repeats;

    /// @param showsTrouble whether health must have been yellow
    private record Fault(
            String name, Link link, Function<Request, Answer> answers, boolean showsTrouble) {}

    @AfterEach
    void end() {
        receiver.close();
    }

    private List<Fault> faults() {
        var portal =
                Answer.of(200, "<html>Welcome to the hotel</html>")
                        .with("Content-Type", "text/html");
        return List.of(
                link("refuse", Link.of(Way.REFUSE), true),
                link("accept and hang", Link.of(Way.HANG), true),
                link("reset in mid-body", Link.of(Way.RESET_IN_BODY), true),
                link("1 byte a second", new Link(Way.PASS, 1, Duration.ZERO), true),
                link("300 ms latency", new Link(Way.PASS, 0, Duration.ofMillis(300)), false),
                link("random cuts", Link.of(Way.CUT_AT_RANDOM), false),
                link("loses answers on the way", Link.of(Way.LOSE_ANSWER), true),
                answers("429 with Retry-After", Answer.of(429).with("Retry-After", "1")),
                answers("500", Answer.of(500, "out of order")),
                answers("503", Answer.of(503)),
                answers("401", Answer.of(401)),
                answers("404", Answer.of(404)),
                answers("captive portal", portal),
                answers("redirect", Answer.of(302).with("Location", "http://portal.example/")),
                new Fault(
                        "takes it and loses its answer",
                        Link.GOOD,
                        request -> receiver.take(request).lost(),
                        true));
    }

    private Fault link(String name, Link link, boolean showsTrouble) {
        return new Fault(name, link, receiver::take, showsTrouble);
    }

    private static Fault answers(String name, Answer answer) {
        return new Fault(name, Link.GOOD, _ -> answer, true);
    }

    private HttpSettings settings(int port) {
        var base = "http://127.0.0.1:" + port;
        return HttpSettings.of(
                        HttpAlerts.to(base + "/alerts"), HttpImages.to(base + "/images/{key}"))
                .withConnection(
                        HttpConnection.DEFAULTS.withTimeouts(
                                Duration.ofMillis(500),
                                Duration.ofMillis(550),
                                Duration.ofMillis(300)));
    }

    @Test
    @Timeout(3_600)
    void everythingArrivesWhateverFailsOnTheWay() throws Exception {
        var seed = Long.getLong("camspool.seed", System.nanoTime());
        var seconds = Long.getLong("camspool.sync-faults.seconds", 0);
        System.out.println(
                "seed " + seed + ", sync faults for " + seconds + " s, each at least once");
        var random = new SplittableRandom(seed);
        var end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        var port = Integer.parseInt(receiver.url().replaceAll(".*:", ""));
        try (var proxy = new FaultyProxy(port, random.nextLong());
                var spool =
                        Camspool.open(
                                CamspoolConfig.in(folder)
                                        .withSink("cloud", Sinks.http(settings(proxy.port()))))) {
            var producer = Thread.ofPlatform().start(() -> save(spool));
            try {
                do {
                    var order = new ArrayList<>(faults());
                    Collections.shuffle(order, new Random(random.nextLong()));
                    for (var fault : order) {
                        suffer(fault, proxy, spool);
                    }
                } while (System.nanoTime() < end);
            } finally {
                isOver.set(true);
                producer.join();
            }
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            note();
            assertThat(failures).isEmpty();
            assertThat(ids(receiver.held().keySet())).containsExactlyInAnyOrderElementsOf(accepted);
            var status = spool.status().sinks().getFirst();
            assertThat(status.rejected().items()).isZero();
            assertThat(status.delivered().items()).isEqualTo(accepted.size());
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
        System.out.println("items " + accepted.size() + ", repeats " + repeats);
        assertThat(repeats).isPositive();
    }

    private void suffer(Fault fault, FaultyProxy proxy, Camspool spool) throws Exception {
        var from = System.nanoTime();
        receiver.always(fault.answers);
        proxy.turn(fault.link);
        Thread.sleep(LEAST);
        if (fault.showsTrouble) {
            until("yellow by " + fault.name, () -> spool.status().health() == Health.YELLOW);
        }
        receiver.always(receiver::take);
        proxy.turn(Link.GOOD);
        var owed = Set.copyOf(accepted);
        until(
                "all of " + fault.name + " arrived",
                () -> Set.copyOf(ids(receiver.held().keySet())).containsAll(owed));
        until("green after " + fault.name, () -> spool.status().health() == Health.GREEN);
        note();
        System.out.printf("%s: over in %.1f s%n", fault.name, (System.nanoTime() - from) / 1e9);
    }

    private void save(Camspool spool) {
        try {
            for (var n = 0; !isOver.get(); n++) {
                var alert = spool.save(Alert.of("{\"n\":" + n + "}").withAlert("a-" + n));
                alert.await(SOON);
                accepted.add(alert.id().value());
                if (n % CAPTURES_EACH == 0) {
                    var capture = spool.save(Capture.of("gate", Encoded.of(image(n))));
                    capture.await(SOON);
                    accepted.add(capture.id().value());
                }
                Thread.sleep(ALERT_MILLIS);
            }
        } catch (Throwable e) {
            failures.add(e);
        }
    }

    /// What follows the end of a JPEG is kept.
    private static byte[] image(int n) {
        var picture = Pictures.jpeg(64, 48, n);
        var tail = new byte[CAPTURE_BYTES];
        new SplittableRandom(n).nextBytes(tail);
        var image = Arrays.copyOf(picture, picture.length + tail.length);
        System.arraycopy(tail, 0, image, picture.length, tail.length);
        return image;
    }

    /// Each key comes with the same bytes whenever it comes.
    private void note() {
        for (var request : receiver.takeRequests()) {
            Receiver.carried(request)
                    .forEach(
                            (key, bytes) -> {
                                var hash = Arrays.hashCode(bytes);
                                var before = sent.putIfAbsent(key, hash);
                                if (before != null) {
                                    repeats++;
                                    assertThat(hash).as(key).isEqualTo(before);
                                }
                            });
        }
        assertThat(ids(sent.keySet())).doesNotHaveDuplicates();
    }

    private static List<String> ids(Set<String> keys) {
        return keys.stream().map(key -> key.replaceAll(".*[/_]|\\.[a-z]+$", "")).toList();
    }

    private static void until(String what, BooleanSupplier condition) throws InterruptedException {
        var end = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("not in time: " + what).isLessThan(end);
            Thread.sleep(20);
        }
    }
}
