package io.camspool.internal.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.EventFeed;
import io.camspool.ItemId;
import io.camspool.ItemKind;
import io.camspool.Measures;
import io.camspool.Measures.Bucket;
import io.camspool.Measures.Deliveries;
import io.camspool.Measures.Items;
import io.camspool.SpoolEvent;
import io.camspool.SpoolEvent.SinkDown;
import io.camspool.SpoolEvent.SinkUp;
import io.camspool.internal.report.Report.Step;
import io.camspool.sink.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ReportTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private long nanos = Long.MAX_VALUE - 5; // it may come to overflow
    private final Report report = new Report(() -> nanos, 2);

    private void takes(Step step, Duration time) {
        var began = report.now();
        nanos += time.toNanos();
        assertThat(report.took(step, began)).isEqualTo(time.toNanos());
    }

    private static Optional<SpoolEvent> next(EventFeed feed) {
        return feed.next(Duration.ZERO);
    }

    private static void assertClosed(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CamspoolException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.CLOSED));
    }

    @Test
    void bucketsCountWhatTookNoLongerThanTheirLimit() {
        takes(Step.COMMIT, Duration.ZERO);
        takes(Step.COMMIT, Duration.ofNanos(100_000));
        takes(Step.COMMIT, Duration.ofNanos(100_001));
        takes(Step.COMMIT, Duration.ofSeconds(60));
        takes(Step.COMMIT, Duration.ofSeconds(61));
        var commit = report.measures().commit();
        assertThat(commit.buckets())
                .startsWith(
                        new Bucket(Duration.ofNanos(100_000), 2),
                        new Bucket(Duration.ofNanos(250_000), 3))
                .endsWith(
                        new Bucket(Duration.ofSeconds(30), 3),
                        new Bucket(Duration.ofSeconds(60), 4));
        assertThat(commit.count()).isEqualTo(5);
        assertThat(commit.sum()).isEqualTo(Duration.ofSeconds(121).plusNanos(200_001));
        assertThat(report.measures().write().count()).isZero();
    }

    @Test
    void camerasThatFindNoRoomAreCountedUnderOneName() {
        for (var name : new String[] {"yard", "gate", "shed", "road"}) {
            report.accepted(ItemKind.CAPTURE, Optional.of(name));
            report.stored(ItemKind.CAPTURE, Optional.of(name), NOON);
        }
        report.accepted(ItemKind.ALERT, Optional.of("gate"));
        report.failed(ItemKind.ALERT, Optional.of("gate"));
        report.accepted(ItemKind.ALERT, Optional.empty());
        report.stored(ItemKind.ALERT, Optional.empty(), NOON);
        assertThat(report.measures().cameras())
                .containsExactly(
                        new Measures.OfCamera(
                                Optional.of("gate"),
                                new Items(1, 1, 0),
                                new Items(1, 0, 1),
                                Optional.of(NOON)),
                        new Measures.OfCamera(
                                Optional.of(Measures.OTHER),
                                new Items(2, 2, 0),
                                new Items(1, 1, 0),
                                Optional.of(NOON)),
                        new Measures.OfCamera(
                                Optional.of("yard"),
                                new Items(1, 1, 0),
                                new Items(0, 0, 0),
                                Optional.of(NOON)));
        assertThat(report.failed()).isEqualTo(1);
    }

    @Test
    void alertsWithoutACameraHaveNoNameOfOne() {
        report.accepted(ItemKind.ALERT, Optional.empty());
        assertThat(report.measures().cameras())
                .singleElement()
                .satisfies(
                        none -> {
                            assertThat(none.camera()).isEmpty();
                            assertThat(none.lastCapture()).isEmpty();
                            assertThat(none.alerts()).isEqualTo(new Items(1, 0, 0));
                        });
    }

    @Test
    void answersOfASinkAreCountedByKind() {
        var cloud = report.sink("cloud");
        cloud.answered(ItemKind.ALERT, new Outcome.Delivered("proof"));
        cloud.answered(ItemKind.ALERT, new Outcome.ItemRefused("no", ""));
        cloud.answered(ItemKind.CAPTURE, new Outcome.NetworkFault("no route"));
        cloud.answered(ItemKind.CAPTURE, new Outcome.SinkFault("busy"));
        cloud.delivered(new ItemId("a"), ItemKind.ALERT);
        cloud.rejected(new ItemId("b"), ItemKind.ALERT, "no");
        assertThat(report.measures().sinks())
                .singleElement()
                .satisfies(
                        sink -> {
                            assertThat(sink.captures()).isEqualTo(new Deliveries(0, 0, 0, 1, 1));
                            assertThat(sink.alerts()).isEqualTo(new Deliveries(1, 1, 1, 0, 0));
                        });
    }

    @Test
    void aSlowReaderMissesWhatFindsNoRoomAndTheOthersDoNot() {
        try (var slow = report.listen(2);
                var quick = report.listen(3)) {
            for (var i = 0; i < 3; i++) {
                report.tell(new SinkUp("sink-" + i));
            }
            assertThat(slow.missed()).isEqualTo(1);
            assertThat(next(slow)).contains(new SinkUp("sink-0"));
            report.tell(new SinkUp("sink-3"));
            assertThat(next(slow)).contains(new SinkUp("sink-1"));
            assertThat(next(slow)).contains(new SinkUp("sink-3"));
            assertThat(next(slow)).isEmpty();
            assertThat(slow.missed()).isEqualTo(1);
            assertThat(quick.missed()).isEqualTo(1);
            assertThat(next(quick)).contains(new SinkUp("sink-0"));
        }
    }

    @Test
    void onlyChangesOfASinkAreTold() {
        var cloud = report.sink("cloud");
        cloud.down("before anybody listened");
        try (var feed = report.listen(10)) {
            cloud.down("still");
            cloud.up();
            cloud.up();
            cloud.down("no route");
            cloud.down("no route");
            assertThat(next(feed)).contains(new SinkUp("cloud"));
            assertThat(next(feed)).contains(new SinkDown("cloud", "no route"));
            assertThat(next(feed)).isEmpty();
        }
    }

    @Test
    void nobodyListensToWhatIsClosed() {
        assertThat(report.isHeard()).isFalse();
        var feed = report.listen(1);
        assertThat(report.isHeard()).isTrue();
        report.tell(new SinkUp("cloud"));
        feed.close();
        assertThat(report.isHeard()).isFalse();
        assertClosed(() -> next(feed));
    }

    @Test
    void whatWasToldBeforeTheSpoolClosedIsStillRead() {
        var feed = report.listen(1);
        report.tell(new SinkUp("cloud"));
        report.close();
        assertThat(next(feed)).contains(new SinkUp("cloud"));
        assertClosed(() -> next(feed));
        assertClosed(() -> report.listen(1));
    }

    @Test
    void aReaderThatWaitsIsWoken() {
        var feed = report.listen(1);
        var read = CompletableFuture.supplyAsync(() -> feed.next(SOON));
        report.tell(new SinkUp("cloud"));
        assertThat(read.join()).contains(new SinkUp("cloud"));
        var waiting = CompletableFuture.supplyAsync(() -> feed.next(SOON));
        feed.close();
        assertThatThrownBy(waiting::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(CamspoolException.class);
    }

    @Test
    void anInterruptedReaderIsToldSo() {
        try (var feed = report.listen(1)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> feed.next(SOON))
                    .isInstanceOfSatisfying(
                            CamspoolException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.TIMEOUT));
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aFeedHoldsSomeEventsAndNotTooMany() {
        for (var capacity : new int[] {0, 100_001}) {
            assertThatThrownBy(() -> report.listen(capacity))
                    .isInstanceOfSatisfying(
                            CamspoolException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.INVALID));
        }
    }
}
