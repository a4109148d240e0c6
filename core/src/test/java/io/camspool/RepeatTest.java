package io.camspool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.Balance.Amount;
import io.camspool.CamspoolException.Reason;
import io.camspool.internal.disk.FaultyDisk;
import io.camspool.internal.disk.FaultyDisk.Call;
import io.camspool.internal.engine.Engine;
import io.camspool.internal.engine.Worlds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is saved again under an id of the caller's.
final class RepeatTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    @TempDir Path folder;

    private CamspoolConfig config() {
        return CamspoolConfig.in(folder).withZone(ZoneOffset.UTC);
    }

    private static Capture capture(int seed) {
        return Capture.of("gate", Encoded.of(Pictures.jpeg(64, 48, seed))).at(NOON);
    }

    private static Capture frame(int seed) {
        return Capture.of("gate", Frame.of(Pictures.bgr(64, 48, seed), 64, 48, PixelFormat.BGR));
    }

    private static void refused(Reason reason, Runnable save) {
        assertThatThrownBy(save::run)
                .isInstanceOfSatisfying(
                        CamspoolException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void itIsTheSameItemWithTheSameReceipt() {
        try (var spool = Camspool.open(config())) {
            var alert = Alert.of("{\"n\":1}").withId("alert-1");
            var first = spool.save(alert);
            var stored = first.await(SOON);

            assertThat(spool.save(alert).await(SOON)).isEqualTo(stored);
            for (var capture : List.of(capture(1).withId("c-1"), frame(2).withId("c-2"))) {
                var receipt = spool.save(capture);
                var storedCapture = receipt.await(SOON);
                var again = spool.save(capture.at(NOON.plusSeconds(86_400)));
                assertThat(again.await(SOON)).isEqualTo(storedCapture);
                assertThat(again.path()).isEqualTo(receipt.path());
            }
            assertThat(spool.status().alerts().accepted().items()).isEqualTo(1);
            assertThat(spool.status().captures().accepted().items()).isEqualTo(2);
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
    }

    @Test
    void otherContentUnderTheIdIsRefused() {
        try (var spool = Camspool.open(config())) {
            spool.save(Alert.of("{\"n\":1}").withId("a")).await(SOON);
            spool.save(frame(1).withId("b")).await(SOON);

            refused(Reason.CONFLICT, () -> spool.save(Alert.of("{\"n\":2}").withId("a")));
            refused(Reason.CONFLICT, () -> spool.save(frame(2).withId("b")));
            refused(Reason.CONFLICT, () -> spool.save(capture(2).withId("a")));
            assertThat(spool.status().intake().orElseThrow().pendingBytes()).isZero();
        }
    }

    @Test
    void itIsKnownAfterARestartAndAfterItsItemIsGone() {
        var capture = capture(1).withId("c-1");
        Receipt first;
        Stored stored;
        try (var spool = Camspool.open(config())) {
            first = spool.save(capture);
            stored = first.await(SOON);
        }
        try (var spool = Camspool.open(config())) {
            assertThat(spool.save(capture).await(SOON)).isEqualTo(stored);
            spool.remove(first.id(), Undelivered.DROP);

            var again = spool.save(capture);

            assertThat(again.await(SOON)).isEqualTo(stored);
            assertThat(again.path()).isEqualTo(first.path());
            refused(Reason.CONFLICT, () -> spool.save(capture(2).withId("c-1")));
            assertThat(spool.status().captures().held()).isEqualTo(Amount.NONE);
        }
    }

    @Test
    void thoseThatComeTogetherShareOneReceipt() throws InterruptedException {
        try (var spool = Camspool.open(config())) {
            var start = new CountDownLatch(1);
            var stored = new ArrayList<Stored>();
            var threads = new ArrayList<Thread>();
            for (var i = 0; i < 8; i++) {
                threads.add(
                        Thread.ofPlatform()
                                .start(
                                        () -> {
                                            awaitQuietly(start);
                                            for (var n = 0; n < 50; n++) {
                                                var one = save(spool, n);
                                                synchronized (stored) {
                                                    stored.add(one);
                                                }
                                            }
                                        }));
            }
            start.countDown();
            for (var thread : threads) {
                thread.join();
            }
            assertThat(stored).hasSize(400);
            assertThat(stored.stream().distinct()).hasSize(50);
            assertThat(spool.status().captures().accepted().items()).isEqualTo(50);
        }
    }

    @Test
    void repeatsThatComeTogetherOfWhatIsStoredAllGetItsReceipt() throws InterruptedException {
        try (var spool = Camspool.open(config())) {
            var alert = Alert.of("{}").withId("alert-1");
            var first = spool.save(alert).await(SOON);
            var answered = new AtomicInteger();
            var threads = new ArrayList<Thread>();
            for (var i = 0; i < 8; i++) {
                threads.add(
                        Thread.ofPlatform()
                                .start(
                                        () -> {
                                            for (var n = 0; n < 300; n++) {
                                                if (spool.save(alert).await(SOON).equals(first)) {
                                                    answered.incrementAndGet();
                                                }
                                            }
                                        }));
            }
            for (var thread : threads) {
                thread.join();
            }
            assertThat(answered).hasValue(8 * 300);
        }
    }

    private static Stored save(Camspool spool, int n) {
        return spool.save(capture(n).withId("c-" + n)).await(SOON);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anAlertAndItsCapturesAreRepeatedTogether() {
        try (var spool = Camspool.open(config())) {
            var alert = Alert.of("{}").withAlert("a-1").withId("alert-1");
            var captures = List.of(capture(1), capture(2));
            var first = spool.save(alert, captures).stream().map(r -> r.await(SOON)).toList();

            var again = spool.save(alert, captures).stream().map(r -> r.await(SOON)).toList();

            assertThat(again).isEqualTo(first);
            refused(
                    Reason.CONFLICT,
                    () -> spool.save(alert, List.of(capture(1), capture(2), capture(3))));
            refused(Reason.INVALID, () -> spool.save(Alert.of("{}"), List.of(captureWithId())));
            assertThat(spool.status().captures().accepted().items()).isEqualTo(2);
        }
    }

    private static Capture captureWithId() {
        return capture(4).withId("c-4");
    }

    @Test
    void aTryThatFailedLeavesTheIdFree() {
        var disk = new FaultyDisk();
        try (var spool = Engine.open(config(), Worlds.with(disk))) {
            disk.breakWith(FaultyDisk.failing(Call.FORCE, "Input/output error"));
            var failed = spool.save(capture(1).withId("c-1"));
            refused(Reason.STORAGE, () -> failed.await(SOON));
            disk.mend();

            spool.save(capture(1).withId("c-1")).await(SOON);

            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
    }

    @Test
    void withPlainNamesDateCameraAndAlertAreTheIdentity() throws IOException {
        try (var spool = Camspool.open(config().withNaming(Naming.PLAIN))) {
            var receipt = spool.save(capture(1).withAlert("a-1"));
            receipt.await(SOON);

            assertThat(folder.resolve("captures/20261124/gate_a-1.jpg"))
                    .isEqualTo(receipt.path().orElseThrow())
                    .hasBinaryContent(Pictures.jpeg(64, 48, 1));
            assertThat(spool.save(capture(1).withAlert("a-1")).await(SOON).seq()).isEqualTo(1);
            refused(Reason.CONFLICT, () -> spool.save(capture(2).withAlert("a-1")));
            var nextDay = spool.save(capture(2).withAlert("a-1").at(NOON.plusSeconds(86_400)));
            assertThat(nextDay.await(SOON).seq()).isEqualTo(2);
            assertThat(spool.find("gate", "a-1").orElseThrow().path()).exists();
        }
    }

    @Test
    void twoPlainNamesThatGiveOnePathDoNotOverwriteEachOther() throws IOException {
        try (var spool = Camspool.open(config().withNaming(Naming.PLAIN))) {
            var image = Encoded.of(Pictures.jpeg(64, 48, 1));
            spool.save(Capture.of("a_b", image).withAlert("c").at(NOON)).await(SOON);
            var second = spool.save(Capture.of("a", image).withAlert("b_c").at(NOON));
            refused(Reason.CONFLICT, () -> second.await(SOON));

            var slash = spool.save(Capture.of("x/y", image).withAlert("1").at(NOON));
            var colon = spool.save(Capture.of("x:y", image).withAlert("1").at(NOON));
            slash.await(SOON);
            colon.await(SOON);

            assertThat(slash.path()).isNotEqualTo(colon.path());
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
    }

    @Test
    void aFileThatStoodAtThePlaceBeforeIsNotOverwritten() throws IOException {
        var old = folder.resolve("captures/20261124/gate_a-1.jpg");
        Files.createDirectories(old.getParent());
        Files.writeString(old, "an older program's");
        try (var spool = Camspool.open(config().withNaming(Naming.PLAIN))) {
            var receipt = spool.save(capture(1).withAlert("a-1"));
            receipt.await(SOON);

            assertThat(old).hasContent("an older program's");
            assertThat(spool.read(receipt.id()).readAllBytes()).isEqualTo(Pictures.jpeg(64, 48, 1));
            assertThat(spool.status().health()).isEqualTo(Status.Health.YELLOW);

            assertThat(spool.remove(receipt.id(), Undelivered.DROP)).isEqualTo(Removal.DROPPED);
        }
        assertThat(old).hasContent("an older program's");
        assertThat(folder.resolve("captures/.incoming")).isEmptyDirectory();
    }

    @Test
    void namesOfMoreThanOneLineAreToldApart() {
        try (var spool = Camspool.open(config().withNaming(Naming.PLAIN))) {
            var first = Capture.of("a\nb", capture(1).content()).at(NOON).withAlert("c");
            var second = Capture.of("a", capture(2).content()).at(NOON).withAlert("b\nc");

            assertThat(spool.save(first).await(SOON).seq()).isEqualTo(1);
            assertThat(spool.save(second).await(SOON).seq()).isEqualTo(2);
        }
    }

    @Test
    void aFileThatReplacedAnImageIsNotRemovedWithIt() throws IOException {
        var place = folder.resolve("captures/20261124/gate_a-1.jpg");
        try (var spool = Camspool.open(config().withNaming(Naming.PLAIN))) {
            var receipt = spool.save(capture(1).withAlert("a-1"));
            receipt.await(SOON);
            Files.writeString(place, "another program's");

            spool.remove(receipt.id(), Undelivered.DROP);
        }
        assertThat(place).hasContent("another program's");
    }

    @Test
    void withPlainNamesAnAlertAndItsCapturesAreRepeatedTogetherToo() {
        try (var spool = Camspool.open(config().withNaming(Naming.PLAIN))) {
            var alert = Alert.of("{\"n\":1}").withAlert("a-1");
            var captures = List.of(capture(1), Capture.of("yard", capture(2).content()).at(NOON));
            var first = spool.save(alert, captures).stream().map(r -> r.await(SOON)).toList();

            var again = spool.save(alert, captures).stream().map(r -> r.await(SOON)).toList();
            assertThat(again).isEqualTo(first);
            refused(
                    Reason.CONFLICT,
                    () -> spool.save(Alert.of("{\"n\":2}").withAlert("a-1"), captures));
            first.forEach(stored -> spool.remove(stored.id(), Undelivered.DROP));
            var afterwards = spool.save(alert, captures).stream().map(r -> r.await(SOON)).toList();

            assertThat(afterwards).isEqualTo(first);
            assertThat(spool.status().captures().accepted().items()).isEqualTo(2);
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
    }
}
