package io.camspool;

import static io.camspool.CamspoolTest.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.sink.NamedSink;
import io.camspool.sink.ScriptedSink;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sinks that have a place for one kind of items only.
final class KindsTest {
    @TempDir Path folder;

    private final ScriptedSink platform = new ScriptedSink().onlyFor(ItemKind.ALERT);
    private final ScriptedSink bucket = new ScriptedSink().onlyFor(ItemKind.CAPTURE);

    private CamspoolConfig config() {
        return CamspoolConfig.in(folder);
    }

    private CamspoolConfig both() {
        return config().withSink("platform", platform).withSink("bucket", bucket);
    }

    private static ItemId saveAlert(Camspool spool) {
        return saved(spool.save(Alert.of("{}")));
    }

    private static ItemId saveCapture(Camspool spool) {
        return saved(spool.save(Capture.of("gate", Encoded.of(Pictures.jpeg(64, 48, 1)))));
    }

    private static ItemId saved(Receipt receipt) {
        receipt.await(SOON);
        return receipt.id();
    }

    private static long backlog(Camspool spool, String id) {
        return spool.status().sinks().stream()
                .filter(sink -> sink.id().equals(id))
                .findFirst()
                .orElseThrow()
                .backlog()
                .items();
    }

    @Test
    void eachIsOwedItsKindAloneAndBothDrain() {
        try (var spool = Camspool.open(both())) {
            var alert = saveAlert(spool);
            var capture = saveCapture(spool);

            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(platform.deliveredIds()).containsExactly(alert);
            assertThat(bucket.deliveredIds()).containsExactly(capture);
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
            for (var id : List.of(alert, capture)) {
                assertThat(spool.remove(id, Undelivered.KEEP)).isEqualTo(Removal.REMOVED);
            }
        }
    }

    @Test
    void aSinkAddedLaterIsOwedWhatIsHeldOfItsKind() {
        var alert = hold().getFirst();
        try (var spool = Camspool.open(config().withSink("platform", platform))) {
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(platform.deliveredIds()).containsExactly(alert);
            assertThat(backlog(spool, "platform")).isZero();
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
    }

    @Test
    void whatNoSinkTakesIsUndelivered() {
        try (var spool = Camspool.open(config().withSink("platform", platform))) {
            var capture = saveCapture(spool);
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(spool.remove(capture, Undelivered.KEEP)).isEqualTo(Removal.KEPT_UNDELIVERED);
            assertThat(spool.remove(capture, Undelivered.DROP)).isEqualTo(Removal.DROPPED);
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
    }

    @Test
    void aKindThatASinkTakesFromNowOnIsOwedFromNowOn() {
        ItemId before;
        try (var spool = Camspool.open(config().withSink("cloud", platform))) {
            before = saveCapture(spool);
        }
        var cloud = new ScriptedSink();
        try (var spool = Camspool.open(config().withSink("cloud", cloud))) {
            var later = saveCapture(spool);
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(cloud.deliveredIds()).containsExactly(later);
            assertThat(spool.remove(before, Undelivered.KEEP)).isEqualTo(Removal.KEPT_UNDELIVERED);
            assertThat(spool.remove(later, Undelivered.KEEP)).isEqualTo(Removal.REMOVED);
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
    }

    @Test
    void whatIsOwedOfAKindThatASinkNoLongerTakesStaysOwed() {
        var cloud = new ScriptedSink();
        cloud.goAway();
        ItemId capture;
        try (var spool = Camspool.open(config().withSink("cloud", cloud))) {
            capture = saveCapture(spool);
        }
        try (var spool = Camspool.open(config().withSink("cloud", platform))) {
            saveCapture(spool);
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(platform.deliveredIds()).containsExactly(capture);
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
    }

    @Test
    void whatASinkLagsBehindByOfAKindItNoLongerTakesIsNotOwed() {
        hold();
        var lagging = new NamedSink("cloud", true, new ScriptedSink()).withEnabled(false);
        try (var spool = Camspool.open(config().withSink(lagging))) {
            assertThat(backlog(spool, "cloud")).isEqualTo(2);
        }
        try (var spool = Camspool.open(config().withSink("cloud", platform))) {
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(platform.delivered()).hasSize(1);
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
    }

    private List<ItemId> hold() {
        try (var spool = Camspool.open(config())) {
            return List.of(saveAlert(spool), saveCapture(spool));
        }
    }
}
