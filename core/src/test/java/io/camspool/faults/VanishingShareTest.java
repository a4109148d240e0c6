package io.camspool.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Alert;
import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.Status.Health;
import io.camspool.sink.Sinks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A share that is not mounted any more when the spool is opened again: its mount point is an empty
/// folder.
final class VanishingShareTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir Path folder;

    @Test
    void anEmptyMountPointIsNoNewFolderAfterARestartEither() throws Exception {
        var share = Files.createDirectory(folder.resolve("share"));
        var config =
                CamspoolConfig.in(folder.resolve("data")).withSink("share", Sinks.folder(share));
        try (var spool = Camspool.open(config)) {
            spool.save(Alert.of("{\"n\":1}")).await(SOON);
            assertThat(spool.awaitDelivered(SOON)).isTrue();
        }
        var elsewhere = Files.move(share, folder.resolve("elsewhere"));
        Files.createDirectory(share);
        config = CamspoolConfig.in(folder.resolve("data")).withSink("share", Sinks.folder(share));
        try (var spool = Camspool.open(config)) {
            spool.save(Alert.of("{\"n\":2}")).await(SOON);
            while (spool.status().health() != Health.YELLOW) {
                Thread.sleep(10);
            }
            assertThat(spool.status().reasons()).anyMatch(why -> why.contains(".camspool-sink"));
            assertThat(share).isEmptyDirectory();

            Files.delete(share);
            Files.move(elsewhere, share);
            assertThat(spool.awaitDelivered(SOON)).isTrue();
        }
        try (var files = Files.walk(share)) {
            assertThat(files.filter(file -> file.toString().endsWith(".json"))).hasSize(2);
        }
    }
}
