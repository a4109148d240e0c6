package io.camspool;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.sink.Batching;
import io.camspool.sink.NamedSink;
import io.camspool.sink.ScriptedSink;
import io.camspool.sink.Timetable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A sink's bandwidth holds images back and no alerts. -Dcamspool.bandwidth.seconds=30 measures
/// longer.
final class SyncBandwidthTest {
    private static final int SECONDS = Integer.getInteger("camspool.bandwidth.seconds", 2);
    private static final int RATE = 1 << 20;
    private static final int IMAGE_BYTES = RATE / 8;

    @TempDir Path folder;

    @Test
    void imagesTakeTheirTimeAndAlertsPass() throws IOException {
        var sink = new ScriptedSink(Batching.of(1, RATE).withParallel(4));
        var config =
                CamspoolConfig.in(folder.resolve("data"))
                        .withSink(
                                new NamedSink("cloud", true, sink)
                                        .withBandwidth(Timetable.parse("1M")));
        var file = folder.resolve("clip");
        var random = new SplittableRandom(7);
        try (var spool = Camspool.open(config)) {
            spool.pauseSink("cloud");
            for (var i = 0; i < SECONDS * RATE / IMAGE_BYTES; i++) {
                var bytes = new byte[IMAGE_BYTES];
                random.nextBytes(bytes);
                Files.write(file, bytes);
                var clip = Opaque.of(file, "application/octet-stream");
                spool.save(Capture.of("gate", clip)).await(Duration.ofSeconds(20));
            }
            var begin = System.nanoTime();
            spool.resumeSink("cloud");
            var alert = spool.save(Alert.of("{\"n\":1}")).await(Duration.ofSeconds(20));
            assertThat(spool.awaitDelivered(Duration.ofSeconds(2L * SECONDS + 20))).isTrue();
            var seconds = (System.nanoTime() - begin) / 1e9;

            System.out.printf("%d s of images in %.2f s%n", SECONDS, seconds);
            assertThat(seconds).isGreaterThan(SECONDS * 0.9 - 0.3);
            assertThat(sink.deliveredIds().indexOf(alert.id())).isLessThan(8);
        }
    }
}
