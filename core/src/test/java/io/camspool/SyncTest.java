package io.camspool;

import static io.camspool.CamspoolTest.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Balance.Amount;
import io.camspool.Status.Health;
import io.camspool.sink.Batch;
import io.camspool.sink.Delivery;
import io.camspool.sink.NamedSink;
import io.camspool.sink.Outcome;
import io.camspool.sink.ScriptedSink;
import io.camspool.sink.Sinks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From `save` to a sink, through a running spool.
final class SyncTest {
    private static final Duration MOMENT = Duration.ofMillis(100);

    @TempDir Path folder;

    private CamspoolConfig config() {
        return CamspoolConfig.in(folder).withBox("box-1").withZone(ZoneOffset.UTC);
    }

    private static ItemId saveAlert(Camspool spool, int number) {
        return saved(spool.save(Alert.of("{\"n\":" + number + "}")));
    }

    private static ItemId saveCapture(Camspool spool, int seed) {
        return saved(spool.save(Capture.of("gate", picture(seed))));
    }

    private static Content picture(int seed) {
        return Encoded.of(Pictures.jpeg(64, 48, seed));
    }

    private static ItemId saved(Receipt receipt) {
        receipt.await(SOON);
        return receipt.id();
    }

    private static SinkStatus sinkOf(Camspool spool, String id) {
        return spool.status().sinks().stream()
                .filter(sink -> sink.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        var end = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time is up").isLessThan(end);
            Thread.sleep(5);
        }
    }

    @Test
    void everythingSavedArrivesOnceWithItsBytes() throws IOException {
        var cloud = new ScriptedSink();
        try (var spool = Camspool.open(config().withSink("cloud", cloud))) {
            var ids = new ArrayList<ItemId>();
            for (var i = 0; i < 20; i++) {
                ids.add(i % 3 == 0 ? saveCapture(spool, i) : saveAlert(spool, i));
            }
            spool.save(Alert.of("{}").withAlert("a-1"), List.of(Capture.of("gate", picture(90))))
                    .forEach(receipt -> ids.add(saved(receipt)));

            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(cloud.sent()).hasSize(22);
            assertThat(cloud.deliveredIds()).containsExactlyInAnyOrderElementsOf(ids);
            assertThat(cloud.delivered())
                    .extracting(ScriptedSink.Sent::key)
                    .doesNotHaveDuplicates()
                    .allMatch(
                            key ->
                                    key.startsWith(
                                            "box-1~"
                                                    + spool.status().spoolId().substring(0, 6)
                                                    + "/"));
            for (var sent : cloud.delivered()) {
                assertThat(spool.read(sent.id()).readAllBytes()).isEqualTo(sent.content());
            }
            var status = sinkOf(spool, "cloud");
            assertThat(status.delivered().items()).isEqualTo(22);
            assertThat(status.backlog()).isEqualTo(Amount.NONE);
            assertThat(status.trouble()).isEmpty();
            assertThat(spool.status().health()).isEqualTo(Health.GREEN);
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
    }

    @Test
    void aSinkThatComesBackGetsAllThatWaitedUnchanged() throws InterruptedException {
        var cloud = new ScriptedSink();
        cloud.goAway();
        try (var spool = Camspool.open(config().withSink("cloud", cloud))) {
            var ids = new ArrayList<ItemId>();
            for (var i = 0; i < 6; i++) {
                ids.add(i % 2 == 0 ? saveCapture(spool, i) : saveAlert(spool, i));
            }
            until(() -> sinkOf(spool, "cloud").trouble().isPresent());
            assertThat(sinkOf(spool, "cloud").backlog().items()).isEqualTo(6);
            assertThat(spool.status().health()).isEqualTo(Health.YELLOW);
            assertThat(spool.status().reasons())
                    .anyMatch(reason -> reason.contains("no route to host"));
            cloud.comeBack();

            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(cloud.deliveredIds()).containsExactlyInAnyOrderElementsOf(ids);
            for (var sent : cloud.sent()) {
                assertThat(cloud.delivered())
                        .anySatisfy(
                                delivered -> {
                                    assertThat(delivered.id()).isEqualTo(sent.id());
                                    assertThat(delivered.key()).isEqualTo(sent.key());
                                    assertThat(delivered.content()).isEqualTo(sent.content());
                                });
            }
            assertThat(spool.status().health()).isEqualTo(Health.GREEN);
        }
    }

    @Test
    void aSinkAtFaultDelaysNoOther() throws InterruptedException {
        var dead = new ScriptedSink();
        dead.goAway();
        var well = new ScriptedSink();
        try (var spool = Camspool.open(config().withSink("dead", dead).withSink("well", well))) {
            for (var i = 0; i < 10; i++) {
                saveAlert(spool, i);
            }
            until(() -> well.delivered().size() == 10);
            until(() -> sinkOf(spool, "well").backlog().items() == 0);
            assertThat(spool.awaitDelivered(MOMENT)).isFalse();
            assertThat(sinkOf(spool, "dead").backlog().items()).isEqualTo(10);
            assertThat(sinkOf(spool, "dead").delivered()).isEqualTo(Amount.NONE);
        }
    }

    @Test
    void whatCannotBeBookedIsNotSentAgain() throws InterruptedException, SQLException {
        var cloud = new ScriptedSink();
        try (var spool = Camspool.open(config().withSink("cloud", cloud))) {
            ledger(
                    "CREATE TRIGGER t BEFORE DELETE ON deliveries BEGIN SELECT RAISE(ABORT, 'no'); END");
            saveAlert(spool, 0);
            until(() -> troubleOf(spool).contains("(no)"));
            for (var i = 1; i < 100; i++) {
                saveAlert(spool, i);
            }
            assertThat(cloud.sent()).hasSize(1);
            assertThat(sinkOf(spool, "cloud").delivered()).isEqualTo(Amount.NONE);
            ledger("DROP TRIGGER t");

            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(cloud.sent()).hasSize(100);
            assertThat(cloud.deliveredIds()).hasSize(100).doesNotHaveDuplicates();
            assertThat(sinkOf(spool, "cloud").delivered().items()).isEqualTo(100);
            assertThat(spool.status().health()).isEqualTo(Health.GREEN);
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
    }

    private void ledger(String sql) throws SQLException {
        try (var connection =
                        DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ledger.db"));
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void aSinkThatHangsDelaysNeitherIntakeNorAnotherSink() throws InterruptedException {
        var released = new CountDownLatch(1);
        var hanging = hangingUntil(released);
        var well = new ScriptedSink();
        try (var spool =
                Camspool.open(config().withSink("hanging", hanging).withSink("well", well))) {
            var first = saveAlert(spool, 1);
            until(() -> !hanging.sent().isEmpty());
            saveCapture(spool, 2);
            saveAlert(spool, 3);
            until(() -> well.delivered().size() == 3);
            assertThat(spool.remove(first, Undelivered.DROP)).isEqualTo(Removal.KEPT_LEASED);

            released.countDown();
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(hanging.deliveredIds()).hasSize(3).doesNotHaveDuplicates();
        } finally {
            released.countDown();
        }
    }

    @Test
    void aSinkThatHangsPastTheDeadlineOfCloseIsNamedAndServedByTheNextOpen()
            throws InterruptedException {
        var released = new CountDownLatch(1);
        var hanging = hangingUntil(released);
        ItemId id;
        try {
            var spool = Camspool.open(config().withSink("cloud", hanging));
            id = saveAlert(spool, 1);
            until(() -> !hanging.sent().isEmpty());
            var unfinished = spool.close(MOMENT);
            assertThat(unfinished.items()).isEmpty();
            assertThat(unfinished.sinks()).containsExactly("cloud");
        } finally {
            released.countDown();
        }
        var cloud = new ScriptedSink();
        try (var spool = Camspool.open(config().withSink("cloud", cloud))) {
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(sinkOf(spool, "cloud").delivered().items()).isEqualTo(1);
        }
        assertThat(cloud.deliveredIds()).containsExactly(id);
    }

    @Test
    void aSinkThatThrowsAnErrorIsShownAndTriedAgain() throws InterruptedException {
        var cloud = new ScriptedSink();
        cloud.answer(
                _ -> {
                    throw new NoClassDefFoundError("a library of the sink is missing");
                });
        try (var spool = Camspool.open(config().withSink("cloud", cloud))) {
            saveAlert(spool, 1);
            until(() -> !cloud.sent().isEmpty());
            cloud.comeBack();

            assertThat(spool.awaitDelivered(Duration.ofSeconds(3))).isTrue();
        }
    }

    @Test
    void aFolderThatIsAwayForAWhileHoldsEachItemOnce() throws IOException {
        var share = Files.createDirectory(folder.resolve("share"));
        var away = folder.resolve("away");
        var config =
                CamspoolConfig.in(folder.resolve("data"))
                        .withBox("box-1")
                        .withZone(ZoneOffset.UTC)
                        .withSink("share", Sinks.folder(share));
        try (var spool = Camspool.open(config)) {
            saveAlert(spool, 1);
            saveCapture(spool, 1);
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            Files.move(share, away);
            for (var i = 2; i < 6; i++) {
                saveAlert(spool, i);
                saveCapture(spool, i);
            }
            assertThat(spool.awaitDelivered(MOMENT)).isFalse();
            assertThat(share).doesNotExist();
            Files.move(away, share);
            assertThat(spool.awaitDelivered(SOON)).isTrue();

            try (var files = Files.walk(share)) {
                assertThat(files.filter(Files::isRegularFile)).as("10 and the marker").hasSize(11);
            }
            for (var capture : spool.captures(Query.ALL).items()) {
                var key =
                        "box-1~"
                                + spool.status().spoolId().substring(0, 6)
                                + "/"
                                + folder.resolve("data/captures").relativize(capture.path());
                assertThat(share.resolve(key)).hasSameBinaryContentAs(capture.path());
            }
        }
    }

    @Test
    void whatASinkFailedOnIsNoTroubleOnceItIsRemoved() throws InterruptedException {
        var cloud = new ScriptedSink();
        cloud.goAway();
        try (var spool = Camspool.open(config().withSink("cloud", cloud))) {
            var id = saveAlert(spool, 1);
            until(() -> sinkOf(spool, "cloud").trouble().isPresent());

            until(() -> spool.remove(id, Undelivered.DROP) == Removal.DROPPED);
            until(() -> spool.remove(eventOf(spool), Undelivered.DROP) == Removal.DROPPED);

            until(() -> spool.status().health() == Status.Health.GREEN);
        }
    }

    private static ItemId eventOf(Camspool spool) {
        return spool.alerts(Query.ALL.includingEvents()).items().getFirst().id();
    }

    private static ScriptedSink hangingUntil(CountDownLatch released) {
        var sink = new ScriptedSink();
        sink.answerEach(
                delivery -> {
                    try {
                        released.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException("nobody interrupts a pump", e);
                    }
                    return ScriptedSink.taken(delivery);
                });
        return sink;
    }

    @Test
    void aRefusedItemHoldsUpNoOtherAndIsNotLost() throws InterruptedException {
        var cloud = new ScriptedSink();
        cloud.answerEach(SyncTest::refuseTheHighest);
        try (var spool = Camspool.open(config().withSink("cloud", cloud))) {
            var refused = saved(spool.save(Alert.of("{\"bad\":1}").withPriority(9)));
            for (var i = 0; i < 5; i++) {
                saveAlert(spool, i);
            }
            until(() -> cloud.delivered().size() == 5);
            until(() -> sinkOf(spool, "cloud").delivered().items() == 5);

            assertThat(cloud.deliveredIds()).doesNotContain(refused);
            assertThat(sinkOf(spool, "cloud").backlog().items()).isEqualTo(1);
            assertThat(spool.find(refused)).isPresent();
            assertThat(spool.remove(refused, Undelivered.KEEP)).isEqualTo(Removal.KEPT_UNDELIVERED);
            assertThat(spool.status().alerts().held().items()).isEqualTo(6);
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
    }

    private static Outcome refuseTheHighest(Delivery delivery) {
        return delivery.item().priority() == 9
                ? new Outcome.ItemRefused("not valid", "422")
                : ScriptedSink.taken(delivery);
    }

    @Test
    void aSinkThatThrowsOrAnswersTooFewLosesNothing() throws InterruptedException {
        var cloud = new ScriptedSink();
        cloud.answer(
                _ -> {
                    throw new IllegalStateException("bug in the sink");
                });
        try (var spool = Camspool.open(config().withSink("cloud", cloud))) {
            saveAlert(spool, 1);
            saveAlert(spool, 2);
            until(() -> troubleOf(spool).contains("bug in the sink"));
            cloud.answer(_ -> List.of());
            until(() -> troubleOf(spool).contains("answered for 0 of"));
            assertThat(sinkOf(spool, "cloud").backlog().items()).isEqualTo(2);
            cloud.comeBack();

            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(cloud.deliveredIds()).hasSize(2).doesNotHaveDuplicates();
        }
    }

    @Test
    void anAlertKeepsItsSourceWhenTheBoxIsRenamed() throws IOException {
        ItemId id;
        try (var spool = Camspool.open(config().withBox("old-name"))) {
            id = saveAlert(spool, 1);
        }
        var target = Files.createDirectory(folder.resolve("target"));
        var renamed = config().withBox("new-name").withSink("folder", Sinks.folder(target));
        try (var spool = Camspool.open(renamed)) {
            assertThat(spool.awaitDelivered(Duration.ofSeconds(10))).isTrue();
        }
        try (var files = Files.walk(target)) {
            var event = files.filter(file -> file.endsWith(id + ".json")).findFirst().orElseThrow();
            assertThat(Files.readString(event)).contains("\"source\":\"old-name~");
        }
    }

    private static String troubleOf(Camspool spool) {
        return sinkOf(spool, "cloud").trouble().orElse("");
    }

    @Test
    void aDamagedImageIsNeverSentAndIsShown() throws IOException, InterruptedException {
        ItemId damaged;
        ItemId whole;
        try (var spool = Camspool.open(config())) {
            var receipt = spool.save(Capture.of("gate", picture(1)));
            damaged = saved(receipt);
            whole = saveCapture(spool, 2);
            Files.write(receipt.path().orElseThrow(), new byte[] {1, 2, 3});
        }
        var cloud = new ScriptedSink();
        try (var spool = Camspool.open(config().withSink("cloud", cloud))) {
            until(() -> sinkOf(spool, "cloud").rejected().items() == 1);
            assertThat(spool.awaitDelivered(SOON)).isTrue();

            assertThat(cloud.sent()).extracting(ScriptedSink.Sent::id).containsExactly(whole);
            assertThat(spool.find(damaged)).isPresent();
            assertThat(spool.status().health()).isEqualTo(Health.YELLOW);
            assertThat(spool.status().reasons()).contains("sink cloud: 1 rejected");
            until(() -> spool.remove(damaged, Undelivered.KEEP) == Removal.KEPT_UNDELIVERED);
            assertThat(spool.verify(_ -> {}).problems())
                    .extracting(Verification.Problem::kind)
                    .containsExactly(Verification.Kind.DAMAGED);
        }
    }

    @Test
    void alertsGoBeforeCapturesAndHigherPriorityFirst() {
        var expected = new ArrayList<ItemId>();
        try (var spool = Camspool.open(config())) {
            var capture = saveCapture(spool, 1);
            var urgentCapture = saved(spool.save(Capture.of("gate", picture(2)).withPriority(9)));
            var low = saved(spool.save(Alert.of("{\"n\":1}").withPriority(0)));
            var first = saveAlert(spool, 2);
            var second = saveAlert(spool, 3);
            var urgent = saved(spool.save(Alert.of("{\"n\":4}").withPriority(9)));
            expected.addAll(List.of(urgent, first, second, low, urgentCapture, capture));
        }
        var cloud = new ScriptedSink();
        try (var spool = Camspool.open(config().withSink("cloud", cloud))) {
            assertThat(spool.awaitDelivered(SOON)).isTrue();
        }
        assertThat(cloud.batches()).as("one a kind").hasSize(2);
        assertThat(cloud.deliveredIds()).containsExactlyElementsOf(expected);
    }

    @Test
    void aReopenGoesOnWithTheBacklog() {
        var away = new ScriptedSink();
        away.goAway();
        var ids = new ArrayList<ItemId>();
        try (var spool = Camspool.open(config().withSink("cloud", away))) {
            ids.add(saveCapture(spool, 1));
            ids.add(saveAlert(spool, 2));
        }
        var cloud = new ScriptedSink();
        try (var spool = Camspool.open(config().withSink("cloud", cloud))) {
            ids.add(saveAlert(spool, 3));
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(sinkOf(spool, "cloud").delivered().items()).isEqualTo(3);
        }
        assertThat(cloud.deliveredIds()).containsExactlyInAnyOrderElementsOf(ids);
        var idle = new ScriptedSink();
        try (var spool = Camspool.open(config().withSink("cloud", idle))) {
            assertThat(spool.awaitDelivered(SOON)).isTrue();
        }
        assertThat(idle.sent()).isEmpty();
    }

    @Test
    void aKeyOnceGivenSurvivesANewNameOfTheBox() {
        var away = new ScriptedSink();
        away.goAway();
        String key;
        try (var spool = Camspool.open(config().withSink("cloud", away))) {
            saveAlert(spool, 1);
            assertThat(spool.awaitDelivered(MOMENT)).isFalse();
            key = away.sent().getFirst().key();
        }
        var cloud = new ScriptedSink();
        try (var spool = Camspool.open(config().withBox("box-2").withSink("cloud", cloud))) {
            assertThat(spool.awaitDelivered(SOON)).isTrue();
        }
        assertThat(cloud.delivered()).extracting(ScriptedSink.Sent::key).containsExactly(key);
    }

    @Test
    void aSinkAddedLaterGetsAllThatIsHeld() {
        var first = new ScriptedSink();
        var ids = new ArrayList<ItemId>();
        try (var spool = Camspool.open(config().withSink("first", first))) {
            for (var i = 0; i < 4; i++) {
                ids.add(saveAlert(spool, i));
            }
            ids.add(saveCapture(spool, 9));
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(spool.remove(ids.getFirst(), Undelivered.KEEP)).isEqualTo(Removal.REMOVED);
        }
        var second = new ScriptedSink();
        try (var spool =
                Camspool.open(config().withSink("first", first).withSink("second", second))) {
            ids.add(saveAlert(spool, 10));
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
        assertThat(second.deliveredIds())
                .containsExactlyInAnyOrderElementsOf(ids.subList(1, ids.size()));
        assertThat(first.deliveredIds()).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void aSinkWithALongBacklogIsFilledInSteps() {
        try (var spool = Camspool.open(config().withDurability(Durability.OS))) {
            var receipts = new ArrayList<Receipt>();
            for (var i = 0; i < 2_300; i++) {
                receipts.add(spool.save(Alert.of("{\"n\":" + i + "}")));
            }
            receipts.forEach(receipt -> receipt.await(SOON));
        }
        var cloud = new ScriptedSink();
        try (var spool =
                Camspool.open(config().withDurability(Durability.OS).withSink("cloud", cloud))) {
            saveAlert(spool, -1);
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(sinkOf(spool, "cloud").delivered().items()).isEqualTo(2_301);
        }
        assertThat(cloud.deliveredIds()).hasSize(2_301).doesNotHaveDuplicates();
    }

    @Test
    void savesMadeWhileASinkIsNotConfiguredReachItLater() {
        var cloud = new ScriptedSink();
        var ids = new ArrayList<ItemId>();
        try (var spool = Camspool.open(config().withSink("cloud", cloud))) {
            ids.add(saveAlert(spool, 1));
            assertThat(spool.awaitDelivered(SOON)).isTrue();
        }
        try (var spool = Camspool.open(config())) {
            ids.add(saveAlert(spool, 2));
            ids.add(saveCapture(spool, 3));
            assertThat(spool.remove(ids.getLast(), Undelivered.KEEP))
                    .isEqualTo(Removal.KEPT_UNDELIVERED);
        }
        try (var spool = Camspool.open(config().withSink("cloud", cloud))) {
            ids.add(saveAlert(spool, 4));
            assertThat(spool.awaitDelivered(SOON)).isTrue();
        }
        assertThat(cloud.deliveredIds()).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void whatIsDeliveredMayBeRemovedAndTheBalanceSaysSo() {
        var cloud = new ScriptedSink();
        try (var spool = Camspool.open(config().withSink("cloud", cloud))) {
            var receipt = spool.save(Capture.of("gate", picture(1)));
            var capture = saved(receipt);
            var alert = saveAlert(spool, 2);
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(spool.find(capture).orElseThrow().confirmations()).isEqualTo(1);

            assertThat(spool.remove(capture, Undelivered.KEEP)).isEqualTo(Removal.REMOVED);
            assertThat(spool.remove(alert, Undelivered.KEEP)).isEqualTo(Removal.REMOVED);
            assertThat(spool.remove(alert, Undelivered.KEEP)).isEqualTo(Removal.NOT_FOUND);

            assertThat(receipt.path().orElseThrow()).doesNotExist();
            for (var balance : List.of(spool.status().captures(), spool.status().alerts())) {
                assertThat(balance.removed().items()).isEqualTo(1);
                assertThat(balance.held()).isEqualTo(Amount.NONE);
                assertThat(balance.dropped()).isEqualTo(Amount.NONE);
                assertThat(balance.holds()).isTrue();
            }
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
    }

    @Test
    void whatARequiredSinkIsStillOwedIsKept() throws InterruptedException {
        var away = new ScriptedSink();
        away.goAway();
        var well = new ScriptedSink();
        try (var spool = Camspool.open(config().withSink("away", away).withSink("well", well))) {
            var id = saveCapture(spool, 1);
            until(() -> sinkOf(spool, "well").delivered().items() == 1);

            until(() -> spool.remove(id, Undelivered.KEEP) == Removal.KEPT_UNDELIVERED);
            assertThat(spool.find(id)).isPresent();
            assertThat(spool.status().captures().held().items()).isEqualTo(1);
        }
    }

    @Test
    void anOptionalSinkKeepsNothing() throws InterruptedException {
        var away = new ScriptedSink();
        away.goAway();
        var well = new ScriptedSink();
        try (var spool =
                Camspool.open(
                        config().withSink(new NamedSink("extra", false, away))
                                .withSink("well", well))) {
            var id = saveAlert(spool, 1);
            until(() -> sinkOf(spool, "well").delivered().items() == 1);

            until(() -> spool.remove(id, Undelivered.KEEP) == Removal.REMOVED);
            assertThat(sinkOf(spool, "extra").backlog()).isEqualTo(Amount.NONE);
            assertThat(spool.status().alerts().removed().items()).isEqualTo(1);
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
    }

    @Test
    void waitingForDeliveryEndsWithTheLimit() {
        var cloud = new ScriptedSink();
        cloud.goAway();
        try (var spool = Camspool.open(config().withSink("cloud", cloud))) {
            assertThat(spool.awaitDelivered(Duration.ZERO)).isTrue();
            saveAlert(spool, 1);
            var start = System.nanoTime();
            assertThat(spool.awaitDelivered(MOMENT)).isFalse();
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(MOMENT, Duration.ofSeconds(3));
        }
    }

    @Test
    void savesDoNotCutShortTheTimeThatASinkAskedFor() {
        var busy = new ScriptedSink();
        busy.answerEach(_ -> new Outcome.SinkFault("busy", Optional.of(Duration.ofMinutes(1))));
        try (var spool = Camspool.open(config().withSink("busy", busy))) {
            for (var i = 0; i < 30; i++) {
                saveAlert(spool, i);
            }
            assertThat(spool.awaitDelivered(MOMENT)).isFalse();
        }
        assertThat(busy.batches()).extracting(List::size).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void aClosedSpoolSendsNothingMoreAndNamesNoSink() {
        var cloud = new ScriptedSink();
        var spool = Camspool.open(config().withSink("cloud", cloud));
        saveAlert(spool, 1);
        assertThat(spool.awaitDelivered(SOON)).isTrue();

        var unfinished = spool.close(SOON);

        assertThat(unfinished.items()).isEmpty();
        assertThat(unfinished.sinks()).isEmpty();
        assertThat(cloud.send(new Batch(List.of()))).isEmpty();
        assertThat(cloud.sent()).hasSize(1);
    }

    @Test
    void whatAnOptionalSinkConfirmedCountsAsDeliveredOnceThatSinkIsRequired()
            throws InterruptedException {
        var cloud = new ScriptedSink();
        ItemId id;
        try (var spool = Camspool.open(config().withSink(new NamedSink("cloud", false, cloud)))) {
            var saved = spool.save(Alert.of("{}")).await(SOON).id();
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            until(() -> spool.remove(saved, Undelivered.KEEP) == Removal.KEPT_UNDELIVERED);
            id = saved;
        }
        try (var spool = Camspool.open(config().withSink("cloud", cloud))) {
            assertThat(spool.remove(id, Undelivered.KEEP)).isEqualTo(Removal.REMOVED);
            assertThat(spool.status().alerts().removed().items()).isEqualTo(1);
        }
    }
}
