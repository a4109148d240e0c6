package io.camspool.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.Balance.Amount;
import io.camspool.Durability;
import io.camspool.ItemId;
import io.camspool.ItemKind;
import io.camspool.Pictures;
import io.camspool.SinkStatus;
import io.camspool.SpoolEvent;
import io.camspool.internal.archive.Archive;
import io.camspool.internal.archive.CapturePath;
import io.camspool.internal.disk.Disk;
import io.camspool.internal.ledger.Ledger;
import io.camspool.internal.ledger.Ledgers;
import io.camspool.internal.ledger.NewItem;
import io.camspool.internal.report.Report;
import io.camspool.sink.Batching;
import io.camspool.sink.Delivery;
import io.camspool.sink.NamedSink;
import io.camspool.sink.Outcome;
import io.camspool.sink.ScriptedSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The pump, step by step, on a real ledger and archive with a clock that stands still.
final class PumpTest {
    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(5);

    @TempDir Path data;
    private final List<Ledger> opened = new ArrayList<>();
    private final Report report = new Report(this::nanos);
    private Instant now = Instant.parse("2026-11-23T12:00:00Z");
    private Archive archive = new Archive(Disk.real(), Path.of(""), Durability.OS);

    @BeforeEach
    void makeArchive() throws IOException {
        archive = new Archive(Disk.real(), captures(), Durability.OS);
        archive.prepare();
    }

    @AfterEach
    void closeLedgers() throws InterruptedException {
        for (var ledger : opened) {
            ledger.stop(Duration.ofSeconds(5));
            ledger.close();
        }
    }

    private Path captures() {
        return data.resolve("captures");
    }

    private Ledger ledgerOf(ScriptedSink sink) {
        var ledger = Ledgers.open(data, List.of(new NamedSink("cloud", true, sink)));
        opened.add(ledger);
        return ledger;
    }

    private Pump pumpOf(Ledger ledger, ScriptedSink sink) {
        return new Pump(
                ledger.sinks().getFirst(),
                sink,
                ledger,
                archive,
                new Pump.World(
                        () -> now,
                        this::nanos,
                        new SplittableRandom(7),
                        Runnable::run,
                        _ -> {},
                        report.sink("cloud")),
                Pump.Options.DEFAULT);
    }

    private long nanos() {
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }

    private ItemId saveAlert(Ledger ledger, String id, int priority) {
        var json = ("{\"id\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8);
        var itemId = new ItemId(id);
        var path = CapturePath.ofAlert(now, ZoneOffset.UTC, itemId);
        ledger.append(List.of(item(itemId, ItemKind.ALERT, priority, path, json))).join();
        return itemId;
    }

    private ItemId saveCapture(Ledger ledger, String id, byte[] image) throws IOException {
        var itemId = new ItemId(id);
        var path = pathOf(itemId);
        archive.write(itemId, ByteBuffer.wrap(image));
        archive.forceIncoming();
        ledger.append(List.of(item(itemId, ItemKind.CAPTURE, 5, path, image))).join();
        archive.place(itemId, path);
        return itemId;
    }

    private String pathOf(ItemId id) {
        return CapturePath.of("gate-1", Optional.empty(), now, ZoneOffset.UTC, id, ".jpg");
    }

    private NewItem item(ItemId id, ItemKind kind, int priority, String path, byte[] content) {
        return PumpRun.item(id, kind, priority, path, content, now);
    }

    /// One step; afterwards it is as late as the pump wants to wait.
    private Duration step(Pump pump) {
        var wait = pump.runOnce();
        now = now.plus(wait);
        return wait;
    }

    private static SinkStatus status(Ledger ledger) {
        return ledger.reads().sinks().getFirst();
    }

    private static Outcome refused(Delivery delivery) {
        return new Outcome.ItemRefused("too old", "422 for " + delivery.key());
    }

    private static List<String> idsOf(List<ScriptedSink.Sent> sent) {
        return sent.stream().map(one -> one.id().value()).toList();
    }

    @Test
    void whatIsDeliveredIsNoLongerOwed() throws IOException {
        var sink = new ScriptedSink();
        var ledger = ledgerOf(sink);
        var pump = pumpOf(ledger, sink);
        var image = Pictures.jpeg(64, 48, 1);
        saveCapture(ledger, "c1", image);
        saveAlert(ledger, "a1", 5);

        assertThat(pump.runOnce()).isZero();
        assertThat(pump.runOnce()).isZero();
        assertThat(pump.runOnce()).isPositive();

        assertThat(sink.batches()).as("one a kind").hasSize(2);
        assertThat(sink.delivered())
                .extracting(ScriptedSink.Sent::key)
                .containsExactly(
                        "box-1~abcdef/alerts/20261123/a1.json",
                        "box-1~abcdef/" + pathOf(new ItemId("c1")));
        assertThat(sink.delivered().getLast().content()).isEqualTo(image);
        assertThat(status(ledger).backlog()).isEqualTo(Amount.NONE);
        assertThat(status(ledger).delivered().items()).isEqualTo(2);
        assertThat(pump.trouble()).isEmpty();
        assertThat(ledger.reads().imbalances()).isEmpty();
    }

    @Test
    void anItemRefusedTooOftenIsRejectedAndKept() {
        var sink = new ScriptedSink();
        sink.answerEach(PumpTest::refused);
        var ledger = ledgerOf(sink);
        var pump = pumpOf(ledger, sink);
        var id = saveAlert(ledger, "a1", 5);

        var waited = Duration.ofSeconds(10);
        for (var refusal = 1; refusal < NamedSink.MAX_REFUSALS; refusal++) {
            pump.runOnce();
            assertThat(sink.sent()).hasSize(refusal);
            assertThat(status(ledger).backlog().items()).isEqualTo(1);
            now = now.plus(waited).minusMillis(1);
            pump.runOnce();
            assertThat(sink.sent()).as("not before it is due").hasSize(refusal);
            now = now.plusMillis(1);
            waited = waited.multipliedBy(2);
        }
        pump.runOnce();

        assertThat(sink.sent()).hasSize(NamedSink.MAX_REFUSALS);
        assertThat(status(ledger).rejected().items()).isEqualTo(1);
        assertThat(status(ledger).backlog()).isEqualTo(Amount.NONE);
        assertThat(ledger.reads().find(id)).isPresent();
        assertThat(ledger.reads().balance(ItemKind.ALERT).held().items()).isEqualTo(1);
        now = now.plus(Duration.ofDays(30));
        pump.runOnce();
        assertThat(sink.sent()).as("never again").hasSize(NamedSink.MAX_REFUSALS);
        assertThat(ledger.reads().imbalances()).isEmpty();
    }

    @Test
    void aRefusedItemHoldsUpNoOther() {
        var sink = new ScriptedSink();
        sink.answerEach(
                delivery ->
                        delivery.item().id().value().equals("a2")
                                ? refused(delivery)
                                : ScriptedSink.taken(delivery));
        var ledger = ledgerOf(sink);
        var pump = pumpOf(ledger, sink);
        saveAlert(ledger, "a1", 5);
        saveAlert(ledger, "a2", 9);
        saveAlert(ledger, "a3", 5);

        assertThat(pump.runOnce()).isZero();
        assertThat(idsOf(sink.delivered())).containsExactly("a1", "a3");
        saveAlert(ledger, "a4", 5);
        pump.runOnce();
        assertThat(idsOf(sink.delivered())).containsExactly("a1", "a3", "a4");

        sink.comeBack();
        now = now.plus(Duration.ofSeconds(10));
        pump.runOnce();
        assertThat(idsOf(sink.delivered())).containsExactly("a1", "a3", "a4", "a2");
        assertThat(status(ledger).rejected()).isEqualTo(Amount.NONE);
    }

    @Test
    void timeWithoutANetworkNeverCountsAgainstAnItem() {
        var sink = new ScriptedSink();
        sink.goAway();
        var ledger = ledgerOf(sink);
        var pump = pumpOf(ledger, sink);
        saveAlert(ledger, "a1", 5);

        for (var i = 0; i < 50; i++) {
            var wait = step(pump);
            assertThat(wait).isPositive().isLessThanOrEqualTo(LONGEST_BACKOFF);
            assertThat(pump.trouble()).hasValue("no route to host");
        }
        assertThat(status(ledger).backlog().items()).isEqualTo(1);
        assertThat(status(ledger).rejected()).isEqualTo(Amount.NONE);
        sink.comeBack();
        assertThat(step(pump)).isZero();
        assertThat(pump.trouble()).isEmpty();
        assertThat(status(ledger).delivered().items()).isEqualTo(1);
        assertThat(sink.sent())
                .hasSize(51)
                .allSatisfy(
                        sent -> {
                            assertThat(sent.key()).isEqualTo(sink.sent().getFirst().key());
                            assertThat(sent.content()).isEqualTo(sink.sent().getFirst().content());
                        });
    }

    @Test
    void theWaitAfterAFaultGrowsAndStartsAnewAfterSuccess() {
        var sink = new ScriptedSink();
        sink.goAway();
        var ledger = ledgerOf(sink);
        var pump = pumpOf(ledger, sink);
        saveAlert(ledger, "a1", 5);

        assertThat(step(pump)).isLessThanOrEqualTo(Duration.ofMillis(250));
        var longest = Duration.ZERO;
        for (var i = 0; i < 30; i++) {
            var wait = step(pump);
            longest = wait.compareTo(longest) > 0 ? wait : longest;
        }
        assertThat(longest).isGreaterThan(Duration.ofSeconds(3));
        sink.comeBack();
        step(pump);
        saveAlert(ledger, "a2", 5);
        sink.goAway();
        assertThat(step(pump)).isLessThanOrEqualTo(Duration.ofMillis(250));
    }

    @Test
    void aSinkThatAsksForTimeGetsIt() {
        var sink = new ScriptedSink();
        sink.answerEach(_ -> new Outcome.SinkFault("429", Optional.of(Duration.ofMinutes(2))));
        var ledger = ledgerOf(sink);
        saveAlert(ledger, "a1", 5);

        assertThat(pumpOf(ledger, sink).runOnce()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void whatWasAnsweredBesideAFaultIsBooked() {
        var sink = new ScriptedSink();
        sink.answerEach(
                delivery ->
                        delivery.item().id().value().equals("a1")
                                ? ScriptedSink.taken(delivery)
                                : new Outcome.NetworkFault("reset"));
        var ledger = ledgerOf(sink);
        var pump = pumpOf(ledger, sink);
        saveAlert(ledger, "a1", 5);
        saveAlert(ledger, "a2", 5);

        assertThat(step(pump)).isPositive();
        assertThat(status(ledger).delivered().items()).isEqualTo(1);
        sink.comeBack();
        step(pump);
        assertThat(idsOf(sink.batches().getLast())).containsExactly("a2");
        assertThat(status(ledger).delivered().items()).isEqualTo(2);
    }

    @Test
    void aSinkThatThrowsIsAtFaultAndNoItemIs() {
        var sink = new ScriptedSink();
        sink.answer(
                _ -> {
                    throw new IllegalStateException("bug in the sink");
                });
        var ledger = ledgerOf(sink);
        var pump = pumpOf(ledger, sink);
        saveAlert(ledger, "a1", 5);

        for (var i = 0; i < 2 * NamedSink.MAX_REFUSALS; i++) {
            assertThat(step(pump)).isPositive();
        }
        assertThat(pump.trouble().orElseThrow()).contains("bug in the sink");
        assertThat(status(ledger).backlog().items()).isEqualTo(1);
        sink.comeBack();
        step(pump);
        assertThat(status(ledger).delivered().items()).isEqualTo(1);
    }

    @Test
    void aSinkThatAnswersTooFewOrTooManyIsBelievedNothing() {
        var sink = new ScriptedSink();
        var ledger = ledgerOf(sink);
        var pump = pumpOf(ledger, sink);
        saveAlert(ledger, "a1", 5);
        saveAlert(ledger, "a2", 5);

        sink.answer(_ -> List.of(new Outcome.Delivered("one")));
        assertThat(step(pump)).isPositive();
        assertThat(pump.trouble()).hasValue("the sink answered for 1 of 2 deliveries");
        var taken = (Outcome) new Outcome.Delivered("three");
        sink.answer(_ -> List.of(taken, taken, taken));
        assertThat(step(pump)).isPositive();
        assertThat(status(ledger).backlog().items()).isEqualTo(2);
        assertThat(status(ledger).delivered()).isEqualTo(Amount.NONE);
    }

    @Test
    void answersThatCannotBeBookedWaitAndAreBookedLater() throws SQLException {
        var sink = new ScriptedSink();
        var ledger = ledgerOf(sink);
        var pump = pumpOf(ledger, sink);
        var feed = report.listen(10);
        saveAlert(ledger, "a1", 5);
        execute(
                "CREATE TRIGGER t BEFORE DELETE ON deliveries BEGIN SELECT RAISE(ABORT, 'no'); END");

        for (var i = 0; i < 10; i++) {
            var wait = pump.runOnce();
            assertThat(wait).isPositive().isLessThanOrEqualTo(LONGEST_BACKOFF);
            assertThat(pump.runOnce()).as("woken too early").isEqualTo(wait);
            assertThat(pump.trouble().orElseThrow()).contains("can't book");
            now = now.plus(wait);
        }
        assertThat(sink.sent()).hasSize(1);
        assertThat(feed.next(Duration.ZERO)).isEmpty();
        execute("DROP TRIGGER t");
        step(pump);

        assertThat(sink.sent()).hasSize(1);
        assertThat(status(ledger).delivered().items()).isEqualTo(1);
        assertThat(feed.next(Duration.ZERO))
                .contains(new SpoolEvent.Delivered("cloud", new ItemId("a1"), ItemKind.ALERT));
        assertThat(feed.next(Duration.ZERO)).isEmpty();
        assertThat(pump.trouble()).isEmpty();
        saveAlert(ledger, "a2", 5);
        assertThat(step(pump)).isZero();
        assertThat(idsOf(sink.sent())).containsExactly("a1", "a2");
    }

    @Test
    void nothingIsSentWhileTheLedgerCannotCommit() throws SQLException, IOException {
        var sink = new ScriptedSink();
        var ledger = ledgerOf(sink);
        var pump = pumpOf(ledger, sink);
        saveAlert(ledger, "a1", 5);
        execute("CREATE TRIGGER t BEFORE UPDATE ON balance BEGIN SELECT RAISE(ABORT, 'no'); END");
        assertThatThrownBy(() -> saveAlert(ledger, "a2", 5))
                .hasMessageContaining("nothing was stored");
        assertThat(ledger.trouble()).isPresent();
        // The writer has dropped its connection and finds no folder to open a new one in.
        var away = data.resolveSibling(data.getFileName() + "-away");
        Files.move(data, away);
        try {
            for (var i = 0; i < 5; i++) {
                assertThat(step(pump)).isPositive().isLessThanOrEqualTo(LONGEST_BACKOFF);
            }
            assertThat(sink.sent()).isEmpty();
            assertThat(pump.trouble()).isPresent();
        } finally {
            Files.move(away, data);
        }
        assertThat(step(pump)).isZero();
        assertThat(idsOf(sink.sent())).containsExactly("a1");
        assertThat(ledger.trouble()).isEmpty();
        assertThat(pump.trouble()).isEmpty();
    }

    private void execute(String sql) throws SQLException {
        try (var connection =
                        DriverManager.getConnection("jdbc:sqlite:" + data.resolve(Ledger.FILE));
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void aDamagedImageIsRejectedAndNeverSent() throws IOException {
        var sink = new ScriptedSink();
        var ledger = ledgerOf(sink);
        var pump = pumpOf(ledger, sink);
        var damaged = saveCapture(ledger, "c1", Pictures.jpeg(64, 48, 1));
        var whole = saveCapture(ledger, "c2", Pictures.jpeg(64, 48, 2));
        var file = archive.resolve(pathOf(damaged));
        var bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);

        pump.runOnce();

        assertThat(sink.sent()).extracting(ScriptedSink.Sent::id).containsExactly(whole);
        assertThat(status(ledger).rejected().items()).isEqualTo(1);
        assertThat(status(ledger).backlog()).isEqualTo(Amount.NONE);
        assertThat(ledger.reads().find(damaged)).isPresent();
    }

    @Test
    void aMissingImageIsShownStaysOwedAndHoldsUpNoOther() throws IOException {
        var sink = new ScriptedSink();
        var ledger = ledgerOf(sink);
        var pump = pumpOf(ledger, sink);
        Files.delete(archive.resolve(pathOf(saveCapture(ledger, "c1", Pictures.jpeg(64, 48, 1)))));
        var whole = saveCapture(ledger, "c2", Pictures.jpeg(64, 48, 2));

        pump.runOnce();

        assertThat(sink.deliveredIds()).containsExactly(whole);
        assertThat(status(ledger).rejected()).isEqualTo(Amount.NONE);
        assertThat(status(ledger).backlog().items()).isEqualTo(1);
        assertThat(pump.trouble().orElseThrow()).contains("can't read");
    }

    @Test
    void anImageThatCannotBeReadIsNotTriedWithoutPause() throws IOException {
        var sink = new ScriptedSink();
        var ledger = ledgerOf(sink);
        var pump = pumpOf(ledger, sink);
        makeUnreadable(saveCapture(ledger, "c1", Pictures.jpeg(64, 48, 1)));

        pump.runOnce();
        assertThat(pump.runOnce()).isPositive();
        assertThat(pump.trouble()).isPresent();
        assertThat(sink.sent()).isEmpty();
    }

    @Test
    void anImageThatCannotBeReadHoldsUpNoOtherAndIsShown() throws IOException {
        var sink = new ScriptedSink(Batching.of(1, 1_000_000));
        var ledger = ledgerOf(sink);
        var pump = pumpOf(ledger, sink);
        makeUnreadable(saveCapture(ledger, "c1", Pictures.jpeg(64, 48, 1)));
        var whole = saveCapture(ledger, "c2", Pictures.jpeg(64, 48, 2));

        for (var i = 0; i < 10; i++) {
            step(pump);
        }
        assertThat(sink.deliveredIds()).containsExactly(whole);
    }

    /// Opening a folder as a file works on Linux, reading it fails: as from a bad sector.
    private void makeUnreadable(ItemId id) throws IOException {
        var file = archive.resolve(pathOf(id));
        Files.delete(file);
        Files.createDirectory(file);
    }

    @Test
    void aBatchIsBoundedInItems() {
        var sink = new ScriptedSink(Batching.of(2, 1_000_000));
        var ledger = ledgerOf(sink);
        var pump = pumpOf(ledger, sink);
        for (var i = 0; i < 5; i++) {
            saveAlert(ledger, "a" + i, 5);
        }
        for (var i = 0; i < 3; i++) {
            assertThat(pump.runOnce()).isZero();
        }
        assertThat(sink.batches()).extracting(List::size).containsExactly(2, 2, 1);
        assertThat(idsOf(sink.delivered())).containsExactly("a0", "a1", "a2", "a3", "a4");
    }

    @Test
    void aBatchIsBoundedInBytesAndALargerItemGoesAlone() {
        // {"id":"a0"} has 11 bytes.
        var sink = new ScriptedSink(Batching.of(10, 23));
        var ledger = ledgerOf(sink);
        var pump = pumpOf(ledger, sink);
        saveAlert(ledger, "a0", 5);
        saveAlert(ledger, "a1", 5);
        saveAlert(ledger, "one-that-is-much-larger-than-a-batch", 5);
        saveAlert(ledger, "a2", 5);
        for (var i = 0; i < 3; i++) {
            assertThat(pump.runOnce()).isZero();
        }
        assertThat(sink.batches()).extracting(List::size).containsExactly(2, 1, 1);
    }

    @Test
    void alertsGoFirstThenPriorityThenTheOrderOfAcceptance() throws IOException {
        var sink = new ScriptedSink();
        var ledger = ledgerOf(sink);
        var pump = pumpOf(ledger, sink);
        saveCapture(ledger, "c1", Pictures.jpeg(64, 48, 1));
        saveAlert(ledger, "a-low", 0);
        saveAlert(ledger, "a-first", 5);
        saveAlert(ledger, "a-second", 5);
        saveAlert(ledger, "a-high", 9);
        pump.runOnce();
        pump.runOnce();

        assertThat(idsOf(sink.sent()))
                .containsExactly("a-high", "a-first", "a-second", "a-low", "c1");
    }

    @Test
    void whatIsBeingSentCannotBeWithheldAndWhatIsWithheldIsNotSent() {
        var sink = new ScriptedSink();
        var ledger = ledgerOf(sink);
        var pump = pumpOf(ledger, sink);
        saveAlert(ledger, "a1", 5);
        saveAlert(ledger, "a2", 5);
        var seen = new ArrayList<Boolean>();
        sink.answerEach(
                delivery -> {
                    seen.add(pump.leases().withhold(delivery.item().seq()));
                    return ScriptedSink.taken(delivery);
                });
        assertThat(pump.leases().withhold(2)).isTrue();
        pump.runOnce();

        assertThat(seen).containsExactly(false);
        assertThat(idsOf(sink.sent())).containsExactly("a1");
        pump.leases().letGo(2);
        pump.runOnce();
        assertThat(idsOf(sink.sent())).containsExactly("a1", "a2");
    }

    @Test
    void whatTwoWithholdIsSentOnlyAfterBothLetGo() {
        var sink = new ScriptedSink();
        var ledger = ledgerOf(sink);
        var pump = pumpOf(ledger, sink);
        saveAlert(ledger, "a1", 5);
        assertThat(pump.leases().withhold(1)).isTrue();
        assertThat(pump.leases().withhold(1)).isTrue();

        pump.leases().letGo(1);
        pump.runOnce();
        assertThat(sink.sent()).isEmpty();
        pump.leases().letGo(1);
        pump.runOnce();
        assertThat(idsOf(sink.sent())).containsExactly("a1");
    }

    @Test
    void anItemRefusedBeforeTheClockWasSetBackIsDue() {
        var sink = new ScriptedSink();
        sink.answerEach(PumpTest::refused);
        var ledger = ledgerOf(sink);
        var pump = pumpOf(ledger, sink);
        saveAlert(ledger, "a1", 5);
        pump.runOnce();
        now = now.minus(Duration.ofDays(3 * 365));
        sink.comeBack();

        pump.runOnce();

        assertThat(idsOf(sink.delivered())).containsExactly("a1");
    }

    @Test
    void refusalsAreRememberedAcrossAReopen() throws InterruptedException {
        var sink = new ScriptedSink();
        sink.answerEach(PumpTest::refused);
        for (var i = 0; i < NamedSink.MAX_REFUSALS; i++) {
            var ledger = ledgerOf(sink);
            if (i == 0) {
                saveAlert(ledger, "a1", 5);
            }
            pumpOf(ledger, sink).runOnce();
            now = now.plus(Duration.ofMinutes(10));
            assertThat(status(ledger).rejected().items())
                    .isEqualTo(i + 1 == NamedSink.MAX_REFUSALS ? 1 : 0);
            closeLedgers();
            opened.clear();
        }
    }

    @Test
    void aSinkThatAsksForYearsOfPatienceIsTriedAgainAfterAnHour() throws IOException {
        var sink = new ScriptedSink();
        sink.answerEach(
                _ ->
                        new Outcome.SinkFault(
                                "busy", Optional.of(Duration.ofSeconds(Long.MAX_VALUE))));
        var ledger = ledgerOf(sink);
        saveAlert(ledger, "a", 5);

        assertThat(pumpOf(ledger, sink).runOnce()).isEqualTo(Duration.ofHours(1));
    }
}
