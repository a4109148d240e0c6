package io.camspool.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.DeliveryState;
import io.camspool.Durability;
import io.camspool.ItemId;
import io.camspool.ItemKind;
import io.camspool.Query;
import io.camspool.Undelivered;
import io.camspool.internal.ledger.RemovalOrder.DropEvent;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What grows with the backlog is never scanned and never sorted: as SQLite says how it would run
/// each statement.
final class PlanTest {
    private static final ActiveSink CLOUD = new ActiveSink(1, "cloud", true);
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final Query PENDING = Query.ALL.withDelivery("cloud", DeliveryState.PENDING);

    private static final RemovalOrder DROP =
            new RemovalOrder(
                    List.of(new ItemId("e")),
                    Undelivered.DROP,
                    false,
                    "test",
                    0,
                    Optional.of(new DropEvent(new ItemId("event"), "alerts/event.json")));

    @TempDir Path folder;
    private Connection connection;

    @BeforeEach
    void makeTables() throws SQLException {
        connection = Connections.writer(folder.resolve(Ledger.FILE), Durability.OS);
        Schema.create(connection, "abcdef123456");
        try (var statement = connection.createStatement()) {
            statement.execute("INSERT INTO sinks (id, required, next_seq) VALUES ('cloud', 1, 1)");
            statement.execute("INSERT INTO sinks (id, required, next_seq) VALUES ('late', 1, 1)");
        }
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    @ParameterizedTest
    @MethodSource
    void aReadFindsItsRowsByAnIndex(String sql) throws SQLException {
        assertNothingIsScanned(sql);
    }

    static Stream<String> aReadFindsItsRowsByAnIndex() {
        return Stream.of(
                Reads.FIND,
                Reads.NEWEST,
                Reads.NEWEST_IMAGE,
                Reads.PATH,
                Reads.KNOWS_PATH,
                Reads.JSON,
                Reads.AFTER,
                DueDeliveries.DUE,
                DueDeliveries.DUE_ONE,
                DueDeliveries.DUE_OLDEST_FIRST,
                DueDeliveries.DUE_NEWEST_FIRST,
                DueDeliveries.SEALED,
                DueDeliveries.MEMBERS,
                DueDeliveries.RIPE,
                Reads.POSTPONED,
                Reads.REMOVING,
                Reads.ACCEPTED,
                DeliveryLog.STORY,
                RejectedDeliveries.PAGE,
                "SELECT " + SinkTable.OLDEST + " FROM sinks s");
    }

    @Test
    void theNewestImageOfACameraIsFoundWhateverElseItsAlertHas() throws SQLException {
        assertThat(plan(Reads.NEWEST))
                .containsExactly(
                        "SEARCH i USING INDEX items_by_alert_camera (alert_id=? AND camera=?)");
    }

    @ParameterizedTest
    @MethodSource
    void aPageWalksAnIndexInItsOrder(Query query) throws SQLException {
        for (var kind : ItemKind.values()) {
            assertNothingIsScanned(PageStatement.of(kind, query, Optional.of(1), 1).sql());
        }
    }

    static Stream<Query> aPageWalksAnIndexInItsOrder() {
        return Stream.of(Query.ALL, Query.ALL.ofCamera("gate-1"), Query.ALL.ofAlert("alert-42"))
                .flatMap(query -> Stream.of(query, query.between(NOON, NOON.plusSeconds(1))))
                .flatMap(query -> Stream.of(query, query.after("1-1")))
                .flatMap(
                        query ->
                                Stream.of(
                                        query,
                                        query.withPriority(5),
                                        query.withLabel("class", "car"),
                                        query.withDelivery("cloud", DeliveryState.PENDING),
                                        query.withDelivery("cloud", DeliveryState.REJECTED),
                                        query.withDelivery("cloud", DeliveryState.DELIVERED)));
    }

    @Test
    void everythingThatIsWrittenFindsItsRowsByAnIndex() throws SQLException {
        var statements = new Round.Statements(connection);
        var round = new Round(statements);
        var appends = new Appends("box-1", "abcdef", List.of(CLOUD));
        for (var id : List.of("a", "b", "c", "d", "e")) {
            appends.append(
                    round, List.of(Items.item(ItemKind.ALERT, id, NOON, 5, Map.of("k", "v"))));
        }
        var capture = Items.item(ItemKind.CAPTURE, "f", NOON, 5, Map.of());
        appends.append(round, List.of(Items.withCallersId(capture)));
        var imported = Items.item(ItemKind.CAPTURE, "g", NOON, 5, Map.of());
        appends.append(round, List.of(Items.deliveredBefore(imported)));
        assertThat(appends.fill(round, 2)).isFalse();
        Batches.seal(round, CLOUD, ItemKind.ALERT, "id", "key", List.of(1L, 2L), 5);
        var answers =
                List.<Answer>of(
                        new Answer.Confirmed(1, "proof"),
                        new Answer.Refused(2, "reason", "answer", 10),
                        new Answer.Postponed(3, "reason", 10),
                        new Answer.Rejected(4, "reason", "answer"));
        assertThat(Answers.book(round, appends, CLOUD, answers, 5).seqs()).hasSize(4);
        assertThat(
                        Answers.book(round, appends, CLOUD, List.of(new Answer.TakenBack(4, 1)), 5)
                                .seqs())
                .hasSize(1);
        Answers.book(round, appends, CLOUD, List.of(answers.getLast()), 5);
        assertThat(Answers.noteNextProbe(round, CLOUD, 10)).isEqualTo(1);
        assertThat(Answers.ripen(round, CLOUD, 10, Duration.ofSeconds(80))).isEqualTo(2);
        var removed = Removals.mark(round, appends, DROP).getFirst();
        assertThat(Removals.finish(round, List.of(removed.remains().orElseThrow().seq())))
                .isEqualTo(1);
        Removals.mark(round, appends, Ledgers.drop(new ItemId("f"), NOON.toEpochMilli()));
        Answers.book(round, appends, CLOUD, List.of(answers.getLast()), 6);
        assertThat(RejectedDeliveries.retry(round, 1, List.of(new ItemId("d")))).isEqualTo(1);
        Answers.book(round, appends, CLOUD, List.of(answers.getLast()), 6);
        assertThat(
                        RejectedDeliveries.drop(round, appends, 1, List.of(new ItemId("d")), 1, 7)
                                .items())
                .containsExactly(new ItemId("d"));
        assertThat(SinkTable.pause(round, "cloud", true)).isEqualTo(1);
        assertThat(SinkTable.forget(round, "late", 5).items()).isEqualTo(5);
        assertThat(SinkTable.forgetStep(round)).isTrue();
        Schema.vouch(round);
        round.finish();
        round.commit();

        assertThat(statements.texts()).hasSizeGreaterThan(20);
        for (var sql : statements.texts()) {
            if (!sql.startsWith("BEGIN") && !sql.equals("COMMIT")) {
                assertNothingIsScanned(sql);
            }
        }
    }

    @Test
    void aPageOfWhatIsPendingLooksAtTheDeliveriesOfItsOwnItems() throws SQLException {
        assertThat(plan(PageStatement.of(ItemKind.ALERT, PENDING, Optional.of(1), 1).sql()))
                .anyMatch(step -> step.startsWith("SEARCH d ") && step.contains("seq=?"));
    }

    private void assertNothingIsScanned(String sql) throws SQLException {
        assertThat(plan(sql))
                .as(sql)
                .noneMatch(
                        step ->
                                step.matches(
                                        "SCAN (i|d|o|items|deliveries|batches|confirmations|drops|past_ids|absences|follow_ups)\\b.*"))
                .noneMatch(step -> step.contains("TEMP B-TREE"));
    }

    private List<String> plan(String sql) throws SQLException {
        var steps = new ArrayList<String>();
        try (var statement = connection.prepareStatement("EXPLAIN QUERY PLAN " + sql);
                var rows = statement.executeQuery()) {
            while (rows.next()) {
                steps.add(rows.getString("detail"));
            }
        }
        return steps;
    }
}
