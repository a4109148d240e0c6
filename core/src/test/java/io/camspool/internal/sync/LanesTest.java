package io.camspool.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.sink.Batching;
import io.camspool.sink.NamedSink;
import io.camspool.sink.ScriptedSink;
import io.camspool.sink.Timetable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// In which order deliveries are leased.
final class LanesTest {
    private static final int BYTES = 100;

    @TempDir Path data;
    private final ScriptedSink sink = new ScriptedSink(Batching.of(1, 1_000_000));
    private PumpRun run;

    @BeforeEach
    void open() throws IOException {
        run = new PumpRun(data, sink);
    }

    @AfterEach
    void close() throws InterruptedException {
        run.close();
    }

    private void alerts(String prefix, int priority, int count) {
        for (var i = 0; i < count; i++) {
            run.alert(prefix + i, priority, BYTES);
        }
    }

    /// With a pump that finds what is saved so far as backlog.
    private void becomesBacklog() throws InterruptedException {
        run.reopen();
        sink.goAway();
        run.step();
        sink.comeBack();
    }

    private List<String> steps(int count) {
        var before = sink.delivered().size();
        for (var i = 0; i < count; i++) {
            assertThat(run.pump().runOnce()).isZero();
        }
        return PumpRun.ids(sink.delivered()).subList(before, before + count);
    }

    @Test
    void liveAndBacklogShareSeventyToThirtyByBytes() throws InterruptedException {
        alerts("old-", 5, 100);
        becomesBacklog();
        alerts("new-", 5, 100);

        var sent = steps(100);
        assertThat(sent.stream().filter(id -> id.startsWith("new-")).count()).isBetween(62L, 72L);
        assertThat(sent.stream().filter(id -> id.startsWith("new-")).toList())
                .as("oldest first")
                .startsWith("new-0", "new-1", "new-2");
    }

    @Test
    void eachLaneHasTheWholeWayWhereTheOtherHasNothingDue() throws InterruptedException {
        alerts("old-", 5, 20);
        becomesBacklog();
        assertThat(steps(10)).allMatch(id -> id.startsWith("old-"));
        alerts("new-", 5, 2);

        assertThat(steps(1)).containsExactly("new-0");
    }

    @Test
    void whatWasLiveHalfAMinuteAgoIsBacklog() {
        run.pump().runOnce();
        alerts("old-", 9, 20);
        run.now = run.now.plus(Duration.ofSeconds(1));
        sink.goAway();
        run.step();
        run.now = run.now.plus(Duration.ofSeconds(31));
        sink.comeBack();
        run.step();
        alerts("new-", 1, 20);

        assertThat(steps(8)).as("a lower priority, but live").contains("new-0", "new-1");
    }

    @Test
    void everyTenthLeaseTakesTheOldestOfAll() {
        run.alert("low", 0, BYTES);
        alerts("high-", 9, 30);

        assertThat(steps(10)).contains("low");
        assertThat(PumpRun.ids(sink.delivered()).getLast()).isEqualTo("low");
    }

    @Test
    void anImageIsNotStarvedByAlertsWhereTheyShareASlot() throws IOException {
        run.capture("image", BYTES);
        alerts("a", 9, 30);

        assertThat(steps(10)).contains("image");
    }

    @Test
    void theBacklogGoesNewestFirstWhereTheSinkSaysSo() throws IOException, InterruptedException {
        run.close();
        run =
                new PumpRun(
                        data,
                        sink,
                        new Pump.Options(
                                true, NamedSink.MAX_REFUSALS, ZoneOffset.UTC, Timetable.OFF));
        alerts("a", 5, 5);

        assertThat(steps(5)).containsExactly("a4", "a3", "a2", "a1", "a0");
    }

    @Test
    void alertsDoNotWaitForTheSlotsOfImages() throws IOException, InterruptedException {
        run.close();
        var parallel = new ScriptedSink(Batching.of(1, 1_000_000).withParallel(2));
        run = new PumpRun(data, parallel);
        run.holdSends();
        run.capture("image-1", BYTES);
        run.capture("image-2", BYTES);
        run.pump().runOnce();
        assertThat(run.sendsUnderWay()).isEqualTo(1);
        run.alert("a", 5, BYTES);
        run.pump().runOnce();

        assertThat(run.sendsUnderWay()).isEqualTo(2);
    }

    @Test
    void aBatchThatIsNotFullLingers() throws IOException, InterruptedException {
        run.close();
        var lingering =
                new ScriptedSink(Batching.of(3, 1_000_000).withLinger(Duration.ofSeconds(4)));
        run = new PumpRun(data, lingering);
        run.alert("a");
        assertThat(run.pump().runOnce()).isEqualTo(Duration.ofSeconds(4));
        run.now = run.now.plusSeconds(3);
        run.alert("b");
        assertThat(run.pump().runOnce()).isEqualTo(Duration.ofSeconds(1));
        assertThat(lingering.batches()).isEmpty();
        run.alert("c");
        run.pump().runOnce();
        assertThat(lingering.batches()).extracting(List::size).as("full").containsExactly(3);

        run.alert("d");
        run.pump().runOnce();
        run.now = run.now.plusSeconds(4);
        run.pump().runOnce();
        assertThat(PumpRun.ids(lingering.batches().getLast())).containsExactly("d");
        run.alert("e");
        run.pump().flush();
        run.pump().runOnce();
        assertThat(PumpRun.ids(lingering.batches().getLast())).containsExactly("e");
    }

    @Test
    void aFlushIsRememberedWhileItsKindHasNoSlot() throws IOException, InterruptedException {
        run.close();
        var lingering =
                new ScriptedSink(
                        Batching.of(2, 1_000_000).withParallel(2).withLinger(Duration.ofHours(1)));
        run = new PumpRun(data, lingering);
        run.holdSends();
        for (var id : List.of("c1", "c2", "c3")) {
            run.capture(id, 10);
        }
        run.step();
        run.pump().flush();
        run.pump().runOnce();
        assertThat(run.sendsUnderWay()).isEqualTo(1);
        run.finishSend();
        run.pump().runOnce();
        run.pump().runOnce();

        assertThat(run.sendsUnderWay()).as("the rest").isEqualTo(1);
        run.finishSend();
        assertThat(PumpRun.ids(lingering.batches().getLast())).containsExactly("c3");
    }
}
