package io.camspool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.CamspoolException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CamspoolTest {
    static final Duration SOON = Duration.ofSeconds(20);
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir Path folder;

    private CamspoolConfig config() {
        return CamspoolConfig.in(folder).withBox("box-1").withZone(ZoneOffset.UTC);
    }

    @Test
    void aJpegThatFitsIsKeptByteForByteAndFoundAgain() throws IOException {
        var image = Pictures.jpeg(640, 360, 1);
        try (var spool = Camspool.open(config())) {
            var receipt =
                    spool.save(
                            Capture.of("gate-1", Encoded.of(image)).withAlert("alert-42").at(NOON));
            var stored = receipt.await(SOON);

            assertThat(stored.seq()).isEqualTo(1);
            assertThat(stored.change()).isEmpty();
            assertThat(receipt.path())
                    .hasValue(
                            folder.resolve(
                                    "captures/20261123/gate-1_alert-42_" + receipt.id() + ".jpg"));
            assertThat(receipt.path().orElseThrow()).hasBinaryContent(image);
            var found = spool.find("gate-1", "alert-42").orElseThrow();
            assertThat(found.id()).isEqualTo(receipt.id());
            assertThat(found.sides()).hasValue(new StoredCapture.Sides(640, 360));
            assertThat(found.mediaType()).isEqualTo("image/jpeg");
            assertThat(found.sha256()).isEqualTo(stored.sha256());
            assertThat(found.inputSha256()).hasValue(stored.sha256());
            assertThat(spool.read(receipt.id()).readAllBytes()).isEqualTo(image);
            assertThat(spool.verify(_ -> {}).sound()).isTrue();
        }
    }

    @Test
    void anImageThatIsTooLargeIsMadeSmallerAndSaysSo() {
        try (var spool = Camspool.open(config())) {
            var receipt = spool.save(Capture.of("dock", Encoded.of(Pictures.jpeg(2560, 1440, 2))));

            assertThat(receipt.await(SOON).change()).hasValue("resized 2560x1440 -> 1920x1080");
            assertThat(spool.find(receipt.id()).orElseThrow())
                    .isInstanceOfSatisfying(
                            StoredCapture.class,
                            capture -> {
                                assertThat(capture.sides())
                                        .hasValue(new StoredCapture.Sides(1920, 1080));
                                assertThat(capture.inputSha256()).isNotEqualTo(capture.sha256());
                            });
        }
    }

    @Test
    void theCallersBufferMayBeReusedWhenSaveReturns() {
        var pixels = Pictures.bgr(320, 240, 3);
        try (var spool = Camspool.open(config())) {
            var first = spool.save(Capture.of("yard", Frame.of(pixels, 320, 240, PixelFormat.BGR)));
            var untouched =
                    spool.save(
                            Capture.of(
                                    "yard", Frame.of(pixels.clone(), 320, 240, PixelFormat.BGR)));
            java.util.Arrays.fill(pixels, (byte) 0);

            assertThat(first.await(SOON).sha256()).isEqualTo(untouched.await(SOON).sha256());
        }
    }

    @Test
    void anAlertIsKeptByteForByte() throws IOException {
        var json = "{ \"kind\" : \"人\", \"score\": 0.930, \"n\": 1e400 }";
        try (var spool = Camspool.open(config())) {
            var receipt =
                    spool.save(
                            Alert.of(json)
                                    .withAlert("a-1")
                                    .withCamera("gate-1")
                                    .withLabel("zone", "north"));
            receipt.await(SOON);

            assertThat(
                            new String(
                                    spool.read(receipt.id()).readAllBytes(),
                                    java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo(json);
            var alert = spool.alerts(Query.ALL).items().getFirst();
            assertThat(alert.labels()).containsEntry("zone", "north");
            assertThat(alert.camera()).hasValue("gate-1");
        }
    }

    @Test
    void anAlertAndItsCapturesAreStoredTogetherOrNotAtAll() {
        var good = Capture.of("gate", Encoded.of(Pictures.jpeg(64, 64, 5)));
        var undecodable = Pictures.jpeg(2600, 64, 6);
        java.util.Arrays.fill(undecodable, 300, 340, (byte) 0xFE);
        try (var spool = Camspool.open(config())) {
            var receipts =
                    spool.save(
                            Alert.of("{}").withAlert("a-7"), List.of(good, good.withPriority(9)));
            receipts.forEach(receipt -> receipt.await(SOON));

            assertThat(receipts).hasSize(3);
            assertThat(spool.captures(Query.ALL.ofAlert("a-7")).items()).hasSize(2);
            assertThat(receipts.stream().map(receipt -> receipt.await(SOON).seq()))
                    .containsExactly(1L, 2L, 3L);
        }
    }

    @Test
    void pagesGoNewestFirstThroughEverythingOnce() {
        try (var spool = Camspool.open(config())) {
            var receipts =
                    IntStream.range(0, 25)
                            .mapToObj(
                                    i ->
                                            spool.save(
                                                    Alert.of("{}")
                                                            .withCamera("c" + i % 2)
                                                            .at(NOON.plusSeconds(i / 5))))
                            .toList();
            receipts.forEach(receipt -> receipt.await(SOON));

            var query = Query.ALL.limitedTo(4);
            var seen = new java.util.ArrayList<Long>();
            while (true) {
                var page = spool.alerts(query);
                page.items().forEach(alert -> seen.add(alert.seq()));
                if (page.next().isEmpty()) {
                    break;
                }
                query = query.after(page.next().get());
            }
            assertThat(seen)
                    .hasSize(25)
                    .doesNotHaveDuplicates()
                    .isSortedAccordingTo(java.util.Comparator.reverseOrder());
            assertThat(spool.alerts(Query.ALL.ofCamera("c1")).items()).hasSize(12);
            assertThat(spool.alerts(Query.ALL.between(NOON, NOON.plusSeconds(1))).items())
                    .hasSize(5);
        }
    }

    @Test
    void removeNeverTakesSomethingUndeliveredUnlessToldSo() {
        try (var spool = Camspool.open(config())) {
            var receipt = spool.save(Capture.of("gate", Encoded.of(Pictures.jpeg(64, 64, 8))));
            receipt.await(SOON);

            assertThat(spool.remove(receipt.id(), Undelivered.KEEP))
                    .isEqualTo(Removal.KEPT_UNDELIVERED);
            assertThat(receipt.path().orElseThrow()).exists();
            assertThat(spool.remove(receipt.id(), Undelivered.DROP)).isEqualTo(Removal.DROPPED);
            assertThat(receipt.path().orElseThrow()).doesNotExist();
            assertThat(spool.remove(receipt.id(), Undelivered.DROP)).isEqualTo(Removal.NOT_FOUND);
            var balance = spool.status().captures();
            assertThat(balance.dropped().items()).isEqualTo(1);
            assertThat(balance.held().items()).isZero();
            assertThat(balance.holds()).isTrue();
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
    }

    @Test
    void aSecondOwnerIsRefusedWithTheHoldersPid() {
        try (var _ = Camspool.open(config())) {
            assertThatThrownBy(() -> Camspool.open(config()))
                    .isInstanceOfSatisfying(
                            CamspoolException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.LOCKED))
                    .hasMessageContaining(String.valueOf(ProcessHandle.current().pid()));
        }
        Camspool.open(config()).close();
    }

    @Test
    void aReaderWorksBesideTheOwner() {
        try (var spool = Camspool.open(config())) {
            spool.save(Alert.of("{\"n\":1}")).await(SOON);
            try (var reader = SpoolReader.open(folder)) {
                assertThat(reader.alerts(Query.ALL).items()).hasSize(1);
                assertThat(reader.status().alerts().accepted().items()).isEqualTo(1);
                assertThat(reader.verify(_ -> {}).sound()).isTrue();
            }
        }
    }

    @Test
    void countersSurviveAReopen() {
        try (var spool = Camspool.open(config())) {
            spool.save(Alert.of("{}")).await(SOON);
        }
        try (var spool = Camspool.open(config())) {
            assertThat(spool.save(Alert.of("{}")).await(SOON).seq()).isEqualTo(2);
            assertThat(spool.status().alerts().accepted().items()).isEqualTo(2);
        }
    }

    @Test
    void aFileDamagedOrForeignIsSeenByVerify() throws IOException {
        try (var spool = Camspool.open(config())) {
            var damaged = spool.save(Capture.of("a", Encoded.of(Pictures.jpeg(64, 64, 1))));
            var missing = spool.save(Capture.of("b", Encoded.of(Pictures.jpeg(64, 64, 2))));
            damaged.await(SOON);
            missing.await(SOON);
            Files.write(damaged.path().orElseThrow(), new byte[] {1, 2, 3});
            Files.delete(missing.path().orElseThrow());
            Files.write(damaged.path().orElseThrow().resolveSibling("other.jpg"), new byte[] {4});

            Files.write(folder.resolve("captures/stray.jpg"), new byte[] {5});

            assertThat(spool.verify(_ -> {}).problems())
                    .extracting(Verification.Problem::kind)
                    .containsExactlyInAnyOrder(
                            Verification.Kind.DAMAGED,
                            Verification.Kind.MISSING,
                            Verification.Kind.FOREIGN,
                            Verification.Kind.FOREIGN);
        }
    }

    @Test
    void aLedgerOfANewerVersionIsRefusedWithBothNumbers() throws Exception {
        Camspool.open(config()).close();
        try (var connection =
                        java.sql.DriverManager.getConnection(
                                "jdbc:sqlite:" + folder.resolve("ledger.db"));
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = 7");
        }
        assertThatThrownBy(() -> Camspool.open(config()))
                .hasMessageContaining("version 7")
                .hasMessageContaining("version 1");
    }
}
