package io.camspool;

import static io.camspool.CamspoolTest.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.CamspoolException.Reason;
import io.camspool.Measures.Deliveries;
import io.camspool.Measures.Items;
import io.camspool.SpoolEvent.Delivered;
import io.camspool.SpoolEvent.Dropped;
import io.camspool.SpoolEvent.Rejected;
import io.camspool.SpoolEvent.SinkDown;
import io.camspool.SpoolEvent.SinkUp;
import io.camspool.internal.disk.FaultyDisk;
import io.camspool.internal.disk.FaultyDisk.Call;
import io.camspool.internal.engine.Engine;
import io.camspool.internal.engine.Worlds;
import io.camspool.sink.NamedSink;
import io.camspool.sink.Outcome;
import io.camspool.sink.ScriptedSink;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a running spool tells of itself: events and measures.
final class EventsTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir Path folder;
    private final ScriptedSink cloud = new ScriptedSink();

    private CamspoolConfig config() {
        return CamspoolConfig.in(folder).withBox("box-1").withZone(ZoneOffset.UTC);
    }

    private static SpoolEvent next(EventFeed feed) {
        return feed.next(SOON).orElseThrow();
    }

    private static Capture capture() {
        return Capture.of("gate", Encoded.of(Pictures.jpeg(64, 48, 1))).at(NOON);
    }

    private static Stored saved(Receipt receipt) {
        return receipt.await(SOON);
    }

    private static SpoolEvent.Stored ofCapture(Stored stored) {
        return new SpoolEvent.Stored(
                stored.id(),
                ItemKind.CAPTURE,
                stored.seq(),
                Optional.of("gate"),
                Optional.of("a-1"),
                NOON,
                stored.bytes());
    }

    @Test
    void whatIsSavedAndSentIsToldAndMeasured() {
        try (var spool = Camspool.open(config().withSink("cloud", cloud))) {
            spool.pauseSink("cloud");
            Stored alert;
            Stored capture;
            try (var feed = spool.events(100)) {
                var receipts =
                        spool.save(Alert.of("{}").withAlert("a-1").at(NOON), List.of(capture()));
                alert = saved(receipts.getFirst());
                capture = saved(receipts.getLast());
                assertThat(next(feed))
                        .isEqualTo(
                                new SpoolEvent.Stored(
                                        alert.id(),
                                        ItemKind.ALERT,
                                        alert.seq(),
                                        Optional.empty(),
                                        Optional.of("a-1"),
                                        NOON,
                                        alert.bytes()));
                assertThat(next(feed)).isEqualTo(ofCapture(capture));
                spool.resumeSink("cloud");
                assertThat(List.of(next(feed), next(feed)))
                        .containsExactlyInAnyOrder(
                                new Delivered("cloud", alert.id(), ItemKind.ALERT),
                                new Delivered("cloud", capture.id(), ItemKind.CAPTURE));
                assertThat(feed.missed()).isZero();
            }
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            var measures = spool.measures();
            assertThat(measures.cameras())
                    .containsExactly(
                            new Measures.OfCamera(
                                    Optional.empty(),
                                    new Items(0, 0, 0),
                                    new Items(1, 1, 0),
                                    Optional.empty()),
                            new Measures.OfCamera(
                                    Optional.of("gate"),
                                    new Items(1, 1, 0),
                                    new Items(0, 0, 0),
                                    Optional.of(NOON)));
            assertThat(measures.admission().count()).isEqualTo(1);
            assertThat(measures.encode().count()).isEqualTo(1);
            assertThat(measures.write().count()).isEqualTo(1);
            assertThat(measures.commit().count()).isPositive();
            assertThat(measures.commit().sum()).isPositive();
            assertThat(measures.sinks())
                    .singleElement()
                    .satisfies(
                            sink -> {
                                assertThat(sink.sink()).isEqualTo("cloud");
                                assertThat(sink.send().count()).isEqualTo(2);
                                assertThat(sink.captures())
                                        .isEqualTo(new Deliveries(1, 0, 0, 0, 0));
                                assertThat(sink.alerts()).isEqualTo(new Deliveries(1, 0, 0, 0, 0));
                            });
        }
    }

    @Test
    void anImageThatCanNotBeStoredCountsAsFailedForItsCamera() {
        var disk = new FaultyDisk();
        try (var spool = Engine.open(config(), Worlds.with(disk));
                var feed = spool.events(1)) {
            disk.breakWith(FaultyDisk.failing(Call.CREATE, "no room"));
            var receipt = spool.save(capture());
            assertThatThrownBy(() -> receipt.await(SOON)).isInstanceOf(CamspoolException.class);
            assertThat(spool.measures().cameras().getFirst().captures())
                    .isEqualTo(new Items(1, 0, 1));
            assertThat(spool.status().intake().orElseThrow().failed()).isEqualTo(1);
            assertThat(feed.next(Duration.ZERO)).isEmpty();
            disk.mend();
        }
    }

    @Test
    void aSinkThatGoesAndComesBackIsToldOnceEach() {
        try (var spool = Camspool.open(config().withSink("cloud", cloud));
                var feed = spool.events(100)) {
            cloud.goAway();
            var alert = saved(spool.save(Alert.of("{}")));
            assertThat(next(feed)).isInstanceOf(SpoolEvent.Stored.class);
            assertThat(next(feed)).isEqualTo(new SinkDown("cloud", "no route to host"));
            cloud.comeBack();
            assertThat(next(feed)).isEqualTo(new SinkUp("cloud"));
            assertThat(next(feed)).isEqualTo(new Delivered("cloud", alert.id(), ItemKind.ALERT));
            assertThat(spool.measures().sinks().getFirst().alerts().networkFaults()).isPositive();
        }
    }

    @Test
    void whatIsRejectedAndThenDroppedIsTold() {
        cloud.answerEach(_ -> new Outcome.ItemRefused("not wanted", ""));
        var strict = new NamedSink("cloud", true, cloud).withMaxRefusals(1);
        try (var spool = Camspool.open(config().withSink(strict));
                var feed = spool.events(100)) {
            var alert = saved(spool.save(Alert.of("{}")));
            assertThat(next(feed)).isInstanceOf(SpoolEvent.Stored.class);
            assertThat(next(feed))
                    .isEqualTo(new Rejected("cloud", alert.id(), ItemKind.ALERT, "not wanted"));
            spool.dropRejected("cloud", 1);
            assertThat(next(feed))
                    .isEqualTo(
                            new Dropped(
                                    alert.id(),
                                    ItemKind.ALERT,
                                    "its delivery to sink cloud: rejected, dropped by the owner"));
            assertThat(spool.measures().sinks().getFirst().alerts())
                    .isEqualTo(new Deliveries(0, 1, 1, 0, 0));
        }
    }

    @Test
    void onlyWhatIsRemovedUndeliveredIsToldAsDropped() {
        try (var spool = Camspool.open(config().withPullSink("uploader"));
                var feed = spool.events(100)) {
            var delivered = saved(spool.save(Alert.of("{\"n\":1}")));
            var undelivered = saved(spool.save(Alert.of("{\"n\":2}")));
            assertThat(next(feed)).isInstanceOf(SpoolEvent.Stored.class);
            assertThat(next(feed)).isInstanceOf(SpoolEvent.Stored.class);
            spool.pull("uploader").confirm(List.of(delivered.id()), "proof");
            assertThat(next(feed))
                    .isEqualTo(new Delivered("uploader", delivered.id(), ItemKind.ALERT));
            spool.remove(delivered.id(), Undelivered.DROP);
            spool.remove(undelivered.id(), Undelivered.KEEP);
            spool.remove(undelivered.id(), Undelivered.DROP);
            assertThat(next(feed))
                    .isEqualTo(
                            new Dropped(undelivered.id(), ItemKind.ALERT, "removed by the owner"));
        }
    }

    @Test
    void aFeedEndsWithItsSpool() {
        var spool = Camspool.open(config());
        var feed = spool.events(10);
        spool.save(Alert.of("{}"));
        spool.close();
        assertThat(next(feed)).isInstanceOf(SpoolEvent.Stored.class);
        assertThatThrownBy(() -> feed.next(SOON))
                .isInstanceOfSatisfying(
                        CamspoolException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.CLOSED));
    }
}
