package io.camspool.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Alert;
import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.Capture;
import io.camspool.Encoded;
import io.camspool.Pictures;
import io.camspool.Receipt;
import io.camspool.internal.engine.Engine;
import io.camspool.internal.engine.Worlds;
import io.camspool.sink.HttpAlerts;
import io.camspool.sink.HttpImages;
import io.camspool.sink.HttpSettings;
import io.camspool.sink.Receiver;
import io.camspool.sink.Receiver.Answer;
import io.camspool.sink.Sinks;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a receiver that can't take anything sees of a large backlog, counted there.
final class DeadReceiverTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int ALERTS = 3_000;
    private static final int CAPTURES = 40;
    private static final int PROBES = 4;
    private static final long FIRST_STEP_MILLIS = 250;

    @TempDir Path folder;

    /// Draws the longest step each time: half of them would be shorter, and say nothing.
    private static final class Longest implements RandomGenerator {
        private final SecureRandom random = new SecureRandom();

        @Override
        public long nextLong() {
            return random.nextLong();
        }

        @Override
        public long nextLong(long bound) {
            return bound - 1;
        }
    }

    @Test
    void aDeadReceiverGetsOneRequestAStepWhateverTheBacklog() throws Exception {
        fill();
        var arrivals = new LinkedBlockingQueue<Long>();
        try (var receiver = new Receiver()) {
            receiver.always(
                    _ -> {
                        arrivals.add(System.nanoTime());
                        return Answer.of(503);
                    });
            var settings =
                    HttpSettings.of(
                            HttpAlerts.to(receiver.url() + "/alerts"),
                            HttpImages.to(receiver.url() + "/images/{key}"));
            var config = CamspoolConfig.in(folder).withSink("cloud", Sinks.http(settings));
            try (var spool = Engine.open(config, Worlds.with(new Longest()))) {
                var first = next(arrivals);
                var last = first;
                var step = Duration.ofMillis(FIRST_STEP_MILLIS).toNanos();
                var beside = 0;
                for (var probes = 0; probes < PROBES; ) {
                    spool.save(Alert.of("{\"live\":true}")).await(SOON);
                    var arrival = next(arrivals);
                    if (probes == 0 && arrival - first < step) {
                        beside++; // was under way when the first was answered
                        continue;
                    }
                    assertThat(arrival - last).isGreaterThanOrEqualTo(step);
                    last = arrival;
                    step *= 2;
                    probes++;
                }
                // One slot for each kind, before it is known that the receiver is dead.
                assertThat(beside).isLessThanOrEqualTo(1);
                assertThat(spool.status().sinks().getFirst().rejected().items()).isZero();
                assertThat(spool.status().sinks().getFirst().delivered().items()).isZero();
            }
        }
    }

    private void fill() {
        try (var spool = Camspool.open(CamspoolConfig.in(folder))) {
            var receipts = new ArrayList<Receipt>();
            for (var n = 0; n < ALERTS; n++) {
                receipts.add(spool.save(Alert.of("{\"n\":" + n + "}")));
            }
            for (var n = 0; n < CAPTURES; n++) {
                receipts.add(spool.save(Capture.of("gate", Encoded.of(Pictures.jpeg(64, 48, n)))));
            }
            receipts.forEach(receipt -> receipt.await(SOON));
        }
    }

    private static long next(LinkedBlockingQueue<Long> arrivals) throws InterruptedException {
        var next = arrivals.poll(SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(next).as("no request in time").isNotNull();
        return next == null ? 0 : next;
    }
}
