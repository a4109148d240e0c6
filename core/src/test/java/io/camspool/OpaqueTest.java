package io.camspool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.CamspoolException.Reason;
import io.camspool.internal.disk.Disk;
import io.camspool.internal.disk.FaultyDisk;
import io.camspool.internal.disk.FaultyDisk.Call;
import io.camspool.internal.engine.Engine;
import io.camspool.internal.engine.Worlds;
import io.camspool.sink.ScriptedSink;
import io.camspool.sink.Sinks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files of other media types than the images that are looked into.
final class OpaqueTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir Path folder;
    @TempDir Path target;
    private final FaultyDisk disk = new FaultyDisk();
    private Path clip;

    @BeforeEach
    void makeClip() throws IOException {
        clip = Files.write(folder.resolve("clip.mp4"), bytes(3_000_001, 1));
    }

    private static byte[] bytes(int count, long seed) {
        var bytes = new byte[count];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    private CamspoolConfig config() {
        return CamspoolConfig.in(folder.resolve("data"));
    }

    private Camspool open() {
        return Engine.open(config(), Worlds.with(disk));
    }

    private Capture capture(Path file) {
        return Capture.of("gate", Opaque.of(file, "video/mp4"));
    }

    private List<Path> aside() throws IOException {
        try (var files = Files.list(folder.resolve("data/captures/.incoming"))) {
            return files.toList();
        }
    }

    private static void refused(Reason reason, Runnable save, String why) {
        assertThatThrownBy(save::run)
                .isInstanceOfSatisfying(
                        CamspoolException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(why);
    }

    @Test
    void aClipIsKeptByteForByteAndDeliveredUnderItsExtension() throws IOException {
        var content = Files.readAllBytes(clip);
        var tight = config().withIntake(IntakeLimits.DEFAULT.withCaptureBytes(1_000_000));
        try (var spool = Camspool.open(tight.withSink("share", Sinks.folder(target)))) {
            var receipt = spool.save(capture(clip).withAlert("a-1"));
            Files.writeString(clip, "the caller's own again");
            var stored = receipt.await(SOON);

            assertThat(receipt.path().orElseThrow())
                    .hasBinaryContent(content)
                    .hasFileName("gate_a-1_" + receipt.id() + ".mp4");
            var found = spool.find("gate", "a-1").orElseThrow();
            assertThat(found.mediaType()).isEqualTo("video/mp4");
            assertThat(found.sides()).isEmpty();
            assertThat(found.bytes()).isEqualTo(content.length);
            assertThat(found.inputSha256()).hasValue(stored.sha256());
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
            assertThat(spool.awaitDelivered(SOON)).isTrue();
        }
        try (var tree = Files.walk(target)) {
            assertThat(tree.filter(Files::isRegularFile))
                    .filteredOn(file -> !file.endsWith(".camspool-sink"))
                    .singleElement()
                    .satisfies(file -> assertThat(file).hasBinaryContent(content))
                    .asString()
                    .endsWith(".mp4");
        }
    }

    @Test
    void aTypeThatIsNotKnownEndsInBin() {
        try (var spool = open()) {
            var radar = Capture.of("mast", Opaque.of(clip, "Application/X-Radar"));
            var receipt = spool.save(radar);
            receipt.await(SOON);

            assertThat(receipt.path().orElseThrow().toString()).endsWith(".bin");
            assertThat(spool.captures(Query.ALL).items().getFirst().mediaType())
                    .isEqualTo("application/x-radar");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "video", "video/", "/mp4", "video/mp4; codecs=x", "a/b/c", "v/ö"})
    void aTypeThatIsNoneIsRefused(String type) {
        refused(Reason.INVALID, () -> Opaque.of(clip, type), "media type");
        refused(Reason.INVALID, () -> Opaque.of(clip, "a/" + "b".repeat(126)), "media type");
    }

    @Test
    void whatIsNoFileOrEmptyOrTooLargeIsRefusedAndLeavesNothing() throws IOException {
        var empty = Files.createFile(folder.resolve("empty.mp4"));
        var limits = IntakeLimits.DEFAULT.withMaxOpaqueBytes(3_000_000);
        try (var spool = Camspool.open(config().withIntake(limits))) {
            refused(Reason.INVALID, () -> spool.save(capture(folder)), "a file that is there");
            refused(
                    Reason.INVALID,
                    () -> spool.save(capture(folder.resolve("gone.mp4"))),
                    "a file that is there");
            refused(Reason.INVALID, () -> spool.save(capture(empty)), "1 to 3000000 bytes");
            refused(Reason.INVALID, () -> spool.save(capture(clip)), "1 to 3000000 bytes");

            assertThat(aside()).isEmpty();
            assertThat(spool.status().intake().orElseThrow().pendingBytes()).isZero();
        }
    }

    @Test
    void aLinkedFileIsSharedAndItsOtherNameMayGo() throws IOException {
        var content = Files.readAllBytes(clip);
        try (var spool = open()) {
            var receipt = spool.save(Capture.of("gate", Opaque.of(clip, "video/mp4").asLinked()));
            receipt.await(SOON);

            assertThat(fileKey(receipt.path().orElseThrow())).isEqualTo(fileKey(clip));
            Files.delete(clip);
            assertThat(receipt.path().orElseThrow()).hasBinaryContent(content);
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
    }

    @Test
    void aLinkedFileThatIsRewrittenInPlaceIsFoundByVerifyAndNeverSent() throws IOException {
        ItemId id;
        try (var spool = open()) {
            id = spool.save(Capture.of("gate", Opaque.of(clip, "video/mp4").asLinked())).id();
        }
        Files.write(clip, new byte[] {1}, StandardOpenOption.WRITE);
        var cloud = new ScriptedSink();
        try (var spool = Camspool.open(config().withSink("cloud", cloud))) {
            assertThat(spool.verify(_ -> {}).problems())
                    .extracting(Verification.Problem::subject)
                    .containsExactly(id.value());
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(spool.status().sinks().getFirst().rejected().items()).isEqualTo(1);
            assertThat(cloud.delivered()).isEmpty();
        }
    }

    @Test
    void removingALinkedFileLeavesTheOriginal() throws IOException {
        var content = Files.readAllBytes(clip);
        try (var spool = open()) {
            var receipt = spool.save(Capture.of("gate", Opaque.of(clip, "video/mp4").asLinked()));
            receipt.await(SOON);

            assertThat(spool.remove(receipt.id(), Undelivered.DROP)).isEqualTo(Removal.DROPPED);

            assertThat(clip).hasBinaryContent(content);
        }
    }

    @Test
    void whatCannotBeLinkedIsCopied() throws IOException {
        disk.breakWith(FaultyDisk.failing(Call.LINK, "Invalid cross-device link"));
        try (var spool = open()) {
            var receipt = spool.save(Capture.of("gate", Opaque.of(clip, "video/mp4").asLinked()));
            receipt.await(SOON);

            assertThat(fileKey(receipt.path().orElseThrow())).isNotEqualTo(fileKey(clip));
            assertThat(receipt.path().orElseThrow()).hasSameBinaryContentAs(clip);
        }
    }

    private static Object fileKey(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }

    @Test
    void aRepeatIsTheSameItemAndOtherContentIsRefused() throws IOException {
        try (var spool = open()) {
            var first = spool.save(capture(clip).withId("clip-1")).await(SOON);
            assertThat(spool.save(capture(clip).withId("clip-1")).await(SOON)).isEqualTo(first);

            var known = Opaque.of(clip, "video/mp4").withSha256(first.sha256());
            assertThat(spool.save(Capture.of("gate", known).withId("clip-1")).await(SOON))
                    .isEqualTo(first);
            Files.write(clip, bytes(100, 2));
            refused(
                    Reason.CONFLICT,
                    () -> spool.save(capture(clip).withId("clip-1")),
                    "other content already");
            refused(Reason.INVALID, () -> spool.save(Capture.of("gate", known)), "other content");
            assertThat(aside()).isEmpty();
            assertThat(spool.status().captures().accepted().items()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"CREATE", "WRITE", "FORCE", "CLOSE", "FORCE_FOLDER"})
    void aFailureOfTheDiskIsToldAndLeavesNothing(String call) throws IOException {
        try (var spool = open()) {
            disk.breakWith(FaultyDisk.failing(Call.valueOf(call), "Input/output error"));
            refused(
                    Reason.STORAGE,
                    () -> spool.save(capture(clip).withId("clip-1")).await(SOON),
                    "Input/output error");
            disk.mend();

            assertThat(aside()).isEmpty();
            spool.save(capture(clip).withId("clip-1")).await(SOON);
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
    }

    @Test
    void aCopyThatFailsLeavesNothingThoughItsFileDoesNotCloseEither() throws IOException {
        try (var spool = open()) {
            disk.breakWith(
                    (call, _) -> {
                        if (call == Call.WRITE || call == Call.CLOSE) {
                            throw new IOException("Input/output error");
                        }
                    });
            refused(Reason.STORAGE, () -> spool.save(capture(clip)), "Input/output error");

            assertThat(aside()).isEmpty();
        }
    }

    @Test
    void aGroupIsStoredWholeOrNotAtAll() throws IOException {
        try (var spool = open()) {
            var image = Capture.of("gate", Encoded.of(Pictures.jpeg(64, 48, 1)));
            var alert = Alert.of("{}").withAlert("a-1");
            var receipts = spool.save(alert, List.of(image, capture(clip)));
            receipts.forEach(receipt -> receipt.await(SOON));
            assertThat(spool.find("gate", "a-1")).isPresent();

            refused(
                    Reason.INVALID,
                    () -> spool.save(alert, List.of(capture(clip), capture(folder))),
                    "a file that is there");
            disk.breakWith(
                    (called, path) -> {
                        if (called == Call.OPEN && path.endsWith("other.mp4")) {
                            throw new IOException("Input/output error");
                        }
                    });
            var other = Files.write(folder.resolve("other.mp4"), bytes(10, 3));
            refused(
                    Reason.STORAGE,
                    () -> spool.save(alert, List.of(capture(clip), capture(other))),
                    "Input/output error");
            disk.mend();
            assertThat(aside()).isEmpty();
            assertThat(spool.status().captures().accepted().items()).isEqualTo(2);
            assertThat(spool.status().intake().orElseThrow().pendingBytes()).isZero();
        }
    }

    @Test
    void theFolderStaysClaimedWhileAFileIsCopiedIntoIt() throws Exception {
        var copying = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        disk.breakWith(
                (call, path) -> {
                    if (call == Call.WRITE) {
                        copying.countDown();
                        FaultyDisk.hanging(Call.WRITE, goOn).before(call, path);
                    }
                });
        var spool = open();
        var save = CompletableFuture.runAsync(() -> spool.save(capture(clip)));
        copying.await();

        spool.close(Duration.ofMillis(50));
        refused(Reason.LOCKED, () -> Engine.open(config(), Worlds.with(Disk.real())), "in use");
        goOn.countDown();

        assertThatThrownBy(save::join)
                .hasCauseInstanceOf(CamspoolException.class)
                .hasMessageContaining("the spool is closed");
        assertThat(aside()).isEmpty();
    }

    @Test
    void aCopyThatACrashCutOffIsRemovedByTheNextOpen() throws IOException {
        open().close();
        var left = folder.resolve("data/captures/.incoming/clip-1");
        Files.createLink(left, clip);

        try (var spool = open()) {
            assertThat(spool.status().recovery().discarded()).isEqualTo(1);
        }
        assertThat(left).doesNotExist();
        assertThat(clip).exists();
    }
}
