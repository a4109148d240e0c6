package io.camspool.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.ItemKind;
import io.camspool.SpoolEvent.SinkDown;
import io.camspool.SpoolEvent.SinkUp;
import io.camspool.sink.Batching;
import io.camspool.sink.Outcome;
import io.camspool.sink.ScriptedSink;
import io.camspool.sink.Timetable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a sink that is at fault is asked, and when.
final class BreakerTest {
    @TempDir Path data;
    private final ScriptedSink sink = new ScriptedSink(Batching.of(10, 1_000_000).withParallel(4));
    private PumpRun run;

    @BeforeEach
    void open() throws IOException {
        run = new PumpRun(data, sink);
    }

    @AfterEach
    void close() throws InterruptedException {
        run.close();
    }

    @Test
    void aSinkThatIsAwayIsAskedOnceAStepWhateverTheBacklog() {
        for (var i = 0; i < 50; i++) {
            run.alert("a" + i);
        }
        sink.goAway();
        for (var step = 1; step <= 40; step++) {
            assertThat(run.step()).isBetween(Duration.ofMillis(1), Breaker.LONGEST_STEP);
            assertThat(sink.batches()).hasSize(step);
            run.alert("new" + step);
            run.pump().runOnce();
        }
        assertThat(sink.batches().stream().skip(1)).as("probes").allMatch(sent -> sent.size() == 1);
        assertThat(run.status().rejected().items()).isZero();

        sink.comeBack();
        for (var i = 0; i < 20; i++) {
            run.step();
        }
        assertThat(run.status().backlog().items()).isZero();
        assertThat(run.pump().trouble()).isEmpty();
    }

    @Test
    void aSinkIsToldToBeDownOnceAndToBeUpAlsoByTheNextRun() throws InterruptedException {
        var feed = run.report().listen(10);
        run.alert("a");
        sink.goAway();
        for (var i = 0; i < 5; i++) {
            run.step();
        }
        assertThat(feed.next(Duration.ZERO)).contains(new SinkDown("cloud", "no route to host"));
        assertThat(feed.next(Duration.ZERO)).isEmpty();

        run.reopen();
        feed = run.report().listen(10);
        run.step();
        run.step();
        assertThat(feed.next(Duration.ZERO)).as("nothing has changed").isEmpty();
        sink.comeBack();
        run.step();
        run.step();
        assertThat(feed.next(Duration.ZERO)).contains(new SinkUp("cloud"));
    }

    @Test
    void aSaveDoesNotShortenTheWait() {
        run.alert("a");
        sink.goAway();
        var wait = run.pump().runOnce();
        run.alert("b");

        assertThat(run.pump().runOnce()).isEqualTo(wait);
        assertThat(sink.batches()).hasSize(1);
    }

    @Test
    void anOwnerWhoAsksHasTheSinkTriedAtOnce() {
        run.alert("a");
        sink.goAway();
        run.pump().runOnce();
        sink.comeBack();

        run.pump().hurry();
        run.pump().runOnce();

        assertThat(sink.batches()).hasSize(2);
        run.pump().runOnce();
        assertThat(run.status().backlog().items()).isZero();
    }

    @Test
    void theSmallestDueDeliveryIsTheProbe() {
        run.alert("a", 9, 900);
        run.alert("b", 5, 100);
        run.alert("c", 5, 500);
        sink.goAway();
        run.step();
        run.step();

        assertThat(PumpRun.ids(sink.batches().getLast())).containsExactly("b");
    }

    @Test
    void theProbeOfTheSinkItselfIsEnough() {
        run.alert("a");
        sink.goAway();
        sink.answerProbes(Optional.of(new Outcome.NetworkFault("still no route")));
        run.step();
        for (var i = 0; i < 5; i++) {
            run.step();
        }
        assertThat(sink.batches()).hasSize(1);
        assertThat(run.pump().trouble()).hasValue("still no route");
        assertThat(run.status().nextProbe()).isPresent();

        sink.comeBack();
        sink.answerProbes(Optional.of(new Outcome.Delivered("200")));
        run.step();
        run.step();
        assertThat(run.status().nextProbe()).isEmpty();
        assertThat(run.status().backlog().items()).isZero();
    }

    @Test
    void afterAnOutageItBeginsWithOneSendAtATime() {
        for (var i = 0; i < 200; i++) {
            run.alert("a" + i);
        }
        sink.goAway();
        run.step();
        sink.comeBack();
        run.step();
        run.holdSends();
        run.step();

        assertThat(run.sendsUnderWay()).isEqualTo(1);
    }

    @Test
    void whatIsUnderWayWhenItOpensFinishesAndNothingStarts() throws IOException {
        run.holdSends();
        run.alert("a");
        run.capture("c", 100);
        run.step();
        assertThat(run.sendsUnderWay()).as("a slot a kind").isEqualTo(2);
        sink.goAway();
        run.finishSend();
        run.pump().runOnce();
        run.alert("b");
        run.pump().runOnce();
        assertThat(run.sendsUnderWay()).isEqualTo(1);

        sink.comeBack();
        run.finishSend();
        run.pump().runOnce();
        assertThat(run.status().delivered().items()).isEqualTo(1);
        assertThat(run.sendsUnderWay()).isZero();
        assertThat(run.pump().trouble()).hasValue("no route to host");
    }

    @Test
    void whatIsLeftOfTheWaitIsWaitedForAfterAReopen() throws InterruptedException {
        run.alert("a");
        sink.answerEach(_ -> new Outcome.SinkFault("busy", Optional.of(Duration.ofMinutes(50))));
        run.pump().runOnce();
        run.now = run.now.plus(Duration.ofMinutes(20));
        run.pump().runOnce();
        run.reopen();
        sink.comeBack();

        assertThat(run.pump().runOnce()).isEqualTo(Duration.ofMinutes(30));
        assertThat(sink.batches()).hasSize(1);
        run.now = run.now.plus(Duration.ofMinutes(30));
        run.pump().runOnce();
        assertThat(run.status().backlog().items()).isZero();
        run.pump().runOnce();
        run.reopen();
        run.alert("b");
        assertThat(run.pump().runOnce()).as("it is well").isZero();
    }

    @Test
    void aClockThatWasSetBackMakesAReopenWaitNoLongerThanAStep() throws InterruptedException {
        run.alert("a");
        sink.goAway();
        run.pump().runOnce();
        run.now = run.now.minus(Duration.ofDays(20_000));
        run.reopen();

        assertThat(run.pump().runOnce()).isBetween(Duration.ofMillis(1), Breaker.LONGEST_STEP);
    }

    @Test
    void tenItemsRefusedForOneReasonAreAFaultOfTheSinkAndTakenBack()
            throws IOException, InterruptedException {
        run.close();
        var one = new ScriptedSink(Batching.of(1, 1_000_000));
        run = new PumpRun(data, one, new Pump.Options(false, 1, ZoneOffset.UTC, Timetable.OFF));
        for (var i = 0; i < 30; i++) {
            run.alert("a" + i);
        }
        one.answerEach(_ -> new Outcome.ItemRefused("404", "no such bucket"));
        for (var i = 0; i < 9; i++) {
            run.step();
        }
        assertThat(run.status().rejected().items()).as("rejected so far").isEqualTo(9);
        run.step();

        assertThat(run.status().rejected().items()).isZero();
        assertThat(run.status().backlog().items()).isEqualTo(30);
        assertThat(run.pump().trouble()).hasValue("refuses every item: 404");
        for (var i = 0; i < 20; i++) {
            assertThat(run.step()).isPositive();
        }
        assertThat(one.sent().stream().skip(10).map(ScriptedSink.Sent::id).distinct())
                .as("each in turn is the probe")
                .hasSizeGreaterThan(10);
        assertThat(run.status().rejected().items()).isZero();
        assertThat(run.ledger().reads().imbalances()).isEmpty();

        one.comeBack();
        for (var i = 0; i < 40; i++) {
            run.step();
        }
        assertThat(run.status().delivered().items()).isEqualTo(30);
        assertThat(run.pump().trouble()).isEmpty();
        assertThat(run.ledger().reads().imbalances()).isEmpty();
    }

    @Test
    void nineRefusedItemsAreTheirOwnFaultAndSoAreTenWithASuccessBetween() {
        for (var i = 0; i < 19; i++) {
            run.alert("a" + i);
        }
        sink.answerEach(
                delivery ->
                        delivery.item().id().value().equals("a9")
                                ? ScriptedSink.taken(delivery)
                                : new Outcome.ItemRefused("422", "not valid"));
        for (var i = 0; i < 5; i++) {
            run.pump().runOnce();
        }
        assertThat(sink.sent()).hasSize(19);
        assertThat(run.pump().trouble()).isEmpty();
        assertThat(run.status().delivered().items()).isEqualTo(1);
    }

    @Test
    void manyItemsThatAreRefusedForThemselvesHoldUpNoOtherForLong() {
        for (var i = 0; i < 15; i++) {
            run.alert("bad" + i, 9, 0);
        }
        for (var i = 0; i < 40; i++) {
            run.alert("good" + i);
        }
        sink.answerEach(
                delivery ->
                        delivery.item().id().value().startsWith("bad")
                                ? new Outcome.ItemRefused("422", "not valid")
                                : ScriptedSink.taken(delivery));
        for (var i = 0; i < 150; i++) {
            run.step();
        }

        assertThat(run.status().delivered().items()).isEqualTo(40);
        assertThat(run.status().rejected().items()).isEqualTo(15);
        assertThat(run.pump().trouble()).isEmpty();
        assertThat(run.ledger().reads().imbalances()).isEmpty();
    }

    @Test
    void aStepThatEndedWhileNobodyRanIsNoNextProbe() throws InterruptedException {
        run.alert("a");
        sink.goAway();
        run.pump().runOnce();
        run.now = run.now.plus(Duration.ofHours(2));
        sink.comeBack();
        run.reopen();
        run.pump().runOnce();
        run.pump().runOnce();

        assertThat(run.status().nextProbe()).isEmpty();
    }

    @Test
    void aSinkThatWasAwayIsAskedByASingleProbeAfterTheStepEndedWhileNobodyRan()
            throws InterruptedException {
        for (var i = 0; i < 10; i++) {
            run.alert("a" + i);
        }
        sink.goAway();
        run.pump().runOnce();
        run.now = run.now.plus(Duration.ofHours(2));
        run.reopen();
        run.pump().runOnce();
        assertThat(sink.batches()).hasSize(2);
        assertThat(sink.batches().getLast()).as("the probe").hasSize(1);
        assertThat(run.pump().runOnce()).isPositive();

        sink.comeBack();
        run.now = run.now.plus(Breaker.LONGEST_STEP);
        run.step();
        run.step();
        assertThat(run.status().backlog().items()).isZero();
    }

    @Test
    void aReadThatFailsBeforeAProbeKeepsNoLaterOneBack() throws SQLException {
        run.alert("a");
        sink.goAway();
        run.step();
        sink.comeBack();
        run.sql("UPDATE items SET id = 'no id!'");
        assertThatThrownBy(() -> run.pump().runOnce()).isInstanceOf(RuntimeException.class);
        run.sql("UPDATE items SET id = 'a'");
        run.step();
        run.step();

        assertThat(run.status().delivered().items()).isEqualTo(1);
    }

    @Test
    void moreRefusedItemsThanAProbeLooksAtHoldUpNoOther() {
        for (var i = 0; i < 120; i++) {
            run.alert("bad" + i, 9, 0);
        }
        sink.answerEach(
                delivery ->
                        delivery.item().id().value().startsWith("bad")
                                ? new Outcome.ItemRefused("422", "unknown camera")
                                : ScriptedSink.taken(delivery));
        for (var i = 0; i < 30; i++) {
            run.step();
        }
        for (var i = 0; i < 20; i++) {
            run.alert("good" + i);
        }
        for (var i = 0; i < 500; i++) {
            run.step();
        }

        assertThat(run.status().delivered().items()).isEqualTo(20);
        assertThat(run.ledger().reads().imbalances()).isEmpty();
    }

    @Test
    void aCaptureIsAProbeTooWhileAlertsAreRefused() throws IOException {
        for (var i = 0; i < 120; i++) {
            run.alert("bad" + i);
        }
        sink.answerEach(
                delivery ->
                        delivery.item().kind() == ItemKind.ALERT
                                ? new Outcome.ItemRefused("422", "not valid")
                                : ScriptedSink.taken(delivery));
        for (var i = 0; i < 30; i++) {
            run.step();
        }
        run.capture("good", 5_000);
        for (var i = 0; i < 5; i++) {
            run.step();
        }

        assertThat(run.status().delivered().items()).isEqualTo(1);
    }

    @Test
    void theProbeAfterAFailedOneIsAnother() {
        for (var i = 0; i < 30; i++) {
            run.alert("a" + i, 5, 100 + i);
        }
        sink.goAway();
        for (var i = 0; i < 11; i++) {
            run.step();
        }

        assertThat(PumpRun.ids(sink.sent()).stream().skip(10)).hasSize(10).doesNotHaveDuplicates();
    }

    /// Two sends are under way, of which the first fails.
    private void failOneOfTwo() throws IOException {
        run.holdSends();
        run.alert("a");
        run.capture("c", 100);
        run.step();
        sink.goAway();
        run.finishSend();
    }

    @Test
    void whatAsksForTimeWhileItIsOpenIsWaitedForAfterAReopen()
            throws IOException, InterruptedException {
        failOneOfTwo();
        run.pump().runOnce();
        sink.answerEach(_ -> new Outcome.SinkFault("busy", Optional.of(Duration.ofMinutes(30))));
        run.finishSend();
        assertThat(run.pump().runOnce()).isEqualTo(Duration.ofMinutes(30));
        run.reopen();

        assertThat(run.pump().runOnce()).isEqualTo(Duration.ofMinutes(30));
    }

    @Test
    void aFailedProbeCutsNoWaitShortThatWasAskedForMeanwhile() throws IOException {
        failOneOfTwo();
        run.step();
        run.pump().runOnce();
        assertThat(run.sendsUnderWay()).as("with the probe").isEqualTo(2);
        sink.answerEach(_ -> new Outcome.SinkFault("busy", Optional.of(Duration.ofMinutes(30))));
        run.finishSend();
        assertThat(run.pump().runOnce()).isEqualTo(Duration.ofMinutes(30));
        sink.goAway();
        run.finishSend();

        assertThat(run.pump().runOnce()).isEqualTo(Duration.ofMinutes(30));
    }
}
