package io.camspool;

import static io.camspool.CamspoolTest.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.CamspoolException.Reason;
import io.camspool.sink.ScriptedSink;
import io.camspool.sink.Sinks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A pull sink in a running spool.
final class PullTest {
    @TempDir Path folder;

    private CamspoolConfig config() {
        return CamspoolConfig.in(folder).withDurability(Durability.OS).withPullSink("uploader");
    }

    private static ItemId saveAlert(Camspool spool, int number) {
        var receipt = spool.save(Alert.of("{\"n\":" + number + "}"));
        receipt.await(SOON);
        return receipt.id();
    }

    @Test
    void manyCallersDrainEverythingAndNoneGetsWhatAnotherHas() throws InterruptedException {
        var seen = new ConcurrentLinkedQueue<ItemId>();
        try (var spool = Camspool.open(config())) {
            var ids = new ArrayList<ItemId>();
            for (var i = 0; i < 200; i++) {
                ids.add(saveAlert(spool, i));
            }
            var uploader = spool.pull("uploader");
            var callers = new ArrayList<Thread>();
            for (var i = 0; i < 4; i++) {
                callers.add(
                        Thread.ofPlatform()
                                .start(
                                        () -> {
                                            for (var due = uploader.due(7);
                                                    !due.isEmpty();
                                                    due = uploader.due(7)) {
                                                for (var delivery : due) {
                                                    seen.add(delivery.item().id());
                                                    uploader.confirm(delivery.item().id(), "ok");
                                                }
                                            }
                                        }));
            }
            for (var caller : callers) {
                caller.join();
            }

            assertThat(seen).containsExactlyInAnyOrderElementsOf(ids);
            assertThat(spool.awaitDelivered(Duration.ZERO)).isTrue();
            var status = spool.status().sinks().getFirst();
            assertThat(status.id()).isEqualTo("uploader");
            assertThat(status.delivered().items()).isEqualTo(200);
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
    }

    @Test
    void whatIsOwedStaysAndWhatIsConfirmedMayGo() {
        try (var spool = Camspool.open(config().withSink("cloud", new ScriptedSink()))) {
            var id = saveAlert(spool, 1);
            var uploader = spool.pull("uploader");
            assertThat(spool.awaitDelivered(Duration.ZERO)).isFalse();
            var leased = uploader.due(1);
            assertThat(leased).hasSize(1);
            assertThat(spool.remove(id, Undelivered.DROP)).isEqualTo(Removal.KEPT_LEASED);
            uploader.release(leased.getFirst());
            assertThat(spool.remove(id, Undelivered.KEEP))
                    .isIn(Removal.KEPT_UNDELIVERED, Removal.KEPT_LEASED);

            assertThat(uploader.confirm(id, "ok")).isTrue();

            assertThat(spool.awaitDelivered(SOON)).isTrue();
            var removal = spool.remove(id, Undelivered.KEEP);
            while (removal == Removal.KEPT_LEASED) { // the pump ends its lease after it has booked
                removal = spool.remove(id, Undelivered.KEEP);
            }
            assertThat(removal).isEqualTo(Removal.REMOVED);
            assertThat(spool.status().alerts().dropped().items()).isZero();
        }
    }

    @Test
    void onlyAConfiguredPullSinkCanBeDrained() {
        try (var spool = Camspool.open(config().withSink("cloud", new ScriptedSink()))) {
            assertThatThrownBy(() -> spool.pull("cloud"))
                    .hasMessageContaining("\"cloud\" is not allowed; allowed: uploader");
        }
    }

    @Test
    void oneThatTakesAlertsIsOwedNoCaptures() {
        var alertsOnly =
                CamspoolConfig.in(folder)
                        .withDurability(Durability.OS)
                        .withSink("cache", Sinks.pull(ItemKind.ALERT))
                        .withSink("images", Sinks.pull(ItemKind.CAPTURE));
        try (var spool = Camspool.open(alertsOnly)) {
            var alert = saveAlert(spool, 1);
            var capture = spool.save(Capture.of("gate", Encoded.of(Pictures.jpeg(64, 48, 1))));
            capture.await(SOON);

            assertThat(spool.pull("cache").due(10))
                    .extracting(delivery -> delivery.item().id())
                    .containsExactly(alert);
            assertThat(spool.pull("images").due(10))
                    .extracting(delivery -> delivery.item().id())
                    .containsExactly(capture.id());
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
    }

    @Test
    void aClosedSpoolGivesNothingOut() {
        var spool = Camspool.open(config());
        var id = saveAlert(spool, 1);
        var uploader = spool.pull("uploader");
        spool.close();

        for (Runnable call :
                List.<Runnable>of(() -> uploader.due(1), () -> uploader.confirm(id, "ok"))) {
            assertThatThrownBy(call::run)
                    .isInstanceOfSatisfying(
                            CamspoolException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.CLOSED));
        }
    }

    @Test
    void anItemThatWaitsSinceItsFileIsGoneStaysVisible() throws IOException {
        try (var spool = Camspool.open(config())) {
            var image = Encoded.of(Pictures.jpeg(64, 48, 1));
            var gone = spool.save(Capture.of("gate", image));
            gone.await(SOON);
            Files.delete(gone.path().orElseThrow());
            var other = spool.save(Capture.of("gate", image));
            other.await(SOON);

            assertThat(spool.pull("uploader").due(10)).hasSize(1);
            spool.pull("uploader").confirm(other.id(), "taken");

            assertThat(spool.status().health()).isEqualTo(Status.Health.YELLOW);
            assertThat(spool.status().reasons())
                    .singleElement()
                    .asString()
                    .contains("1 can't be sent", gone.id().value());
            spool.remove(gone.id(), Undelivered.DROP);
            assertThat(spool.status().health()).isEqualTo(Status.Health.GREEN);
        }
    }
}
