package io.camspool;

import static io.camspool.CamspoolTest.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.Balance.Amount;
import io.camspool.CamspoolException.Reason;
import io.camspool.internal.disk.FaultyDisk;
import io.camspool.internal.disk.FaultyDisk.Call;
import io.camspool.internal.engine.Engine;
import io.camspool.internal.engine.Worlds;
import io.camspool.sink.Batching;
import io.camspool.sink.NamedSink;
import io.camspool.sink.Outcome;
import io.camspool.sink.ScriptedSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Removal by age, and of everything undelivered, on a running spool whose clock the test sets.
final class CleanupTest {
    private static final Instant START = Instant.parse("2026-11-01T12:00:00Z");
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir Path folder;
    private final FaultyDisk disk = new FaultyDisk();
    private final ScriptedSink cloud = new ScriptedSink();
    private volatile Instant now = START;

    private CamspoolConfig config() {
        return CamspoolConfig.in(folder)
                .withBox("box-1")
                .withZone(ZoneOffset.UTC)
                .withDurability(Durability.OS);
    }

    private Camspool open(CamspoolConfig config) {
        return Engine.open(config, Worlds.with(disk, () -> now));
    }

    private Receipt saveCapture(Camspool spool, int seed) {
        var receipt =
                spool.save(Capture.of("gate", Encoded.of(Pictures.jpeg(64, 48, seed))).at(now));
        receipt.await(SOON);
        return receipt;
    }

    private Receipt saveAlert(Camspool spool, int number) {
        var receipt = spool.save(Alert.of("{\"n\":" + number + "}").at(now));
        receipt.await(SOON);
        return receipt;
    }

    private static void assertSound(Camspool spool) {
        assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        assertThat(spool.status().captures().holds()).isTrue();
        assertThat(spool.status().alerts().holds()).isTrue();
    }

    private static long items(Amounts amounts) {
        return amounts.total().items();
    }

    private long drops(String reason) throws SQLException {
        try (var connection =
                        DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ledger.db"));
                var select =
                        connection.prepareStatement(
                                "SELECT count(*) FROM drops WHERE reason = ?")) {
            select.setString(1, reason);
            try (var rows = select.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    @Test
    void theLogOfDropsIsBoundedAndTheBalanceCountsThemAll() throws SQLException {
        var most = 100_000;
        open(config()).close();
        try (var connection =
                        DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ledger.db"));
                var statement = connection.createStatement()) {
            statement.execute(
                    """
                    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
                    INSERT INTO drops (seq, id, kind, time, bytes, reason, at)
                    SELECT i, 'gone' || i, 1, 0, 0, 'long ago', 0 FROM n
                    """
                            .formatted(most));
            statement.execute(
                    "UPDATE balance SET accepted_items = %1$d, dropped_items = %1$d WHERE kind = 1"
                            .formatted(most));
        }
        try (var spool = open(config())) {
            saveAlert(spool, 1);
            saveAlert(spool, 2);
            assertThat(items(spool.clear(2).dropped())).isEqualTo(2);

            assertSound(spool);
            assertThat(spool.status().alerts().dropped().items()).isEqualTo(most + 2);
        }
        assertThat(drops("cleared by the owner")).isEqualTo(2);
        assertThat(drops("long ago")).isEqualTo(most - 2);
    }

    @Test
    void whatIsOldAndDeliveredGoesWithItsFolderAndWhatIsYoungStays() {
        try (var spool = open(config().withSink("cloud", cloud))) {
            var old = saveCapture(spool, 1);
            var oldAlert = saveAlert(spool, 1);
            now = START.plus(DAY);
            var young = saveCapture(spool, 2);
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            now = START.plus(WEEK).plusSeconds(1);

            var cleaned = spool.cleanup(Cleanup.olderThan(WEEK));

            var bytes = Pictures.jpeg(64, 48, 1).length;
            assertThat(cleaned.removed())
                    .isEqualTo(new Amounts(new Amount(1, bytes), new Amount(1, 7)));
            assertThat(cleaned.dropped()).isEqualTo(Amounts.NONE);
            assertThat(cleaned.keptUndelivered()).isEqualTo(Amounts.NONE);
            assertThat(old.path().orElseThrow().getParent()).doesNotExist();
            assertThat(spool.find(old.id())).isEmpty();
            assertThat(spool.find(oldAlert.id())).isEmpty();
            assertThat(young.path().orElseThrow()).exists();
            assertThat(spool.status().captures().removed().items()).isEqualTo(1);
            assertSound(spool);
        }
    }

    @Test
    void whatIsUndeliveredStaysAndIsCountedUntilTheOwnerDropsItByName() throws SQLException {
        cloud.goAway();
        try (var spool = open(config().withSink("cloud", cloud))) {
            var capture = saveCapture(spool, 1);
            saveAlert(spool, 1);
            now = START.plus(WEEK).plusSeconds(1);

            var kept = spool.cleanup(Cleanup.olderThan(WEEK));
            assertThat(items(kept.keptUndelivered())).isEqualTo(2);
            assertThat(items(kept.removed())).isZero();
            assertThat(capture.path().orElseThrow()).exists();

            var rest = Cleanup.olderThan(WEEK).withUndelivered(Undelivered.DROP);
            var dropped = Amounts.NONE;
            while (items(dropped) < 2) { // the pump may be trying one right now
                var cleaned = spool.cleanup(rest);
                dropped =
                        new Amounts(
                                dropped.captures().plus(cleaned.dropped().captures()),
                                dropped.alerts().plus(cleaned.dropped().alerts()));
            }
            assertThat(dropped).isEqualTo(kept.keptUndelivered());
            assertThat(capture.path().orElseThrow()).doesNotExist();
            assertThat(spool.status().sinks().getFirst().backlog().items())
                    .as("the events that tell of it")
                    .isEqualTo(spool.alerts(Query.ALL.includingEvents()).items().size());
            assertThat(spool.status().captures().dropped().items()).isEqualTo(1);
            assertSound(spool);
        }
        assertThat(drops("cleaned up by the owner")).isEqualTo(2);
    }

    @Test
    void aDryRunCountsTheSameAndChangesNothing() {
        var order = Cleanup.olderThan(WEEK);
        var dropping = order.withUndelivered(Undelivered.DROP);
        try (var spool = open(config().withSink("cloud", cloud))) {
            saveCapture(spool, 1);
            assertThat(spool.awaitDelivered(SOON)).isTrue();
        }
        try (var spool = open(config().withSinksAsBefore())) {
            saveAlert(spool, 1);
            now = START.plus(WEEK).plusSeconds(1);

            var dry = spool.cleanup(order.asDryRun());
            assertThat(items(dry.removed())).isEqualTo(1);
            assertThat(items(dry.keptUndelivered())).isEqualTo(1);
            var dryDropping = spool.cleanup(dropping.asDryRun());
            assertThat(items(dryDropping.dropped())).isEqualTo(1);
            assertThat(spool.status().captures().held().items()).isEqualTo(1);
            assertThat(spool.status().alerts().held().items()).isEqualTo(1);

            assertThat(spool.cleanup(dropping)).isEqualTo(dryDropping);
            assertSound(spool);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDryRunPassesOverWhatIsSealedAsTheRunDoes(boolean isRequired) throws InterruptedException {
        var lake = new ScriptedSink(Batching.of(10, 1_000_000).asSealed());
        var delivered = new CountDownLatch(1);
        var sealed = new CountDownLatch(1);
        cloud.answerEach(
                delivery -> {
                    delivered.countDown();
                    return ScriptedSink.taken(delivery);
                });
        lake.answerEach(
                _ -> {
                    sealed.countDown();
                    return new Outcome.NetworkFault("no route to host");
                });
        var sinks =
                config().withSink("cloud", cloud).withSink(new NamedSink("lake", isRequired, lake));
        try (var spool = open(sinks)) {
            saveAlert(spool, 1);
            delivered.await();
            sealed.await();
        }
        try (var spool = open(config().withSinksAsBefore())) {
            now = START.plus(WEEK).plusSeconds(1);
            var order = Cleanup.olderThan(WEEK).withUndelivered(Undelivered.DROP);

            var dry = spool.cleanup(order.asDryRun());

            assertThat(dry.keptLeased().items()).isEqualTo(1);
            assertThat(items(dry.removed()) + items(dry.dropped())).isZero();
            assertThat(spool.cleanup(order)).isEqualTo(dry);
            var keeping = Cleanup.olderThan(WEEK);
            assertThat(spool.cleanup(keeping)).isEqualTo(spool.cleanup(keeping.asDryRun()));
        }
    }

    @Test
    void whereNothingWillEverBeDeliveredWhatIsOldIsRemovedAndNotDropped() {
        try (var spool = open(config())) {
            saveAlert(spool, 1);
            now = START.plus(WEEK).plusSeconds(1);
            var cleaned = spool.cleanup(Cleanup.olderThan(WEEK));
            assertThat(items(cleaned.keptUndelivered())).isEqualTo(1);
        }
        try (var spool = open(config().withLocalOnly())) {
            assertThat(spool.undelivered()).isEqualTo(Amounts.NONE);

            var cleaned = spool.cleanup(Cleanup.olderThan(WEEK));

            assertThat(items(cleaned.removed())).isEqualTo(1);
            assertThat(items(cleaned.dropped())).isZero();
            assertThat(spool.status().alerts().removed().items()).isEqualTo(1);
            assertSound(spool);
        }
        assertThatThrownBy(() -> config().withLocalOnly().withSink("cloud", cloud))
                .hasMessageContaining("local-only");
    }

    @Test
    void anItemAcceptedBeforeTheClockWasSetIsNotWipedByTheJump() {
        now = Instant.parse("1970-01-01T00:03:00Z");
        try (var spool = open(config().withLocalOnly())) {
            var early = saveAlert(spool, 1);
            now = START;
            assertThat(items(spool.cleanup(Cleanup.olderThan(WEEK)).removed())).isZero();
            saveAlert(spool, 2);
            assertThat(items(spool.cleanup(Cleanup.olderThan(WEEK)).removed())).isZero();
            assertThat(spool.find(early.id())).isPresent();
            now = START.plus(WEEK).plusSeconds(1);

            assertThat(items(spool.cleanup(Cleanup.olderThan(WEEK)).removed())).isEqualTo(2);
        }
    }

    @Test
    void kindAndCameraNarrowWhatGoes() {
        try (var spool = open(config().withLocalOnly())) {
            saveCapture(spool, 1);
            saveAlert(spool, 1);
            spool.save(Alert.of("{}").withCamera("yard").at(now)).await(SOON);
            now = START.plus(WEEK).plusSeconds(1);
            var order = Cleanup.olderThan(WEEK);

            assertThat(items(spool.cleanup(order.ofCamera("yard")).removed())).isEqualTo(1);
            assertThat(items(spool.cleanup(order.ofKind(ItemKind.ALERT)).removed())).isEqualTo(1);
            assertThat(spool.status().captures().held().items()).isEqualTo(1);
        }
    }

    @Test
    void whatIsBeingSentIsPassedOver() throws InterruptedException {
        var sending = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var extra = new ScriptedSink();
        extra.answer(
                batch -> {
                    sending.countDown();
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return batch.deliveries().stream().map(ScriptedSink::taken).toList();
                });
        try (var spool = open(config().withSink(new NamedSink("extra", false, extra)))) {
            var leased = saveAlert(spool, 1);
            sending.await();
            saveAlert(spool, 2);
            now = START.plus(WEEK).plusSeconds(1);

            var cleaned = spool.cleanup(Cleanup.olderThan(WEEK).withUndelivered(Undelivered.DROP));

            assertThat(cleaned.keptLeased()).isEqualTo(new Amount(1, 7));
            assertThat(items(cleaned.dropped())).isEqualTo(1);
            assertThat(spool.find(leased.id())).isPresent();
            goOn.countDown();
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertSound(spool);
        }
    }

    @Test
    void moreThanOneStepTakesGoesAll() {
        try (var spool = open(config().withLocalOnly())) {
            var receipts = new ArrayList<Receipt>();
            for (var i = 0; i < 1_201; i++) {
                receipts.add(spool.save(Alert.of("{\"n\":" + i + "}").at(now)));
            }
            receipts.forEach(receipt -> receipt.await(SOON));
            now = START.plus(WEEK).plusSeconds(1);

            assertThat(items(spool.cleanup(Cleanup.olderThan(WEEK)).removed())).isEqualTo(1_201);
            assertThat(spool.status().alerts().held()).isEqualTo(Amount.NONE);
            assertSound(spool);
        }
    }

    @Test
    void anImageThatWithstandsIsCountedAndGoesWithTheNextOpen() throws IOException {
        Path stuck;
        try (var spool = open(config().withLocalOnly())) {
            stuck = saveCapture(spool, 1).path().orElseThrow();
            var other = saveCapture(spool, 2).path().orElseThrow();
            now = START.plus(WEEK).plusSeconds(1);
            disk.breakWith(
                    (call, path) -> {
                        if (call == Call.DELETE && path.equals(stuck)) {
                            throw new IOException("Input/output error");
                        }
                    });

            var cleaned = spool.cleanup(Cleanup.olderThan(WEEK));

            assertThat(items(cleaned.removed())).isEqualTo(2);
            assertThat(cleaned.imagesLeft()).isEqualTo(1);
            assertThat(stuck).exists();
            assertThat(other).doesNotExist();
            assertThat(spool.status().captures().held()).isEqualTo(Amount.NONE);
        }
        disk.mend();
        try (var spool = open(config())) {
            assertThat(stuck).doesNotExist();
            assertSound(spool);
        }
    }

    @Test
    void anInterruptedCleanupSaysSoAndTheRestIsHeld() {
        try (var spool = open(config().withLocalOnly())) {
            saveAlert(spool, 1);
            now = START.plus(WEEK).plusSeconds(1);
            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> spool.cleanup(Cleanup.olderThan(WEEK)))
                    .isInstanceOfSatisfying(
                            CamspoolException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.TIMEOUT));

            assertThat(Thread.interrupted()).isTrue();
            assertThat(spool.status().alerts().held().items()).isEqualTo(1);
            assertSound(spool);
        }
    }

    @Test
    void aProducerGoesOnWhileItsImagesAndTheirFoldersGo() throws Exception {
        var saving = new AtomicBoolean(true);
        var days = 3;
        try (var spool = open(config().withLocalOnly())) {
            var saved = new ArrayList<Receipt>();
            var producer =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        for (var n = 0; saving.get(); n++) {
                                            var time = START.minus(DAY.multipliedBy(n % days));
                                            saved.add(
                                                    spool.save(
                                                            Capture.of(
                                                                            "gate",
                                                                            Encoded.of(
                                                                                    Pictures.jpeg(
                                                                                            64, 48,
                                                                                            n)))
                                                                    .at(time)));
                                        }
                                    });
            var removed = 0L;
            while (removed < 200) {
                now = now.plusMillis(1);
                removed += items(spool.cleanup(Cleanup.olderThan(Duration.ZERO)).removed());
            }
            saving.set(false);
            producer.join();

            saved.forEach(receipt -> receipt.await(SOON));
            assertThat(spool.status().health()).isEqualTo(Status.Health.GREEN);
            assertThat(spool.status().captures().accepted().items()).isEqualTo(saved.size());
            assertSound(spool);
        }
        try (var incoming = Files.list(folder.resolve("captures/.incoming"))) {
            assertThat(incoming).isEmpty();
        }
    }

    @Test
    void clearDropsExactlyWhatWasSeen() throws SQLException {
        try (var spool = open(config().withSink("cloud", cloud))) {
            saveAlert(spool, 1);
            assertThat(spool.awaitDelivered(SOON)).isTrue();
        }
        try (var spool = open(config().withSinksAsBefore())) {
            var capture = saveCapture(spool, 1);
            saveAlert(spool, 2);
            var loss = spool.undelivered();
            assertThat(items(loss)).isEqualTo(2);
            try (var reader = SpoolReader.open(folder)) {
                assertThat(reader.undelivered()).isEqualTo(loss);
            }
            saveAlert(spool, 3);

            assertThatThrownBy(() -> spool.clear(2))
                    .isInstanceOfSatisfying(
                            CamspoolException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.INVALID))
                    .hasMessageContaining("2 is not allowed; allowed: 3");
            assertThat(items(spool.undelivered())).isEqualTo(3);

            var cleaned = spool.clear(3);

            assertThat(items(cleaned.dropped())).isEqualTo(3);
            assertThat(items(cleaned.removed())).isZero();
            assertThat(capture.path().orElseThrow()).doesNotExist();
            assertThat(items(spool.undelivered())).as("the event that tells of it").isEqualTo(1);
            assertThat(items(spool.clear(1).dropped())).isEqualTo(1);
            assertThat(spool.status().alerts().held().items()).isEqualTo(1);
            assertThat(spool.undelivered()).isEqualTo(Amounts.NONE);
            assertThat(spool.clear(0).dropped()).isEqualTo(Amounts.NONE);
            assertSound(spool);
        }
        assertThat(drops("cleared by the owner")).isEqualTo(4);
    }

    @Test
    void agesThatMakeNoSenseAreRefused() {
        for (var age : List.of(Duration.ofSeconds(-1), Duration.ofDays(40_000))) {
            assertThatThrownBy(() -> Cleanup.olderThan(age)).hasMessageContaining("0 to 100 years");
        }
    }

    @Test
    void anIdWhoseItemWentBeforeTheClockWasSetIsKnownForTheWindowAfterIt() {
        now = Instant.parse("1970-01-01T00:10:00Z");
        try (var spool = open(config())) {
            var first = saveAndDrop(spool, "a");
            now = START;
            saveAndDrop(spool, "b");

            assertThat(spool.save(Alert.of("{}").withId("a")).await(SOON)).isEqualTo(first);

            now = START.plus(Duration.ofDays(31));
            saveAndDrop(spool, "c");
            assertThat(spool.save(Alert.of("{}").withId("a")).await(SOON).seq())
                    .isGreaterThan(first.seq());
        }
    }

    private Stored saveAndDrop(Camspool spool, String id) {
        var receipt = spool.save(Alert.of("{}").withId(id));
        var stored = receipt.await(SOON);
        assertThat(spool.remove(receipt.id(), Undelivered.DROP)).isEqualTo(Removal.DROPPED);
        return stored;
    }
}
