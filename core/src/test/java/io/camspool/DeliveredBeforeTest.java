package io.camspool;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Balance.Amount;
import io.camspool.sink.ScriptedSink;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Items that had been delivered by other means before they came here.
final class DeliveredBeforeTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir Path folder;

    private CamspoolConfig config() {
        return CamspoolConfig.in(folder);
    }

    private static Capture capture(int seed) {
        return Capture.of("gate", Encoded.of(Pictures.jpeg(64, 48, seed)));
    }

    private static Alert alert(int n) {
        return Alert.of("{\"n\":" + n + "}");
    }

    private static SinkStatus sink(SpoolReader spool, String id) {
        return spool.status().sinks().stream()
                .filter(sink -> sink.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theyAreOwedToNoSinkNeitherNowNorLater() {
        var now = new ScriptedSink();
        var later = new ScriptedSink();
        var owed = new ArrayList<ItemId>();
        try (var spool = Camspool.open(config().withSink("now", now))) {
            for (var n = 0; n < 1_500; n++) {
                var old = spool.save(alert(n).asDeliveredBefore());
                if (n % 500 == 0) {
                    owed.add(spool.save(alert(n)).await(SOON).id());
                    owed.add(spool.save(capture(n)).await(SOON).id());
                    spool.save(capture(n).asDeliveredBefore()).await(SOON);
                }
                if (n % 100 == 0) {
                    old.await(SOON);
                }
            }
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(now.deliveredIds()).containsExactlyInAnyOrderElementsOf(owed);
        }
        var both = config().withSink("now", now).withSink("later", later);
        try (var spool = Camspool.open(both)) {
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(now.deliveredIds()).containsExactlyInAnyOrderElementsOf(owed);
            assertThat(later.deliveredIds()).containsExactlyInAnyOrderElementsOf(owed);
            assertThat(sink(spool, "later").delivered().items()).isEqualTo(owed.size());
            assertThat(sink(spool, "later").backlog()).isEqualTo(Amount.NONE);
            assertThat(spool.status().alerts().held().items()).isEqualTo(1_503);
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
    }

    @Test
    void theyMayBeRemovedAsDeliveredOnes() {
        var away = new ScriptedSink();
        away.goAway();
        try (var spool = Camspool.open(config().withSink("away", away))) {
            var owed = spool.save(capture(1)).await(SOON);
            var old = spool.save(capture(2).asDeliveredBefore()).await(SOON);
            var oldAlert = spool.save(alert(1).asDeliveredBefore()).await(SOON);
            assertThat(spool.find(old.id()).orElseThrow().deliveredBefore()).isTrue();
            assertThat(spool.find(owed.id()).orElseThrow().deliveredBefore()).isFalse();

            assertThat(spool.remove(owed.id(), Undelivered.KEEP))
                    .isEqualTo(Removal.KEPT_UNDELIVERED);
            assertThat(spool.remove(old.id(), Undelivered.KEEP)).isEqualTo(Removal.REMOVED);
            assertThat(spool.remove(oldAlert.id(), Undelivered.KEEP)).isEqualTo(Removal.REMOVED);

            assertThat(spool.status().captures().removed().items()).isEqualTo(1);
            assertThat(spool.status().captures().dropped()).isEqualTo(Amount.NONE);
            assertThat(spool.status().captures().holds()).isTrue();
            assertThat(spool.status().alerts().holds()).isTrue();
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
    }

    @Test
    void aSinkThatIsNotConfiguredNowDoesNotWaitForThem() {
        try (var spool = Camspool.open(config().withSink("cloud", new ScriptedSink()))) {
            spool.save(alert(0)).await(SOON);
            assertThat(spool.awaitDelivered(SOON)).isTrue();
        }
        try (var spool = Camspool.open(config())) {
            spool.save(alert(1).asDeliveredBefore(), List.of(capture(1).asDeliveredBefore()))
                    .forEach(receipt -> receipt.await(SOON));

            assertThat(sink(spool, "cloud").backlog()).isEqualTo(Amount.NONE);
            spool.save(alert(2)).await(SOON);
            assertThat(sink(spool, "cloud").backlog().items()).isEqualTo(1);
        }
    }
}
