package io.camspool.codec.opencv;

import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.Capture;
import io.camspool.Encoded;
import io.camspool.ImagePolicy;
import io.camspool.Pictures;
import io.camspool.image.ImageCodecs;
import java.nio.file.Path;
import java.time.Duration;

/// Loads the codec beside a spool whose folder is moved away then. Saves an image that must be made
/// smaller to a second spool, and prints the codec that did it.
final class ScalingProcess {
    private ScalingProcess() {}

    public static void main(String[] arguments) {
        var data = Path.of(arguments[0]);
        Camspool.open(CamspoolConfig.in(data)).close();
        ImageCodecs.best();
        if (!data.toFile().renameTo(Path.of(arguments[1]).toFile())) {
            throw new IllegalStateException("can't move " + data);
        }
        var config =
                CamspoolConfig.in(Path.of(arguments[1]))
                        .withImages(ImagePolicy.DEFAULT.withMaxSize(100, 100));
        try (var spool = Camspool.open(config)) {
            spool.save(Capture.of("gate", Encoded.of(Pictures.jpeg(400, 300, 1))))
                    .await(Duration.ofSeconds(60));
            System.out.println(spool.status().intake().orElseThrow().codec());
        }
    }
}
