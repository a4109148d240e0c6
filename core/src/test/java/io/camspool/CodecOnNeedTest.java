package io.camspool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The codec's natives cost memory that a box whose images all fit never needs.
final class CodecOnNeedTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir Path data;

    @Test
    void theCodecIsLoadedByTheFirstImageThatMustBeMade() {
        try (var spool = Camspool.open(CamspoolConfig.in(data))) {
            spool.save(Capture.of("gate", Encoded.of(Pictures.jpeg(64, 48, 1)))).await(SOON);
            assertThat(codec(spool)).isEqualTo("not needed yet");

            spool.save(Capture.of("gate", Encoded.of(Pictures.jpeg(2_000, 8, 1)))).await(SOON);
            assertThat(codec(spool)).isNotEqualTo("not needed yet");
        }
    }

    private static String codec(Camspool spool) {
        return spool.status().intake().orElseThrow().codec();
    }
}
