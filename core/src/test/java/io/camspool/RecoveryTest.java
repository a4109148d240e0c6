package io.camspool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.Balance.Amount;
import io.camspool.CamspoolException.Reason;
import io.camspool.Status.Health;
import io.camspool.internal.disk.FaultyDisk;
import io.camspool.internal.disk.FaultyDisk.Call;
import io.camspool.internal.disk.PassingDisk;
import io.camspool.internal.engine.Engine;
import io.camspool.internal.engine.Worlds;
import io.camspool.sink.ScriptedSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RecoveryTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir Path folder;
    private final FaultyDisk disk = new FaultyDisk();

    private CamspoolConfig config() {
        return CamspoolConfig.in(folder);
    }

    private Camspool openOnFaultyDisk() {
        return Engine.open(config(), Worlds.with(disk));
    }

    private static Capture capture(int seed) {
        return Capture.of("gate", Encoded.of(Pictures.jpeg(80, 60, seed)));
    }

    @Test
    void anImageCommittedAndNotYetRenamedIsPlacedByTheNextOpen() throws IOException {
        Receipt receipt;
        try (var spool = Camspool.open(config())) {
            receipt = spool.save(capture(1));
            receipt.await(SOON);
        }
        var place = receipt.path().orElseThrow();
        var image = Files.readAllBytes(place);
        Files.move(place, folder.resolve("captures/.incoming/" + receipt.id()));

        try (var reader = SpoolReader.open(folder)) {
            assertThat(reader.read(receipt.id()).readAllBytes()).isEqualTo(image);
        }
        try (var spool = Camspool.open(config())) {
            assertThat(spool.status().recovery()).isEqualTo(new Status.Recovery(1, 0));
            assertThat(place).hasBinaryContent(image);
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
    }

    @Test
    void anImageThatWasNeverCommittedIsRemovedAndCounted() throws IOException {
        Camspool.open(config()).close();
        var orphan = folder.resolve("captures/.incoming/0123456789abcdefghjk");
        Files.write(orphan, new byte[100]);

        try (var spool = Camspool.open(config())) {
            assertThat(spool.status().recovery()).isEqualTo(new Status.Recovery(0, 1));
            assertThat(orphan).doesNotExist();
        }
    }

    @Test
    void underANewLedgerNothingIsRemovedButQuarantined() throws IOException {
        Files.createDirectories(folder.resolve("captures/.incoming"));
        Files.write(folder.resolve("captures/.incoming/0123456789abcdefghjk"), new byte[100]);

        try (var _ = Camspool.open(config())) {
            assertThat(folder.resolve("quarantine/0123456789abcdefghjk")).hasSize(100);
        }
    }

    @Test
    void anOpenThatEndedBeforeItQuarantinedAllLeavesTheRestToTheNext() throws IOException {
        var orphan = folder.resolve("captures/.incoming/0123456789abcdefghjk");
        Files.createDirectories(orphan.getParent());
        Files.write(orphan, new byte[100]);
        disk.breakWith(FaultyDisk.failing(Call.RENAME, "Input/output error"));
        openOnFaultyDisk().close();
        assertThat(orphan).exists();
        disk.mend();

        try (var _ = openOnFaultyDisk()) {
            assertThat(folder.resolve("quarantine/0123456789abcdefghjk")).hasSize(100);
            assertThat(orphan).doesNotExist();
        }
        Files.write(orphan, new byte[100]);
        try (var spool = openOnFaultyDisk()) {
            assertThat(spool.status().recovery()).isEqualTo(new Status.Recovery(0, 1));
            assertThat(orphan).doesNotExist();
        }
    }

    @Test
    void anImageWhosePlaceIsTakenStaysReadableAndTheSpoolOpens() throws IOException {
        var time = Instant.parse("2026-11-24T12:00:00Z");
        var inTheWay = folder.resolve("captures/20261124");
        var config = config().withZone(ZoneOffset.UTC);
        Receipt receipt;
        try (var spool = Camspool.open(config)) {
            Files.writeString(inTheWay, "a file");
            receipt = spool.save(capture(6).at(time));
            receipt.await(SOON);
        }
        try (var spool = Camspool.open(config)) {
            assertThat(spool.status().health()).isEqualTo(Health.YELLOW);
            assertThat(spool.status().reasons().toString()).contains("20261124 is in the way");
            assertThat(spool.read(receipt.id()).readAllBytes()).isEqualTo(Pictures.jpeg(80, 60, 6));
            Files.delete(inTheWay);
        }
        try (var spool = Camspool.open(config)) {
            assertThat(spool.status().health()).isEqualTo(Health.GREEN);
            assertThat(receipt.path().orElseThrow()).exists();
        }
    }

    @Test
    void aFolderAmongTheIncomingFilesStopsNothing() throws IOException {
        Camspool.open(config()).close();
        Files.createDirectories(folder.resolve("captures/.incoming/some/thing"));

        try (var spool = Camspool.open(config())) {
            assertThat(spool.save(capture(1)).await(SOON).seq()).isEqualTo(1);
        }
    }

    @Test
    void aDateFolderThatSomebodyRemovedIsMadeAgain() throws IOException {
        try (var spool = Camspool.open(config())) {
            var first = spool.save(capture(1));
            first.await(SOON);
            var place = first.path().orElseThrow();
            Files.delete(place);
            Files.delete(place.getParent());

            var second = spool.save(capture(2));
            second.await(SOON);

            assertThat(second.path().orElseThrow()).exists();
            assertThat(spool.status().health()).isEqualTo(Health.GREEN);
        }
    }

    @Test
    void aRemovalThatTheDiskHeldUpIsFinishedWithoutARestart() throws IOException {
        try (var spool = openOnFaultyDisk()) {
            var receipt = spool.save(capture(7));
            receipt.await(SOON);
            disk.breakWith(FaultyDisk.failing(Call.DELETE, "Input/output error"));
            assertThatThrownBy(() -> spool.remove(receipt.id(), Undelivered.DROP))
                    .isInstanceOfSatisfying(
                            CamspoolException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.STORAGE))
                    .hasMessageContaining("Input/output error");
            assertThat(spool.find(receipt.id())).isEmpty();
            disk.mend();

            until(() -> !Files.exists(receipt.path().orElseThrow()));
        }
    }

    @Test
    void aStrangeNameAmongTheIncomingFilesStopsNothing() throws IOException {
        Camspool.open(config()).close();
        Files.write(folder.resolve("captures/.incoming/.DS_Store X"), new byte[3]);

        try (var spool = Camspool.open(config())) {
            assertThat(spool.save(capture(1)).await(SOON).seq()).isEqualTo(1);
        }
    }

    @Test
    void aRemovalThatWasDecidedIsFinishedByTheNextOpen() throws SQLException {
        Receipt receipt;
        try (var spool = Camspool.open(config())) {
            receipt = spool.save(capture(2));
            receipt.await(SOON);
        }
        try (var connection =
                        DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ledger.db"));
                var statement = connection.createStatement()) {
            statement.execute("UPDATE items SET state = 1");
            statement.execute(
                    "UPDATE balance SET removed_items = held_items, removed_bytes = held_bytes, held_items = 0,"
                            + " held_bytes = 0");
        }
        try (var spool = Camspool.open(config())) {
            assertThat(receipt.path().orElseThrow()).doesNotExist();
            assertThat(spool.status().captures().held()).isEqualTo(Amount.NONE);
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Call.class,
            names = {"CREATE", "WRITE", "FORCE", "CLOSE", "FORCE_FOLDER"})
    void aDiskThatFailsBeforeTheCommitLeavesNothingBehindAndSaysWhatToDo(Call broken)
            throws IOException {
        try (var spool = openOnFaultyDisk()) {
            disk.breakWith(FaultyDisk.failing(broken, "No space left on device"));
            var receipt = spool.save(capture(3));

            assertThatThrownBy(() -> receipt.await(SOON))
                    .isInstanceOfSatisfying(
                            CamspoolException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.STORAGE))
                    .hasMessageContaining("No space left on device")
                    .hasMessageContaining("nothing was stored");
            disk.mend();
            assertThat(spool.save(capture(4)).await(SOON).seq()).isEqualTo(1);
            assertThat(spool.status().captures().accepted().items()).isEqualTo(1);
            assertThat(spool.status().intake().orElseThrow().failed()).isEqualTo(1);
            assertThat(spool.status().intake().orElseThrow().pendingBytes()).isZero();
        }
        try (Stream<Path> left = Files.list(folder.resolve("captures/.incoming"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void whatIsAsideIsHealedOneByOneAndNeverAllInMemory() throws IOException {
        Camspool.open(config()).close();
        var files = 300;
        for (var i = 0; i < files; i++) {
            Files.write(folder.resolve("captures/.incoming/left-" + i), new byte[] {1});
        }
        var listed = new AtomicInteger();
        var waiting = new AtomicInteger();
        var most = new AtomicInteger();
        var watched =
                new PassingDisk() {
                    @Override
                    public void list(Path listedFolder, Entries entries) throws IOException {
                        super.list(
                                listedFolder,
                                entry -> {
                                    if (listedFolder.endsWith(".incoming")) {
                                        listed.incrementAndGet();
                                        waiting.incrementAndGet();
                                    }
                                    entries.take(entry);
                                });
                    }

                    @Override
                    public boolean delete(Path file) throws IOException {
                        if (file.startsWith(folder.resolve("captures/.incoming"))) {
                            most.accumulateAndGet(waiting.getAndDecrement(), Math::max);
                        }
                        return super.delete(file);
                    }
                };
        try (var spool = Engine.open(config(), Worlds.with(watched))) {
            assertThat(spool.status().recovery().discarded()).isEqualTo(files);
        }
        assertThat(listed).hasValue(files);
        assertThat(most).hasValue(1);
    }

    @Test
    void aRenameThatFailsLeavesTheItemHeldAndReadableAndHealthYellowUntilItPasses()
            throws IOException {
        try (var spool = openOnFaultyDisk()) {
            disk.breakWith(FaultyDisk.failing(Call.RENAME, "Input/output error"));
            var receipt = spool.save(capture(5));
            receipt.await(SOON);

            assertThat(receipt.path().orElseThrow()).doesNotExist();
            assertThat(spool.status().health()).isEqualTo(Health.YELLOW);
            assertThat(spool.status().reasons().toString()).contains("Input/output error");
            assertThat(spool.read(receipt.id()).readAllBytes()).isEqualTo(Pictures.jpeg(80, 60, 5));
            disk.mend();
            until(() -> spool.status().health() == Health.GREEN);
            assertThat(receipt.path().orElseThrow()).exists();
        }
    }

    @Test
    void aRemovalThatFailsKeepsNoOtherWaiting() throws IOException {
        try (var spool = openOnFaultyDisk()) {
            var first = spool.save(capture(1));
            var second = spool.save(capture(2));
            first.await(SOON);
            second.await(SOON);
            disk.breakWith(FaultyDisk.failing(Call.DELETE, "Input/output error"));
            for (var receipt : List.of(first, second)) {
                assertThatThrownBy(() -> spool.remove(receipt.id(), Undelivered.DROP))
                        .isInstanceOf(CamspoolException.class);
            }
            var stuck = first.path().orElseThrow();
            disk.breakWith(
                    (call, path) -> {
                        if (call == Call.DELETE && path.equals(stuck)) {
                            throw new IOException("Operation not permitted");
                        }
                    });

            until(() -> !Files.exists(second.path().orElseThrow()));

            until(() -> spool.status().reasons().toString().contains("Operation not permitted"));
            assertThat(stuck).exists();
        }
    }

    private static void until(BooleanSupplier condition) {
        var end = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void whileNoImageCanBeStoredHealthIsRedAndItEndsByItself() {
        try (var spool = openOnFaultyDisk()) {
            disk.breakWith(FaultyDisk.failing(Call.FORCE, "Input/output error"));
            var receipt = spool.save(capture(1));
            assertThatThrownBy(() -> receipt.await(SOON)).isInstanceOf(CamspoolException.class);

            assertThat(spool.status().health()).isEqualTo(Health.RED);
            assertThat(spool.status().reasons().toString()).contains("Input/output error");
            disk.mend();
            until(() -> spool.status().health() == Health.GREEN);
        }
    }

    @Test
    void anAlertThatCannotBeReadStopsNeitherItsSinkNorVerify() throws IOException {
        var text = "x".repeat(20_000);
        ItemId broken;
        try (var spool = Camspool.open(config())) {
            broken = spool.save(Alert.of("{\"a\":\"" + text + "\"}")).await(SOON).id();
            spool.save(Alert.of("{}")).await(SOON);
        }
        breakPagesOf(text);
        var sink = new ScriptedSink();
        try (var spool = Camspool.open(config().withSink("cloud", sink))) {
            until(() -> sink.delivered().size() == 1);
            until(() -> spool.status().health() == Health.YELLOW);

            assertThat(spool.verify(_ -> {}).problems())
                    .extracting(Verification.Problem::subject)
                    .contains(broken.value());
        }
    }

    /// Cuts the chain of pages that a long value stands in, behind the one that also holds its row.
    private void breakPagesOf(String text) throws IOException {
        var file = folder.resolve("ledger.db");
        var bytes = Files.readAllBytes(file);
        var pages = new String(bytes, StandardCharsets.ISO_8859_1);
        var run = text.substring(0, 3000);
        var first = pages.indexOf(run) / 4096;
        var second = pages.indexOf(run, (first + 1) * 4096) / 4096;
        Arrays.fill(bytes, second * 4096, second * 4096 + 4, (byte) 0xFF);
        Files.write(file, bytes);
    }
}
