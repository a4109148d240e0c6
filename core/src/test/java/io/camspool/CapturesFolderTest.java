package io.camspool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.CamspoolException.Reason;
import io.camspool.Status.Health;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Images on another disk than the ledger.
final class CapturesFolderTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir Path folder;

    private CamspoolConfig config(String data) {
        return CamspoolConfig.in(folder.resolve(data));
    }

    private Path ssd() {
        return folder.resolve("ssd/captures");
    }

    private static Receipt save(Camspool spool, int seed) {
        var receipt = spool.save(Capture.of("gate", Encoded.of(Pictures.jpeg(64, 48, seed))));
        receipt.await(SOON);
        return receipt;
    }

    private static void refused(Reason reason, String says, CamspoolConfig config) {
        assertThatThrownBy(() -> Camspool.open(config))
                .isInstanceOfSatisfying(
                        CamspoolException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(says);
    }

    @Test
    void theyStandThereAndAreFoundAgainWithoutBeingToldWhere() throws IOException {
        Receipt receipt;
        try (var spool = Camspool.open(config("data").withCaptures(ssd()))) {
            receipt = save(spool, 1);
            assertThat(receipt.path().orElseThrow()).startsWith(ssd()).exists();
        }
        assertThat(folder.resolve("data/captures")).doesNotExist();
        try (var spool = Camspool.open(config("data"))) {
            assertThat(spool.read(receipt.id()).readAllBytes()).isEqualTo(Pictures.jpeg(64, 48, 1));
            assertThat(save(spool, 2).path().orElseThrow()).startsWith(ssd());
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
        try (var reader = SpoolReader.open(folder.resolve("data"))) {
            assertThat(reader.read(receipt.id()).readAllBytes())
                    .isEqualTo(Pictures.jpeg(64, 48, 1));
            assertThat(reader.verify(_ -> {}).problems()).isEmpty();
        }
    }

    @Test
    void twoSpoolsDoNotShareAFolder() {
        try (var one = Camspool.open(config("one").withCaptures(ssd()))) {
            save(one, 1);
            refused(
                    Reason.STORAGE,
                    "it holds the images of another spool",
                    config("two").withCaptures(ssd()));
        }
    }

    @Test
    void aDiskThatIsNotMountedIsNotTakenForAnEmptyOne() throws IOException {
        try (var spool = Camspool.open(config("data").withCaptures(ssd()))) {
            save(spool, 1);
        }
        Files.move(folder.resolve("ssd"), folder.resolve("unplugged"));

        refused(Reason.STORAGE, "is their disk mounted?", config("data"));

        assertThat(ssd()).doesNotExist();
        Files.move(folder.resolve("unplugged"), folder.resolve("ssd"));
        try (var spool = Camspool.open(config("data"))) {
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
    }

    @Test
    void theyMoveWithTheirFolder() throws IOException {
        Receipt receipt;
        try (var spool = Camspool.open(config("data"))) {
            receipt = save(spool, 1);
        }
        Files.createDirectories(ssd().getParent());
        Files.move(folder.resolve("data/captures"), ssd());

        try (var spool = Camspool.open(config("data").withCaptures(ssd()))) {
            assertThat(spool.read(receipt.id()).readAllBytes()).isEqualTo(Pictures.jpeg(64, 48, 1));
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
    }

    @Test
    void aCopyDoesNotShareTheFolderOfItsOriginal() throws IOException {
        try (var one = Camspool.open(config("one").withCaptures(ssd()))) {
            save(one, 1);
        }
        copy("one", "two");
        var underWay = Files.write(ssd().resolve(".incoming/of-one"), new byte[] {1});

        for (var attempt = 0; attempt < 2; attempt++) {
            refused(Reason.STORAGE, "it holds the images of another spool", config("two"));
        }

        assertThat(underWay).exists();
        try (var one = Camspool.open(config("one"))) {
            assertThat(one.status().health()).isEqualTo(Health.GREEN);
            assertThat(one.verify(_ -> {}).problems()).isEmpty();
        }
    }

    @Test
    void aCopyTakesACopyOfTheImagesWithoutTheMark() throws IOException {
        Receipt receipt;
        try (var one = Camspool.open(config("one").withCaptures(ssd()))) {
            receipt = save(one, 1);
        }
        copy("one", "two");
        copy("ssd", "ssd2");
        var images = folder.resolve("ssd2/captures");
        Files.delete(images.resolve(".camspool"));

        try (var two = Camspool.open(config("two").withCaptures(images))) {
            assertThat(two.read(receipt.id()).readAllBytes()).isEqualTo(Pictures.jpeg(64, 48, 1));
            assertThat(two.status().health()).isEqualTo(Health.YELLOW);
        }
        refused(
                Reason.STORAGE,
                "it holds the images of another spool",
                config("one").withCaptures(images));
    }

    private void copy(String from, String to) throws IOException {
        try (var tree = Files.walk(folder.resolve(from))) {
            for (var file : tree.toList()) {
                var name = folder.resolve(from).relativize(file).toString();
                Files.copy(file, folder.resolve(to).resolve(name));
            }
        }
    }

    @Test
    void anOpenThatIsRefusedLeavesWhereTheImagesStandAndThatItFoundACopy() throws IOException {
        try (var one = Camspool.open(config("one").withCaptures(ssd()))) {
            save(one, 1);
        }
        try (var two = Camspool.open(config("two"))) {
            save(two, 2);
        }
        copy("two", "three");
        var taken = config("three").withBox("gate-3").withCaptures(ssd());
        refused(Reason.STORAGE, "it holds the images of another spool", taken);
        var noFolder = Files.write(folder.resolve("file"), new byte[] {1});
        refused(Reason.STORAGE, "", config("three").withCaptures(noFolder));

        try (var three = Camspool.open(config("three"))) {
            assertThat(three.verify(_ -> {}).problems()).isEmpty();
            assertThat(three.status().box()).isNotEqualTo("gate-3");
            assertThat(three.status().health()).isEqualTo(Health.YELLOW);
            assertThat(three.status().reasons().toString()).contains("a copy of another spool");
        }
    }

    @Test
    void aFirstOpenThatIsRefusedKeepsNoNextOneFromOpening() throws IOException {
        var noFolder = Files.write(folder.resolve("file"), new byte[] {1});
        refused(Reason.STORAGE, "", config("data").withCaptures(noFolder));

        try (var spool = Camspool.open(config("data"))) {
            assertThat(save(spool, 1).path().orElseThrow()).startsWith(folder.resolve("data"));
        }
    }

    @Test
    void theFolderIsKnownByAnImageThatIsStillAside() throws IOException {
        Receipt receipt;
        try (var spool = Camspool.open(config("data"))) {
            receipt = save(spool, 1);
        }
        Files.createDirectories(ssd().getParent());
        Files.move(folder.resolve("data/captures"), ssd());
        var place = folder.resolve("data/captures").relativize(receipt.path().orElseThrow());
        Files.move(ssd().resolve(place), ssd().resolve(".incoming/" + receipt.id()));

        try (var spool = Camspool.open(config("data").withCaptures(ssd()))) {
            assertThat(ssd().resolve(place)).exists();
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
    }

    @Test
    void aRemovalWaitsForTheDiskOfTheImages() throws IOException {
        try (var spool = Camspool.open(config("data").withCaptures(ssd()))) {
            var receipt = save(spool, 1);
            Files.move(ssd(), folder.resolve("unplugged"));
            Files.createDirectory(ssd()); // where the disk was mounted

            assertThatThrownBy(() -> spool.remove(receipt.id(), Undelivered.DROP))
                    .isInstanceOf(CamspoolException.class)
                    .hasMessageContaining("is their disk mounted?");
            until(() -> spool.status().health() == Health.YELLOW);
            assertThat(spool.status().reasons().toString()).contains("is their disk mounted?");

            Files.delete(ssd());
            Files.move(folder.resolve("unplugged"), ssd());
            until(() -> spool.status().health() == Health.GREEN);
            assertThat(receipt.path().orElseThrow()).doesNotExist();
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
    }

    private static void until(BooleanSupplier condition) {
        var end = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
