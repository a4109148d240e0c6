package io.camspool.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.ItemId;
import io.camspool.Removal;
import io.camspool.Undelivered;
import io.camspool.internal.ledger.Answer;
import io.camspool.internal.ledger.Ledger;
import io.camspool.internal.ledger.RemovalOrder;
import io.camspool.sink.Batch;
import io.camspool.sink.Batching;
import io.camspool.sink.Outcome;
import io.camspool.sink.ScriptedSink;
import io.camspool.sink.Timetable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Batches that become one object.
final class SealedBatchTest {
    @TempDir Path data;
    private final ScriptedSink sink = new ScriptedSink(Batching.of(3, 1_000_000).asSealed());
    private final List<Batch> batches = new ArrayList<>();
    private PumpRun run;

    @BeforeEach
    void open() throws IOException {
        run = new PumpRun(data, sink);
    }

    @AfterEach
    void close() throws InterruptedException {
        run.close();
    }

    /// Answers each batch as a whole.
    private void answer(Function<Batch, Outcome> answer) {
        sink.answer(
                batch -> {
                    batches.add(batch);
                    var outcome = answer.apply(batch);
                    return batch.deliveries().stream().map(_ -> outcome).toList();
                });
    }

    private void takeAll() {
        answer(batch -> new Outcome.Delivered(batch.seal().orElseThrow().id()));
    }

    private static List<String> ids(Batch batch) {
        return batch.deliveries().stream().map(one -> one.item().id().value()).toList();
    }

    private long sealed() throws SQLException {
        return count("SELECT count(*) FROM batches");
    }

    private long count(String sql) throws SQLException {
        try (var connection =
                        DriverManager.getConnection("jdbc:sqlite:" + data.resolve(Ledger.FILE));
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            return rows.getLong(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (var connection =
                        DriverManager.getConnection("jdbc:sqlite:" + data.resolve(Ledger.FILE));
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void aBatchIsInTheLedgerBeforeItIsSentAndGoneWithItsAnswer() throws SQLException {
        var sealedWhenSent = new ArrayList<Long>();
        answer(
                _ -> {
                    try {
                        sealedWhenSent.add(
                                count("SELECT count(*) FROM deliveries WHERE batch IS NOT NULL"));
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                    return new Outcome.Delivered("etag");
                });
        run.alert("low", 1, 0);
        run.alert("high", 9, 0);
        run.step();

        assertThat(sealedWhenSent).containsExactly(2L);
        assertThat(ids(batches.getFirst())).as("by seq").containsExactly("low", "high");
        var seal = batches.getFirst().seal().orElseThrow();
        assertThat(seal.key()).isEqualTo("box-1~abcdef/alerts/20261123/12/" + seal.id());
        assertThat(run.status().delivered().items()).isEqualTo(2);
        assertThat(sealed()).isZero();
        assertThat(run.ledger().reads().imbalances()).isEmpty();
    }

    @Test
    void itIsSentAgainUnchangedAlsoByTheNextRun() throws InterruptedException, SQLException {
        answer(_ -> new Outcome.NetworkFault("no answer"));
        for (var id : List.of("a", "b", "c")) {
            run.alert(id);
        }
        run.step();
        run.alert("urgent", 9, 0);
        run.step();
        run.reopen();
        takeAll();
        run.step();
        run.step();
        run.step();

        assertThat(batches).hasSizeGreaterThanOrEqualTo(4);
        var first = batches.getFirst();
        var same = batches.stream().filter(one -> one.seal().equals(first.seal())).toList();
        assertThat(same).hasSizeGreaterThanOrEqualTo(2);
        assertThat(same).allMatch(one -> ids(one).equals(List.of("a", "b", "c")));
        assertThat(batches.stream().filter(one -> ids(one).contains("a")))
                .as("in no other batch")
                .hasSameSizeAs(same);
        assertThat(run.status().delivered().items()).isEqualTo(4);
        assertThat(sealed()).isZero();
    }

    @Test
    void earlierRefusalsThatAreTakenBackLeaveItAsItIs() throws SQLException {
        answer(_ -> new Outcome.NetworkFault("no answer"));
        run.alert("a");
        run.alert("b");
        run.step();
        execute("UPDATE deliveries SET refusals = 3 WHERE seq = 1");
        run.ledger()
                .answer(
                        run.ledger().sinks().getFirst(),
                        List.of(new Answer.TakenBack(1, 2)),
                        run.now.toEpochMilli())
                .join();
        assertThat(count("SELECT refusals FROM deliveries WHERE seq = 1")).isEqualTo(1);
        takeAll();
        for (var i = 0; i < 5; i++) {
            run.step();
        }

        assertThat(batches).extracting(Batch::seal).containsOnly(batches.getFirst().seal());
        assertThat(batches).extracting(SealedBatchTest::ids).containsOnly(List.of("a", "b"));
        assertThat(run.status().delivered().items()).isEqualTo(2);
        assertThat(run.ledger().reads().imbalances()).isEmpty();
    }

    @Test
    void aSealedItemIsPassedOverByRemovals() {
        answer(_ -> new Outcome.NetworkFault("no answer"));
        run.alert("a");
        run.step();
        var order =
                new RemovalOrder(
                        List.of(new ItemId("a")),
                        Undelivered.DROP,
                        false,
                        "test",
                        0,
                        Optional.empty());

        assertThat(run.ledger().markRemovals(order).join().getFirst().removal())
                .isEqualTo(Removal.KEPT_LEASED);
        takeAll();
        run.step();
        assertThat(run.ledger().markRemovals(order).join().getFirst().removal())
                .isEqualTo(Removal.REMOVED);
    }

    @Test
    void oneThatIsRefusedIsOpenedAndItsItemsGoInOthersUntilTheBadOneIsAlone() throws SQLException {
        answer(
                batch ->
                        ids(batch).contains("bad")
                                ? new Outcome.ItemRefused("422", "not valid")
                                : new Outcome.Delivered("etag"));
        run.alert("a");
        run.alert("bad");
        run.alert("b");
        run.step();
        assertThat(sealed()).isZero();
        assertThat(run.status().backlog().items()).isEqualTo(3);
        for (var i = 0; i < 100; i++) {
            run.step();
        }
        assertThat(run.status().delivered().items()).isEqualTo(2);
        assertThat(run.status().rejected().items()).isEqualTo(1);
        assertThat(batches)
                .extracting(one -> one.seal().orElseThrow().id())
                .doesNotHaveDuplicates();
        assertThat(sealed()).isZero();
        assertThat(run.ledger().reads().imbalances()).isEmpty();
    }

    @Test
    void aDamagedMemberIsRejectedBeforeItIsSealed() throws SQLException {
        takeAll();
        run.alert("a");
        run.alert("damaged");
        execute("UPDATE items SET json = '{}' WHERE id = 'damaged'");
        run.step();

        assertThat(batches).hasSize(1);
        assertThat(ids(batches.getFirst())).containsExactly("a");
        assertThat(run.status().rejected().items()).isEqualTo(1);
        assertThat(sealed()).isZero();
    }

    @Test
    void aMemberThatIsDamagedAfterItWasSealedIsNeverSentAgain() throws SQLException {
        answer(_ -> new Outcome.NetworkFault("no answer"));
        run.alert("a");
        run.alert("damaged");
        run.step();
        execute("UPDATE items SET json = '{}' WHERE id = 'damaged'");
        takeAll();
        for (var i = 0; i < 5; i++) {
            run.step();
        }
        assertThat(ids(batches.getLast())).containsExactly("a");
        assertThat(run.status().rejected().items()).isEqualTo(1);
        assertThat(run.status().delivered().items()).isEqualTo(1);
        assertThat(sealed()).isZero();
    }

    @Test
    void nothingIsSentThatCannotBeSealed() throws SQLException {
        takeAll();
        run.alert("a");
        execute("CREATE TRIGGER t BEFORE INSERT ON batches BEGIN SELECT RAISE(ABORT, 'no'); END");
        for (var i = 0; i < 5; i++) {
            assertThat(run.step()).isPositive();
            assertThat(run.pump().trouble().orElseThrow()).contains("can't seal");
        }
        assertThat(batches).isEmpty();
        execute("DROP TRIGGER t");
        run.step();
        assertThat(run.status().delivered().items()).isEqualTo(1);
        assertThat(run.pump().trouble()).isEmpty();
    }

    @Test
    void aBatchThatTheNetworkNeverLetsThroughHoldsUpNoOther() {
        answer(
                batch ->
                        ids(batch).contains("poison")
                                ? new Outcome.NetworkFault("reset")
                                : new Outcome.Delivered("etag"));
        run.alert("poison");
        run.step();
        for (var i = 0; i < 12; i++) {
            run.alert("a" + i);
            run.step();
            run.step();
            run.step();
        }
        for (var i = 0; i < 20; i++) {
            run.step();
        }
        assertThat(run.status().delivered().items()).isEqualTo(12);
        assertThat(run.status().backlog().items()).isEqualTo(1);
        assertThat(run.status().rejected().items()).isZero();
        takeAll();
        for (var i = 0; i < 20; i++) {
            run.step();
        }
        assertThat(run.status().backlog().items()).isZero();
    }

    @Test
    void whoIsRefusedOnlyWithOthersIsNeverRejected() throws IOException, InterruptedException {
        run.close();
        var wide = new ScriptedSink(Batching.of(100, 1_000_000).asSealed());
        run = new PumpRun(data, wide, new Pump.Options(false, 1, ZoneOffset.UTC, Timetable.OFF));
        wide.answer(
                batch -> {
                    var outcome =
                            ids(batch).contains("bad")
                                    ? new Outcome.ItemRefused("422", "not valid")
                                    : new Outcome.Delivered("etag");
                    return batch.deliveries().stream().<Outcome>map(_ -> outcome).toList();
                });
        for (var i = 0; i < 20; i++) {
            run.alert("good" + i);
        }
        run.alert("bad");
        for (var i = 0; i < 100; i++) {
            run.step();
        }

        assertThat(run.status().delivered().items()).isEqualTo(20);
        assertThat(run.status().rejected().items()).isEqualTo(1);
        assertThat(run.ledger().reads().imbalances()).isEmpty();
    }

    @Test
    void whatAFailedReadHasNotFoundIsFoundLater() throws InterruptedException, SQLException {
        answer(_ -> new Outcome.NetworkFault("no answer"));
        run.alert("a");
        run.step();
        run.now = run.now.plus(Duration.ofHours(2));
        run.reopen();
        takeAll();
        execute("UPDATE items SET id = 'no id!'");
        assertThatThrownBy(() -> run.pump().runOnce()).isInstanceOf(RuntimeException.class);
        execute("UPDATE items SET id = 'a'");
        for (var i = 0; i < 5; i++) {
            run.step();
        }

        assertThat(run.status().delivered().items()).isEqualTo(1);
        assertThat(batches).extracting(Batch::seal).containsOnly(batches.getFirst().seal());
    }

    @Test
    void aLongOutageSealsFewItemsAlone() throws SQLException {
        answer(_ -> new Outcome.NetworkFault("no answer"));
        for (var i = 0; i < 500; i++) {
            run.alert("a" + i);
        }
        for (var i = 0; i < 600; i++) {
            run.step();
        }

        assertThat(batches).hasSize(600);
        assertThat(sealed())
                .as("of which one more is sealed the rarer the more there are")
                .isBetween(10L, 50L);
    }
}
