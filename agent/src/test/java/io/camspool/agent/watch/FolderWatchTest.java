package io.camspool.agent.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.CamspoolException;
import io.camspool.IntakeLimits;
import io.camspool.Pictures;
import io.camspool.Query;
import io.camspool.StoredAlert;
import io.camspool.StoredCapture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A watch on a clock of its own, step by step; it finds files by looking, but where a test says
/// so.
final class FolderWatchTest {
    private static final Instant MODIFIED = Instant.parse("2026-11-24T10:00:00Z");

    @TempDir Path home;
    private Path folder;
    private CamspoolConfig config;
    private WatchedFolder watched;
    private Camspool spool;
    private final AtomicLong nanos = new AtomicLong();

    @BeforeEach
    void open() throws IOException {
        folder = Files.createDirectories(home.resolve("in"));
        config = CamspoolConfig.in(home.resolve("data")).withZone(ZoneOffset.UTC);
        spool = Camspool.open(config);
        watched = WatchedFolder.of(folder).withZone(ZoneOffset.UTC);
    }

    @AfterEach
    void close() {
        spool.close();
    }

    private FolderWatch watch() {
        return watch(FolderEvents.none("not in this test"), 1_000);
    }

    private FolderWatch watch(FolderEvents events, int maxWaiting) {
        return FolderWatch.open(
                spool, config, watched, WatchReport.none(), events, maxWaiting, nanos::get);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /// Lets so much time pass, in steps as the watch takes them.
    private void run(FolderWatch watch, Duration time) {
        var end = nanos.get() + time.toNanos();
        while (nanos.get() < end) {
            var wait = watch.runOnce().toNanos();
            nanos.addAndGet(Math.clamp(wait, 1_000_000, Math.max(1_000_000, end - nanos.get())));
        }
        watch.runOnce();
    }

    private Path write(String path, byte[] bytes) throws IOException {
        var file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
        return Files.setLastModifiedTime(file, FileTime.from(MODIFIED));
    }

    private Path image(String path, int seed) throws IOException {
        return write(path, Pictures.jpeg(32, 24, seed));
    }

    private List<StoredCapture> captures() {
        return spool.captures(Query.ALL.limitedTo(1_000)).items();
    }

    private List<StoredAlert> alerts() {
        return spool.alerts(Query.ALL.limitedTo(1_000)).items();
    }

    @Test
    void aFileThatHasSettledIsTakenAndDeleted() throws IOException {
        var file = image("gate/a/x.jpg", 1);
        var watch = watch();

        watch.runOnce();
        pass(Duration.ofMillis(1_900));
        watch.runOnce();
        assertThat(captures()).isEmpty();
        run(watch, Duration.ofSeconds(4));

        assertThat(captures())
                .singleElement()
                .satisfies(
                        capture -> {
                            assertThat(capture.camera()).isEqualTo("gate");
                            assertThat(capture.time()).isEqualTo(MODIFIED);
                        });
        assertThat(file).doesNotExist();
        assertThat(watch.status().taken()).isEqualTo(1);
        assertThat(watch.status().waiting()).isZero();
    }

    @Test
    void aFileThatGrowsIsNotTakenBeforeItIsWhole() throws IOException {
        var whole = Pictures.jpeg(64, 48, 1);
        var watch = watch();
        for (var length = 100; length < whole.length; length += 300) {
            write("gate/x.jpg", Arrays.copyOf(whole, length));
            run(watch, Duration.ofSeconds(1));
        }
        write("gate/x.jpg", whole);
        run(watch, Duration.ofSeconds(6));

        assertThat(captures()).hasSize(1);
        assertThat(watch.status().refused()).isZero();
    }

    @Test
    void aFileThatPausesHalfWrittenIsNotRefusedAtOnce() throws IOException {
        var whole = Pictures.jpeg(64, 48, 1);
        write("gate/x.jpg", Arrays.copyOf(whole, whole.length / 2));
        var watch = watch();
        run(watch, Duration.ofSeconds(15));
        assertThat(watch.status().refused()).isZero();

        write("gate/x.jpg", whole);
        run(watch, Duration.ofSeconds(6));

        assertThat(captures()).hasSize(1);
    }

    @Test
    void whatIsNoImageGoesToTheRefusedWithTheReasonBesideIt() throws IOException {
        write("gate/notes.jpg", "hello".getBytes(StandardCharsets.UTF_8));
        var watch = watch();
        run(watch, Duration.ofSeconds(25));

        assertThat(folder.resolve("gate/notes.jpg")).doesNotExist();
        assertThat(folder.resolve(".refused/gate/notes.jpg")).hasContent("hello");
        assertThat(folder.resolve(".refused/gate/notes.jpg.reason.txt"))
                .content()
                .contains("neither JPEG nor PNG");
        assertThat(watch.status().refused()).isEqualTo(1);

        write("gate/notes.jpg", "other".getBytes(StandardCharsets.UTF_8));
        run(watch, Duration.ofSeconds(25));
        assertThat(folder.resolve(".refused/gate/notes.jpg")).hasContent("hello");
        assertThat(watch.status().refused()).isEqualTo(2);
    }

    @Test
    void aFileThatWasStoredBeforeAKillIsTakenOnceAndAnotherOfItsNameIsNew() throws IOException {
        image("gate/x.jpg", 1);
        var target = home.resolve("kept");
        watched = watched.withTaken(target);
        run(watch(), Duration.ofSeconds(6));
        assertThat(target.resolve("gate/x.jpg")).exists();

        // As a kill between the store and the move leaves it.
        Files.move(target.resolve("gate/x.jpg"), folder.resolve("gate/x.jpg"));
        run(watch(), Duration.ofSeconds(6));
        assertThat(captures()).hasSize(1);
        assertThat(folder.resolve("gate/x.jpg")).doesNotExist();

        image("gate/x.jpg", 2);
        run(watch(), Duration.ofSeconds(6));
        assertThat(captures()).hasSize(2);
        Files.setLastModifiedTime(image("gate/x.jpg", 2), FileTime.from(MODIFIED.plusSeconds(9)));
        run(watch(), Duration.ofSeconds(6));
        assertThat(captures()).hasSize(3);
        try (var kept = Files.list(target.resolve("gate"))) {
            assertThat(kept).hasSize(3);
        }
    }

    @Test
    void aSidecarIsTheAlertOfItsImage() throws IOException {
        image("gate/x.jpg", 1);
        write("gate/x.json", "{\"n\":1}".getBytes(StandardCharsets.UTF_8));
        var watch = watch();
        run(watch, Duration.ofSeconds(6));

        assertThat(alerts())
                .singleElement()
                .satisfies(
                        alert -> {
                            assertThat(alert.camera()).contains("gate");
                            assertThat(alert.alertId()).contains("x");
                        });
        assertThat(captures())
                .singleElement()
                .satisfies(capture -> assertThat(capture.alertId()).contains("x"));
        assertThat(folder.resolve("gate")).isEmptyDirectory();
        assertThat(watch.status().taken()).isEqualTo(2);
    }

    @Test
    void aSidecarThatComesALittleLateIsWaitedFor() throws IOException {
        image("gate/x.jpg", 1);
        var watch = watch();
        run(watch, Duration.ofSeconds(3));
        assertThat(captures()).isEmpty();
        write("gate/x.json", "{\"n\":1}".getBytes(StandardCharsets.UTF_8));
        run(watch, Duration.ofSeconds(6));

        assertThat(alerts()).hasSize(1);
        assertThat(captures().getFirst().alertId()).contains("x");
    }

    @Test
    void whatAKillLeavesOfAPairIsTakenOnce() throws IOException {
        var target = home.resolve("kept");
        watched = watched.withTaken(target);
        image("gate/x.jpg", 1);
        write("gate/x.json", "{\"n\":1}".getBytes(StandardCharsets.UTF_8));
        run(watch(), Duration.ofSeconds(6));

        Files.move(target.resolve("gate/x.json"), folder.resolve("gate/x.json"));
        run(watch(), Duration.ofSeconds(70));
        assertThat(folder.resolve("gate/x.json")).doesNotExist();
        Files.move(target.resolve("gate/x.json"), folder.resolve("gate/x.json"));
        Files.move(target.resolve("gate/x.jpg"), folder.resolve("gate/x.jpg"));
        run(watch(), Duration.ofSeconds(6));

        assertThat(folder.resolve("gate")).isEmptyDirectory();
        assertThat(alerts()).hasSize(1);
        assertThat(captures()).hasSize(1);
    }

    @Test
    void anImageThatWasStoredWithoutItsSidecarIsTakenOnce() throws IOException {
        var target = home.resolve("kept");
        watched = watched.withTaken(target);
        image("gate/x.jpg", 1);
        run(watch(), Duration.ofSeconds(6));
        Files.move(target.resolve("gate/x.jpg"), folder.resolve("gate/x.jpg"));
        write("gate/x.json", "{\"n\":1}".getBytes(StandardCharsets.UTF_8));
        run(watch(), Duration.ofSeconds(6));

        assertThat(folder.resolve("gate")).isEmptyDirectory();
        assertThat(alerts()).hasSize(1);
        assertThat(captures()).hasSize(1);
    }

    @Test
    void aSidecarThatIsNoAlertIsRefusedWithItsImage() throws IOException {
        image("gate/x.jpg", 1);
        write("gate/x.json", "{\"n\":".getBytes(StandardCharsets.UTF_8));
        run(watch(), Duration.ofSeconds(25));

        assertThat(captures()).isEmpty();
        assertThat(folder.resolve(".refused/gate/x.jpg")).exists();
        assertThat(folder.resolve(".refused/gate/x.json")).exists();
        assertThat(folder.resolve(".refused/gate/x.jpg.reason.txt"))
                .content()
                .contains("alert is not allowed");
    }

    @Test
    void anAlertWithoutAnImageIsStoredAfterAWhile() throws IOException {
        write("gate/x.json", "{\"n\":1}".getBytes(StandardCharsets.UTF_8));
        var watch = watch();
        run(watch, Duration.ofSeconds(50));
        assertThat(alerts()).isEmpty();
        run(watch, Duration.ofSeconds(15));

        assertThat(alerts()).hasSize(1);
    }

    @Test
    void hiddenFilesNamesUnderWayAndLinksAreLeftAlone() throws IOException {
        var outside = Files.createDirectories(home.resolve("outside"));
        Files.write(outside.resolve("x.jpg"), Pictures.jpeg(32, 24, 1));
        image("gate/.x.jpg", 1);
        image("gate/x.jpg.part", 1);
        image("gate/x.jpg.filepart", 1);
        image("gate/x.tmp", 1);
        image(".trash/x.jpg", 1);
        image("loose.jpg", 1);
        Files.createSymbolicLink(folder.resolve("linked"), outside);
        Files.createSymbolicLink(folder.resolve("gate/link.jpg"), outside.resolve("x.jpg"));
        var watch = watch();
        run(watch, Duration.ofSeconds(30));

        assertThat(captures()).isEmpty();
        assertThat(watch.status().waiting()).isZero();
        assertThat(watch.status().unmatched()).isEqualTo(1);
        assertThat(watch.status().firstUnmatched()).contains(folder.resolve("loose.jpg"));
        assertThat(folder.resolve("loose.jpg")).exists();
    }

    @Test
    void otherMediaAreTakenByTheirEndings() throws IOException {
        watched = watched.withMedia("mp4", "video/mp4");
        write("gate/clip.MP4", new byte[] {1, 2, 3});
        run(watch(), Duration.ofSeconds(6));

        assertThat(captures())
                .singleElement()
                .satisfies(clip -> assertThat(clip.mediaType()).isEqualTo("video/mp4"));
    }

    @Test
    void theTimeIsThatOfThePatternThenOfExif() throws IOException {
        var photo = Pictures.jpeg(32, 24, 1);
        var exif = ExifTimeTest.jpeg(true, "2025:01:02 03:04:05", "+00:00");
        var dated = ByteBuffer.allocate(photo.length + exif.length - 4);
        dated.put(exif, 0, exif.length - 2).put(photo, 2, photo.length - 2);
        write("gate/x.jpg", dated.array());
        run(watch(), Duration.ofSeconds(6));
        assertThat(captures().getFirst().time()).isEqualTo(Instant.parse("2025-01-02T03:04:05Z"));

        watched =
                WatchedFolder.of(
                                folder,
                                PathPattern.of("{time:yyyyMMddHHmmss}_*.jpg"),
                                Optional.of("door"))
                        .withZone(ZoneOffset.UTC);
        write("20240102030405_1.jpg", dated.array());
        run(watch(), Duration.ofSeconds(6));
        assertThat(captures())
                .anySatisfy(
                        capture -> {
                            assertThat(capture.camera()).isEqualTo("door");
                            assertThat(capture.time())
                                    .isEqualTo(Instant.parse("2024-01-02T03:04:05Z"));
                        });
    }

    @Test
    void moreFilesThanThereIsRoomForAreAllTaken() throws IOException {
        for (var i = 0; i < 100; i++) {
            image("gate/%03d.jpg".formatted(i), i);
        }
        var watch = watch(FolderEvents.none("not in this test"), 10);
        run(watch, Duration.ofSeconds(60));

        assertThat(captures()).hasSize(100);
        assertThat(watch.status().taken()).isEqualTo(100);
    }

    @Test
    void aFileThatCannotBeDeletedIsTriedAgainAndStoredOnce() throws IOException {
        image("gate/x.jpg", 1);
        var gate = folder.resolve("gate");
        watched = watched.withTaken(home.resolve("kept"));
        Files.createDirectories(home.resolve("kept"));
        // A file where its folder should be: nobody can move anything there, not even root.
        Files.write(home.resolve("kept/gate"), new byte[1]);
        var watch = watch();
        run(watch, Duration.ofSeconds(20));
        assertThat(captures()).hasSize(1);
        assertThat(watch.status().failures()).isBetween(3L, 6L);
        assertThat(watch.status().trouble()).isPresent();
        assertThat(gate.resolve("x.jpg")).exists();

        Files.delete(home.resolve("kept/gate"));
        run(watch, Duration.ofMinutes(1));
        assertThat(captures()).hasSize(1);
        assertThat(watch.status().taken()).isEqualTo(1);
        assertThat(watch.status().trouble()).isEmpty();
        assertThat(home.resolve("kept/gate/x.jpg")).exists();
    }

    @Test
    void aFullIntakeHasFilesWait() throws IOException {
        spool.close();
        config =
                config.withIntake(
                        IntakeLimits.DEFAULT
                                .withCaptureBytes(1_000_000)
                                .withAdmissionWait(Duration.ZERO));
        spool = Camspool.open(config);
        var photo = Pictures.jpeg(32, 24, 1);
        for (var i = 0; i < 20; i++) {
            var large = Arrays.copyOf(photo, 300_000);
            large[large.length - 1] = (byte) i;
            write("gate/" + i + ".jpg", large);
        }
        run(watch(), Duration.ofMinutes(2));

        assertThat(captures()).hasSize(20);
    }

    @Test
    void aFolderThatIsGoneIsTroubleUntilItIsBack() throws IOException {
        Files.delete(folder);
        var watch = watch();
        run(watch, Duration.ofSeconds(10));
        assertThat(watch.status().trouble())
                .hasValueSatisfying(why -> assertThat(why).contains("no such"));

        image("gate/x.jpg", 1);
        run(watch, Duration.ofSeconds(15));
        assertThat(captures()).hasSize(1);
        assertThat(watch.status().trouble()).isEmpty();
    }

    @Test
    void folderAndSpoolStandApart() {
        for (var wrong : List.of(home, config.data(), config.data().resolve("captures"))) {
            watched = WatchedFolder.of(wrong);
            assertThatThrownBy(this::watch)
                    .isInstanceOf(CamspoolException.class)
                    .hasMessageContaining("apart from the spool's own");
        }
        assertThatThrownBy(() -> WatchedFolder.of(folder).withTaken(home))
                .hasMessageContaining("after");
        assertThatThrownBy(() -> WatchedFolder.of(folder, PathPattern.of("**/*"), Optional.empty()))
                .hasMessageContaining("{camera}");
        assertThatThrownBy(
                        () ->
                                WatchedFolder.of(
                                        folder, PathPattern.of("{camera}"), Optional.of("a")))
                .hasMessageContaining("camera");
    }

    @Test
    void changesAreToldAlsoOfFoldersThatAreNew() throws Exception {
        var rescan = Duration.ofHours(1);
        watched = watched.withTimes(Duration.ofMillis(10), Duration.ZERO, rescan);
        var watch = FolderWatch.open(spool, config, watched, WatchReport.none());
        watch.start();
        try {
            image("gate/a/b/x.jpg", 1);
            await(watch, 1);
            image("gate/a/b/y.jpg", 2);
            await(watch, 2);
            Files.move(image("gate/z.jpg.part", 3), folder.resolve("gate/z.jpg"));
            await(watch, 3);
            // More than the system keeps for one folder.
            for (var i = 0; i < 700; i++) {
                Files.write(folder.resolve("gate/" + i + ".jpg"), Pictures.jpeg(8, 8, i));
            }
            await(watch, 703);
        } finally {
            assertThat(watch.stop(Duration.ofSeconds(20))).isTrue();
        }
        assertThat(captures()).hasSize(703);
        assertThat(watch.status().note()).isEmpty();
    }

    private static void await(FolderWatch watch, long taken) {
        var end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (watch.status().taken() < taken) {
            assertThat(System.nanoTime()).as("%s", watch.status()).isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
