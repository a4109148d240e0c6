package io.camspool;

import static io.camspool.CamspoolTest.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.Balance.Amount;
import io.camspool.CamspoolException.Reason;
import io.camspool.Status.Health;
import io.camspool.sink.NamedSink;
import io.camspool.sink.NamedSink.Start;
import io.camspool.sink.Outcome;
import io.camspool.sink.ScriptedSink;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sinks come, are renamed, pause and go.
final class SinksTest {
    private static final Duration MOMENT = Duration.ofMillis(100);

    @TempDir Path folder;

    private final ScriptedSink cloud = new ScriptedSink();

    private CamspoolConfig config() {
        return CamspoolConfig.in(folder).withBox("box-1").withZone(ZoneOffset.UTC);
    }

    private static NamedSink named(String id, ScriptedSink sink) {
        return new NamedSink(id, true, sink);
    }

    private static ItemId save(Camspool spool, int number) {
        var receipt = spool.save(Alert.of("{\"n\":" + number + "}"));
        receipt.await(SOON);
        return receipt.id();
    }

    private static void save(Camspool spool, int from, int to) {
        for (var i = from; i < to; i++) {
            save(spool, i);
        }
    }

    private static SinkStatus sink(Camspool spool, String id) {
        return spool.status().sinks().stream()
                .filter(sink -> sink.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static void assertSound(Camspool spool) {
        assertThat(spool.verify(_ -> {}).problems()).isEmpty();
    }

    @Test
    void aSinkFromNowOnIsOwedNothingThatWasHeldBefore() {
        try (var spool = Camspool.open(config())) {
            save(spool, 0, 3);
        }
        var config = config().withSink(named("cloud", cloud).withStart(Start.NOW));
        try (var spool = Camspool.open(config)) {
            assertThat(sink(spool, "cloud").backlog()).isEqualTo(Amount.NONE);
            var fresh = save(spool, 3);

            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(cloud.deliveredIds()).containsExactly(fresh);
            assertThat(spool.undelivered().total().items())
                    .as("what nobody has confirmed is undelivered")
                    .isEqualTo(3);
            assertThat(
                            spool.alerts(Query.ALL.withDelivery("cloud", DeliveryState.DELIVERED))
                                    .items())
                    .hasSize(1);
            assertSound(spool);
        }
    }

    @Test
    void aDisabledSinkIsOwedWhatComesAndSentNothing() {
        try (var spool =
                Camspool.open(config().withSink(named("cloud", cloud).withEnabled(false)))) {
            var first = save(spool, 0);
            save(spool, 1);

            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(cloud.batches()).isEmpty();
            assertThat(sink(spool, "cloud").enabled()).isFalse();
            assertThat(sink(spool, "cloud").backlog().items()).isEqualTo(2);
            assertThat(spool.status().health()).isEqualTo(Health.GREEN);
            assertThat(spool.status().reasons())
                    .contains("sink cloud is disabled and is owed 2 items");
            assertThat(sink(spool, "cloud").oldest().orElseThrow())
                    .isEqualTo(spool.story(first).orElseThrow().acceptedAt());
            assertSound(spool);
        }
        try (var spool = Camspool.open(config().withSink("cloud", cloud))) {
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(cloud.deliveredIds()).hasSize(2);
            assertSound(spool);
        }
    }

    @Test
    void withoutARequiredSinkEverythingHeldCountsAsUndelivered() {
        try (var spool = Camspool.open(config().withSink("cloud", cloud))) {
            save(spool, 0, 2);
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(spool.undelivered()).isEqualTo(Amounts.NONE);
        }
        var words =
                "no required sink is configured and enabled: everything held counts as undelivered";
        try (var spool =
                Camspool.open(config().withSink(named("cloud", cloud).withEnabled(false)))) {
            assertThat(spool.undelivered().total().items()).isEqualTo(2);
            assertThat(spool.status().reasons()).contains(words);
        }
        try (var spool = Camspool.open(config())) {
            assertThat(spool.undelivered().total().items()).isEqualTo(2);
            assertThat(spool.status().reasons()).contains(words);
            assertThat(spool.cleanup(Cleanup.olderThan(Duration.ZERO)).removed())
                    .isEqualTo(Amounts.NONE);
        }
        try (var spool = Camspool.open(config().withSink("cloud", cloud))) {
            assertThat(spool.undelivered()).isEqualTo(Amounts.NONE);
        }
        try (var spool = Camspool.open(config().withSinksAsBefore())) {
            assertThat(spool.undelivered()).isEqualTo(Amounts.NONE);
            assertThat(spool.status().health()).isEqualTo(Health.GREEN);
        }
    }

    @Test
    void aRenamedSinkKeepsItsBacklog() {
        cloud.goAway();
        ItemId waiting;
        try (var spool = Camspool.open(config().withSink("old", cloud))) {
            waiting = save(spool, 1);
        }
        var elsewhere = new ScriptedSink();
        var config = config().withSink(named("new", elsewhere).withFormerly("old"));
        for (var i = 0; i < 2; i++) {
            try (var spool = Camspool.open(config)) {
                assertThat(spool.awaitDelivered(SOON)).isTrue();
                assertThat(spool.status().sinks())
                        .extracting(SinkStatus::id)
                        .containsExactly("new");
                assertSound(spool);
            }
        }
        assertThat(elsewhere.deliveredIds()).containsExactly(waiting);
    }

    @Test
    void aNameThatTwoBacklogsWouldHaveIsRefused() {
        Camspool.open(config().withSink("old", cloud).withSink("new", cloud)).close();

        assertThatThrownBy(
                        () ->
                                Camspool.open(
                                        config().withSink(named("new", cloud).withFormerly("old"))))
                .isInstanceOf(CamspoolException.class)
                .hasMessageContaining("old")
                .hasMessageContaining("forget one");
        assertThatThrownBy(
                        () ->
                                config().withSink("old", cloud)
                                        .withSink(named("new", cloud).withFormerly("old")))
                .isInstanceOf(CamspoolException.class)
                .hasMessageContaining("no sink has now");
    }

    @Test
    void aSinkThatIsNoLongerConfiguredIsOwedUntilTheLossIsConfirmed() {
        cloud.goAway();
        try (var spool = Camspool.open(config().withSink("gone", cloud))) {
            save(spool, 0, 3);
            assertThatThrownBy(() -> spool.forgetSink("gone", 3))
                    .as("it is configured")
                    .isInstanceOf(CamspoolException.class);
        }
        var office = new ScriptedSink();
        try (var spool = Camspool.open(config().withSink("office", office))) {
            save(spool, 3);
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(spool.status().health()).isEqualTo(Health.YELLOW);
            assertThat(spool.status().reasons())
                    .contains(
                            "sink gone is no longer configured and is still owed 4 items; configure it again, or forget it");
            assertThat(spool.undelivered().total().items()).isEqualTo(4);
            assertThatThrownBy(() -> spool.forgetSink("gone", 3))
                    .isInstanceOfSatisfying(
                            CamspoolException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.INVALID))
                    .hasMessageContaining("3")
                    .hasMessageContaining("4");

            assertThat(spool.forgetSink("gone", 4).items()).isEqualTo(4);

            assertThat(spool.status().health()).isEqualTo(Health.GREEN);
            assertThat(spool.status().sinks()).extracting(SinkStatus::id).containsExactly("office");
            assertThat(spool.status().alerts().held().items()).isEqualTo(4);
            assertThat(spool.undelivered()).isEqualTo(Amounts.NONE);
            assertSound(spool);
        }
        var again = new ScriptedSink();
        try (var spool =
                Camspool.open(config().withSink("office", office).withSink("gone", again))) {
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(again.deliveredIds()).as("a new one of that id starts anew").hasSize(4);
            assertSound(spool);
        }
    }

    @Test
    void aPausedSinkIsSentNothingUntilItIsResumed() {
        var config = config().withSink("cloud", cloud).withPullSink("uploader");
        try (var spool = Camspool.open(config)) {
            spool.pauseSink("cloud");
            spool.pauseSink("uploader");
            save(spool, 1);
            assertThat(spool.pull("uploader").due(10, Duration.ofMinutes(1))).isEmpty();
        }
        try (var spool = Camspool.open(config)) {
            var later = save(spool, 2);
            assertThat(spool.awaitDelivered(MOMENT)).isFalse();
            assertThat(cloud.batches()).isEmpty();
            assertThat(sink(spool, "cloud").paused()).isTrue();
            assertThat(sink(spool, "cloud").oldest()).isPresent();
            assertThat(sink(spool, "cloud").timeToDrain()).isEmpty();
            assertThat(spool.status().health()).isEqualTo(Health.GREEN);
            assertThat(spool.status().reasons())
                    .anyMatch(r -> r.startsWith("sink cloud is paused"));

            spool.resumeSink("cloud");
            spool.resumeSink("uploader");

            var due = spool.pull("uploader").due(10, Duration.ofMinutes(1));
            assertThat(due).hasSize(2);
            due.forEach(delivery -> spool.pull("uploader").confirm(delivery.item().id(), "taken"));
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(cloud.deliveredIds()).hasSize(2).contains(later);
            assertThat(sink(spool, "cloud").oldest()).isEmpty();
            assertThat(sink(spool, "cloud").timeToDrain()).contains(Duration.ZERO);
            assertThat(spool.status().reasons()).isEmpty();
        }
    }

    /// Damaged items are rejected at once; the sink would need five refusals and minutes.
    private void damage(ItemId... ids) throws SQLException {
        try (var connection =
                        DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ledger.db"));
                var update =
                        connection.prepareStatement(
                                "UPDATE items SET sha256 = zeroblob(32) WHERE id = ?")) {
            for (var id : ids) {
                update.setString(1, id.value());
                update.executeUpdate();
            }
        }
    }

    private static void mend(Path folder) throws SQLException {
        try (var connection =
                        DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ledger.db"));
                var statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE items SET sha256 = input_sha256");
        }
    }

    @Test
    void whatIsRejectedIsListedRetriedAndDropped() throws SQLException {
        ItemId first;
        ItemId second;
        ItemId third;
        try (var spool = Camspool.open(config())) {
            first = save(spool, 1);
            second = save(spool, 2);
            third = save(spool, 3);
        }
        damage(first, second, third);
        try (var spool = Camspool.open(config().withSink("cloud", cloud))) {
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(sink(spool, "cloud").rejected().items()).isEqualTo(3);
            var page = spool.rejected("cloud", 2, Optional.empty());
            assertThat(page.items())
                    .extracting(each -> each.item().id())
                    .containsExactly(first, second);
            assertThat(page.items().getFirst().reason()).isEqualTo("damaged");
            assertThat(page.items().getFirst().when()).isAfter(Instant.now().minusSeconds(60));
            assertThat(spool.rejected("cloud", 2, page.next()).items())
                    .extracting(each -> each.item().id())
                    .containsExactly(third);
            assertThat(spool.story(first).orElseThrow().sinks())
                    .singleElement()
                    .satisfies(
                            story -> {
                                assertThat(story.state()).isEqualTo(Story.State.REJECTED);
                                assertThat(story.reason()).contains("damaged");
                            });

            mend(folder);
            assertThat(spool.retryRejected("cloud", List.of(first, new ItemId("none"))))
                    .isEqualTo(1);
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(cloud.deliveredIds()).containsExactly(first);

            assertThatThrownBy(() -> spool.dropRejected("cloud", List.of(second, third), 1))
                    .hasMessageContaining("2, which are rejected now");
            assertThatThrownBy(() -> spool.dropRejected("cloud", 3))
                    .hasMessageContaining("2, which are rejected now");
            assertThat(sink(spool, "cloud").rejected().items()).isEqualTo(2);
            assertThat(spool.dropRejected("cloud", List.of(second), 1).items()).isEqualTo(1);
            assertThat(spool.retryRejected("cloud")).isEqualTo(1);
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(cloud.deliveredIds()).containsExactly(first, third);
            assertThat(sink(spool, "cloud").dropped().items()).isEqualTo(1);
            assertThat(spool.find(second)).as("the item stays").isPresent();
            assertThat(spool.story(second).orElseThrow().sinks().getFirst().state())
                    .isEqualTo(Story.State.DROPPED);
            assertThat(spool.status().health()).isEqualTo(Health.GREEN);
            assertSound(spool);
        }
    }

    @Test
    void theStoryOfAnItemTellsWhatBecameOfItAtEachSink() {
        var away = new ScriptedSink();
        away.answerEach(_ -> new Outcome.ItemRefused("too red", "422 no red"));
        ItemId before;
        try (var spool = Camspool.open(config())) {
            before = save(spool, 1);
        }
        var config =
                config().withSink("cloud", cloud)
                        .withSink(named("fresh", away).withStart(Start.NOW))
                        .withSink(named("off", away).withEnabled(false));
        try (var spool = Camspool.open(config)) {
            var item = save(spool, 2);
            assertThat(spool.awaitDelivered(MOMENT)).isFalse();

            assertThat(spool.story(before).orElseThrow().sinks())
                    .extracting(Story.AtSink::state)
                    .containsExactly(
                            Story.State.DELIVERED, Story.State.NOT_OWED, Story.State.PENDING);
            var story = spool.story(item).orElseThrow();
            assertThat(story.acceptedAt()).isAfter(Instant.now().minusSeconds(60));
            var taken = story.sinks().get(0);
            assertThat(taken.state()).isEqualTo(Story.State.DELIVERED);
            assertThat(taken.proof()).contains("proof of " + item);
            assertThat(taken.key()).isPresent();
            assertThat(taken.attempts()).isEqualTo(1);
            var refused = story.sinks().get(1);
            assertThat(refused.state()).isEqualTo(Story.State.WAITING);
            assertThat(refused.when().orElseThrow()).isAfter(story.acceptedAt());
            assertThat(refused.attempts()).isEqualTo(1);
            assertThat(refused.reason()).contains("too red");
            assertThat(refused.answer()).contains("422 no red");
            assertThat(spool.story(new ItemId("none"))).isEmpty();
        }
    }

    @Test
    void aDropIsAnEventForEverySink() throws IOException {
        var disabled =
                config().withSink(named("cloud", cloud).withEnabled(false))
                        .withSink(named("office", cloud).withEnabled(false));
        ItemId told;
        try (var spool = Camspool.open(disabled)) {
            var capture = spool.save(Capture.of("gate", Encoded.of(Pictures.jpeg(64, 48, 1))));
            capture.await(SOON);
            var alert = save(spool, 1);
            var size = spool.find(capture.id()).orElseThrow().bytes();

            assertThat(spool.clear(2).dropped().total().items()).isEqualTo(2);

            assertThat(spool.alerts(Query.ALL).items()).isEmpty();
            var event = spool.alerts(Query.ALL.includingEvents()).items().getFirst();
            assertThat(event.event()).contains("io.camspool.dropped");
            assertThat(new String(spool.read(event.id()).readAllBytes(), UTF_8))
                    .startsWith("{\"reason\":\"cleared by the owner\",\"items\":[{\"id\":")
                    .contains(
                            "{\"id\":\"%s\",\"kind\":\"capture\",\"camera\":\"gate\",\"time\":\""
                                    .formatted(capture.id()))
                    .contains("\"bytes\":" + size + "}")
                    .contains("{\"id\":\"" + alert + "\",\"kind\":\"alert\",\"time\":\"");
            assertThat(spool.status().alerts().accepted().items()).isEqualTo(2);
            assertSound(spool);

            assertThat(sink(spool, "cloud").backlog().items()).isEqualTo(1);
            assertThat(sink(spool, "office").backlog().items()).isEqualTo(1);

            var other = save(spool, 2);
            assertThat(spool.remove(other, Undelivered.DROP)).isEqualTo(Removal.DROPPED);
            var second = spool.alerts(Query.ALL.includingEvents()).items().getFirst();
            assertThat(second.id()).isNotEqualTo(event.id());
            assertThat(spool.remove(second.id(), Undelivered.DROP)).isEqualTo(Removal.DROPPED);
            assertThat(spool.alerts(Query.ALL.includingEvents()).items())
                    .as("the drop of an event is no event")
                    .extracting(StoredAlert::id)
                    .containsExactly(event.id());
            assertSound(spool);
            told = event.id();
        }
        try (var spool = Camspool.open(config().withSink("cloud", cloud))) {
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(cloud.deliveredIds()).containsExactly(told);
        }
        try (var spool = Camspool.open(config())) {
            var alert = save(spool, 3);
            assertThat(spool.remove(alert, Undelivered.DROP)).isEqualTo(Removal.DROPPED);
            assertThat(spool.alerts(Query.ALL.includingEvents()).items())
                    .as("there is no sink to tell")
                    .hasSize(1);
            assertSound(spool);
        }
    }

    @Test
    void whoPausesASinkThatIsNotThereIsTold() {
        try (var spool = Camspool.open(config())) {
            assertThatThrownBy(() -> spool.pauseSink("nowhere"))
                    .isInstanceOf(CamspoolException.class)
                    .hasMessageContaining("nowhere");
        }
    }
}
