package io.camspool;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Status.Health;
import io.camspool.sink.Sinks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A data folder that was copied, and boxes that use the same names.
final class CopyTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    @TempDir Path folder;

    private CamspoolConfig config(String name) {
        return CamspoolConfig.in(folder.resolve(name)).withBox("box").withZone(ZoneOffset.UTC);
    }

    private CamspoolConfig delivering(String name) throws IOException {
        var cloud = Files.createDirectories(folder.resolve("cloud"));
        return config(name).withSink("cloud", Sinks.folder(cloud));
    }

    private static void save(Camspool spool, int seed) {
        var image = Encoded.of(Pictures.jpeg(64, 48, seed));
        spool.save(Capture.of("gate", image).withAlert("a-1").at(NOON)).await(SOON);
    }

    private List<byte[]> imagesInTheCloud() throws IOException {
        var images = new ArrayList<byte[]>();
        try (var tree = Files.walk(folder.resolve("cloud"))) {
            for (var file : tree.filter(path -> path.toString().endsWith(".jpg")).toList()) {
                images.add(Files.readAllBytes(file));
            }
        }
        return images;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var tree = Files.walk(from)) {
            for (var file : tree.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    @Test
    void itGetsASpoolIdOfItsOwnAndNothingIsDoubledOrLost() throws IOException {
        String original;
        try (var spool = Camspool.open(config("one"))) {
            save(spool, 1);
            original = spool.status().spoolId();
        }
        copy(folder.resolve("one"), folder.resolve("two"));

        for (var name : List.of("one", "two")) {
            try (var spool = Camspool.open(delivering(name))) {
                save(spool, name.equals("one") ? 2 : 3);
                assertThat(spool.awaitDelivered(SOON)).isTrue();
                assertThat(spool.status().spoolId().equals(original)).isEqualTo(name.equals("one"));
                assertThat(spool.status().health())
                        .isEqualTo(name.equals("one") ? Health.GREEN : Health.YELLOW);
            }
        }
        assertThat(imagesInTheCloud())
                .containsExactlyInAnyOrder(
                        Pictures.jpeg(64, 48, 1),
                        Pictures.jpeg(64, 48, 2),
                        Pictures.jpeg(64, 48, 3));
        try (var spool = Camspool.open(delivering("two"))) {
            assertThat(spool.status().health()).isEqualTo(Health.GREEN);
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
    }

    @Test
    void aFolderThatWasOnlyMovedStaysTheSameSpool() throws IOException {
        String original;
        try (var spool = Camspool.open(config("one"))) {
            original = spool.status().spoolId();
        }
        Files.move(folder.resolve("one"), folder.resolve("two"));

        try (var spool = Camspool.open(config("two"))) {
            assertThat(spool.status().spoolId()).isEqualTo(original);
        }
    }

    @Test
    void twoBoxesWithTheSameNamesIntoOneFolderKeepEveryImage() throws IOException {
        for (var name : List.of("one", "two")) {
            try (var spool = Camspool.open(delivering(name))) {
                save(spool, name.equals("one") ? 1 : 2);
                assertThat(spool.awaitDelivered(SOON)).isTrue();
            }
        }
        assertThat(imagesInTheCloud())
                .containsExactlyInAnyOrder(Pictures.jpeg(64, 48, 1), Pictures.jpeg(64, 48, 2));
    }
}
