package io.camspool.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.ItemId;
import io.camspool.sink.Batching;
import io.camspool.sink.Outcome;
import io.camspool.sink.ScriptedSink;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Items that break the connection again and again while others pass.
final class SuspectsTest {
    @TempDir Path data;
    private final Suspects suspects = new Suspects(new SplittableRandom(3), () -> 0);

    @Test
    void anItemThatAloneFailsBecomesASuspect() {
        for (var mark = 1; mark <= Suspects.MARKS; mark++) {
            assertThat(suspects.contains(7)).isFalse();
            suspects.mark(7, Duration.ZERO);
            suspects.passed(100 + mark);
        }
        assertThat(suspects.contains(7)).isTrue();
        suspects.passed(7);
        assertThat(suspects.contains(7)).isFalse();
    }

    @Test
    void anOutageMakesNoSuspect() {
        for (var i = 0; i < 100; i++) {
            suspects.mark(7, Duration.ZERO);
        }
        assertThat(suspects.contains(7)).isFalse();
        assertThat(suspects.rest()).isEmpty();
    }

    @Test
    void noMoreThanAThousandAreRemembered() {
        for (var round = 0; round < Suspects.MARKS; round++) {
            for (var seq = 0; seq <= Suspects.MOST; seq++) {
                suspects.mark(seq, Duration.ZERO);
            }
            suspects.passed(-1);
        }
        var remembered = 0;
        for (var seq = 0; seq <= Suspects.MOST; seq++) {
            remembered += suspects.contains(seq) ? 1 : 0;
        }
        assertThat(remembered).isLessThanOrEqualTo(Suspects.MOST);
    }

    @Test
    void aSuspectIsSentLastAndAloneAndHoldsUpNobody() throws IOException, InterruptedException {
        var sink = new ScriptedSink(Batching.of(1, 1_000_000));
        var run = new PumpRun(data, sink);
        try {
            sink.answerEach(
                    delivery ->
                            delivery.item().id().value().equals("poison")
                                    ? new Outcome.NetworkFault("reset")
                                    : ScriptedSink.taken(delivery));
            run.alert("poison", 9, 500);
            for (var i = 0; i < 20; i++) {
                run.alert("a" + i, 5, 0);
                run.step();
                run.step();
                run.step();
            }
            for (var i = 0; i < 30; i++) {
                run.step();
            }
            assertThat(run.status().delivered().items()).isEqualTo(20);
            assertThat(run.status().backlog().items()).isEqualTo(1);
            assertThat(run.status().rejected().items()).isZero();
            assertThat(run.pump().trouble()).hasValue("poison fails again and again: reset");
            var before = sink.batches().size();
            run.alert("b");
            run.step();
            assertThat(PumpRun.ids(sink.batches().get(before))).containsExactly("b");

            sink.comeBack();
            run.now = run.now.plus(Breaker.LONGEST_STEP);
            for (var i = 0; i < 10; i++) {
                run.step();
            }
            assertThat(run.status().backlog().items()).isZero();
            assertThat(run.pump().trouble()).isEmpty();
        } finally {
            run.close();
        }
    }

    @Test
    void anItemThatAloneIsAFaultOfTheSinkStopsNoOther() throws IOException, InterruptedException {
        holdsUpNobody(new Outcome.SinkFault("answered 500"), Optional.empty());
    }

    @Test
    void anItemThatAloneBreaksTheConnectionStopsNoOther() throws IOException, InterruptedException {
        holdsUpNobody(new Outcome.NetworkFault("reset"), Optional.empty());
    }

    @Test
    void anItemThatAloneIsAnsweredBusyStopsNoOther() throws IOException, InterruptedException {
        holdsUpNobody(busy(Duration.ofMinutes(1)), Optional.empty());
    }

    @Test
    void norDoesThatWhereTheProbeOfTheSinkItselfGoesWell()
            throws IOException, InterruptedException {
        holdsUpNobody(busy(Duration.ofMinutes(1)), Optional.of(new Outcome.Delivered("200")));
    }

    private static Outcome busy(Duration retryAfter) {
        return new Outcome.SinkFault("answered 503", Optional.of(retryAfter));
    }

    @Test
    void norDoesItWhereTheProbeOfTheSinkItselfGoesWell() throws IOException, InterruptedException {
        var well = Optional.<Outcome>of(new Outcome.Delivered("200"));
        holdsUpNobody(new Outcome.NetworkFault("reset"), well);
    }

    private void holdsUpNobody(Outcome outcome, Optional<Outcome> probe)
            throws IOException, InterruptedException {
        var sink = new ScriptedSink(Batching.of(1, 1_000_000).withParallel(4));
        var run = new PumpRun(data, sink);
        try {
            run.alert("poison", 5, 100);
            for (var i = 0; i < 20; i++) {
                run.alert("good" + i, 5, 500);
            }
            sink.answerProbes(probe);
            failPoison(sink, outcome);
            for (var i = 0; i < 30; i++) {
                run.step();
            }

            assertThat(run.status().delivered().items()).isEqualTo(20);
            assertThat(run.status().rejected().items()).isZero();
        } finally {
            run.close();
        }
    }

    @Test
    void aSuspectIsTriedThoughThereIsAlwaysSomethingDue() throws IOException, InterruptedException {
        var sink = new ScriptedSink(Batching.of(1, 1_000_000).withParallel(4));
        var run = new PumpRun(data, sink);
        try {
            run.alert("poison", 9, 0);
            for (var i = 0; i < 10; i++) {
                run.alert("good" + i);
            }
            failPoison(sink, new Outcome.NetworkFault("reset"));
            for (var i = 0; i < 40; i++) {
                run.step();
            }
            assertThat(run.status().backlog().items()).isEqualTo(1);
            sink.comeBack();
            run.now = run.now.plus(Breaker.LONGEST_STEP);
            for (var i = 0; i < 200; i++) {
                run.alert("more" + i);
            }
            run.holdSends();
            run.pump().runOnce();
            for (var i = 0; i < 60; i++) {
                run.finishSend();
                run.pump().runOnce();
            }

            assertThat(sink.deliveredIds()).contains(new ItemId("poison"));
            assertThat(run.status().backlog().items()).as("others are due").isPositive();
        } finally {
            while (run.sendsUnderWay() > 0) {
                run.finishSend();
            }
            run.close();
        }
    }

    private static void failPoison(ScriptedSink sink, Outcome outcome) {
        sink.answerEach(
                delivery ->
                        delivery.item().id().value().equals("poison")
                                ? outcome
                                : ScriptedSink.taken(delivery));
    }

    @Test
    void manySuspectsAskASinkThatIsAwayNoMoreOftenThanOne()
            throws IOException, InterruptedException {
        var sink = new ScriptedSink(Batching.of(1, 1_000_000).withParallel(4));
        var run = new PumpRun(data, sink);
        try {
            sink.answerEach(
                    delivery ->
                            delivery.item().id().value().startsWith("big")
                                    ? new Outcome.NetworkFault("reset")
                                    : ScriptedSink.taken(delivery));
            for (var i = 0; i < 20; i++) {
                run.alert("big" + i, 5, 1_000);
            }
            for (var i = 0; i < 400; i++) {
                run.alert("small" + i);
                run.step();
                run.step();
            }
            assertThat(run.status().backlog().items()).as("all that is left").isEqualTo(20);
            sink.goAway();
            var before = sink.sent().size();
            var end = run.now.plus(Duration.ofMinutes(60));
            while (run.now.isBefore(end)) {
                run.step();
            }
            assertThat(sink.sent().size() - before).isBetween(5, 60);

            sink.comeBack();
            run.now = run.now.plus(Breaker.LONGEST_STEP);
            for (var i = 0; i < 200; i++) {
                run.step();
            }
            assertThat(run.status().backlog().items()).isZero();
        } finally {
            run.close();
        }
    }

    @Test
    void suspectsLeaveASinkThatIsBusyAloneForAsLongAsItAsks()
            throws IOException, InterruptedException {
        var sink = new ScriptedSink(Batching.of(1, 1_000_000).withParallel(4));
        var run = new PumpRun(data, sink);
        try {
            sink.answerEach(
                    delivery ->
                            delivery.item().id().value().startsWith("big")
                                    ? busy(Duration.ofSeconds(1))
                                    : ScriptedSink.taken(delivery));
            for (var i = 0; i < 5; i++) {
                run.alert("big" + i, 5, 1_000);
            }
            for (var i = 0; i < 100; i++) {
                run.alert("small" + i);
                run.step();
                run.step();
            }
            assertThat(run.status().backlog().items()).as("all that is left").isEqualTo(5);
            sink.answerEach(_ -> busy(Duration.ofMinutes(10)));
            assertAskedAtMostOnceAStep(run, sink);
            for (var i = 0; i < 20; i++) {
                run.alert("late" + i);
            }
            assertAskedAtMostOnceAStep(run, sink);
        } finally {
            run.close();
        }
    }

    private static void assertAskedAtMostOnceAStep(PumpRun run, ScriptedSink sink) {
        var before = sink.sent().size();
        var end = run.now.plus(Duration.ofMinutes(60));
        while (run.now.isBefore(end)) {
            run.step();
        }
        assertThat(sink.sent().size() - before).isBetween(1, 7);
    }
}
