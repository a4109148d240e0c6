package io.camspool;

import static io.camspool.CamspoolTest.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.internal.disk.Disk;
import io.camspool.internal.engine.Engine;
import io.camspool.internal.engine.Worlds;
import io.camspool.sink.CaptureLink;
import io.camspool.sink.Delivery;
import io.camspool.sink.NamedSink;
import io.camspool.sink.Outcome;
import io.camspool.sink.ScriptedSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Alerts to a platform that wait until their images are in a bucket.
final class AfterTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final String URL = "https://images.example/{key}";

    @TempDir Path folder;

    private final ScriptedSink bucket = new ScriptedSink().onlyFor(ItemKind.CAPTURE);
    private final ScriptedSink platform = new ScriptedSink().onlyFor(ItemKind.ALERT);
    private final List<Sent> sent = new CopyOnWriteArrayList<>();

    private record Sent(
            StoredAlert alert, List<CaptureLink> links, boolean isIncomplete, String json) {
        List<Optional<String>> urls() {
            return links.stream().map(CaptureLink::url).toList();
        }

        List<Optional<String>> urlsOfAll() {
            return links.stream()
                    .map(link -> Optional.of(URL.replace("{key}", link.key())))
                    .toList();
        }
    }

    @BeforeEach
    void noteWhatThePlatformIsSent() {
        platform.answerEach(this::note);
    }

    private Outcome note(Delivery delivery) {
        try (var in = delivery.open()) {
            sent.add(
                    new Sent(
                            (StoredAlert) delivery.item(),
                            delivery.captures(),
                            delivery.isIncomplete(),
                            new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ScriptedSink.taken(delivery);
    }

    private CamspoolConfig config(Duration limit) {
        return CamspoolConfig.in(folder)
                .withBox("box-1")
                .withZone(ZoneOffset.UTC)
                .withSink(new NamedSink("platform", true, platform).withAfter("bucket", limit))
                .withSink(new NamedSink("bucket", true, bucket).withPublicUrl(URL));
    }

    private static List<ItemId> save(Camspool spool) {
        return save(spool, Alert.of("{}").withAlert("42"));
    }

    private static List<ItemId> save(Camspool spool, Alert alert) {
        var captures =
                List.of(1, 2).stream()
                        .map(i -> Capture.of("gate", Encoded.of(Pictures.jpeg(64, 48, i))))
                        .toList();
        return spool.save(alert, captures).stream()
                .map(
                        receipt -> {
                            receipt.await(SOON);
                            return receipt.id();
                        })
                .toList();
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        var end = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time is up").isLessThan(end);
            Thread.sleep(5);
        }
    }

    private static void assertSound(Camspool spool) {
        assertThat(spool.verify(_ -> {}).problems()).isEmpty();
    }

    @Test
    void anAlertGoesOnceItsImagesAreThereAndSaysWhere() throws InterruptedException {
        bucket.goAway();
        try (var spool = Camspool.open(config(LONG))) {
            var ids = save(spool);
            var alone = spool.save(Alert.of("{}"));
            until(() -> sent.size() == 1 && !bucket.sent().isEmpty());
            assertThat(sent.getFirst().alert.id()).isEqualTo(alone.id());
            assertThat(spool.story(ids.getFirst()).orElseThrow().sinks().getFirst().state())
                    .isEqualTo(Story.State.WAITING);
            assertSound(spool);
            bucket.comeBack();

            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(sent).hasSize(2);
            var alert = sent.getLast();
            assertThat(alert.alert.id()).isEqualTo(ids.getFirst());
            assertThat(alert.isIncomplete).isFalse();
            assertThat(alert.urls()).hasSize(2).isEqualTo(alert.urlsOfAll());
            assertThat(bucket.deliveredIds()).containsExactlyInAnyOrder(ids.get(1), ids.get(2));
            assertThat(spool.remove(ids.getFirst(), Undelivered.KEEP)).isEqualTo(Removal.REMOVED);
            assertSound(spool);
        }
    }

    @Test
    void anAlertThatHasWaitedLongEnoughGoesIncompleteAndIsFollowedUp() throws InterruptedException {
        bucket.goAway();
        try (var spool = Camspool.open(config(Duration.ZERO))) {
            var ids = save(spool);
            until(() -> !sent.isEmpty());
            var alert = sent.getFirst();
            assertThat(alert.isIncomplete).isTrue();
            assertThat(alert.urls()).containsOnly(Optional.empty());
            assertThat(sent).hasSize(1);
            bucket.comeBack();

            until(() -> sent.size() == 2);
            var event = sent.getLast();
            assertThat(event.alert.event()).contains("io.camspool.completed");
            assertThat(event.alert.alertId()).contains("42");
            assertThat(event.isIncomplete).isFalse();
            assertThat(event.json)
                    .isEqualTo(
                            """
                            {"alert":{"id":"%s","seq":1,"alertId":"42"},"captures":[\
                            {"id":"%s","key":"%s","url":"%s"},{"id":"%s","key":"%s","url":"%s"}]}"""
                                    .formatted(
                                            ids.get(0),
                                            ids.get(1),
                                            alert.links.get(0).key(),
                                            alert.urlsOfAll().get(0).orElseThrow(),
                                            ids.get(2),
                                            alert.links.get(1).key(),
                                            alert.urlsOfAll().get(1).orElseThrow()));
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertSound(spool);
        }
    }

    @Test
    void anAlertWhoseImageIsDroppedGoesWithoutItsAddress() throws InterruptedException {
        bucket.goAway();
        try (var spool = Camspool.open(config(LONG))) {
            var ids = save(spool);
            until(() -> spool.remove(ids.get(1), Undelivered.DROP) == Removal.DROPPED);
            bucket.comeBack();

            until(() -> sent.stream().anyMatch(one -> one.alert.id().equals(ids.getFirst())));
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            var alert =
                    sent.stream().filter(one -> one.alert.id().equals(ids.getFirst())).findFirst();
            assertThat(alert.orElseThrow().isIncomplete).isTrue();
            assertThat(alert.orElseThrow().urls())
                    .containsExactly(Optional.empty(), alert.orElseThrow().urlsOfAll().get(1));
            until(
                    () ->
                            sent.stream()
                                    .anyMatch(
                                            one ->
                                                    one.alert
                                                            .event()
                                                            .filter("io.camspool.completed"::equals)
                                                            .isPresent()));
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertSound(spool);
        }
    }

    @Test
    void anAlertWhoseImageIsRejectedWaitsNoLonger() throws IOException, InterruptedException {
        bucket.goAway();
        try (var spool = Camspool.open(config(LONG))) {
            var ids = save(spool);
            var damaged = (StoredCapture) spool.find(ids.get(2)).orElseThrow();
            Files.write(damaged.path(), new byte[] {1, 2, 3});
            bucket.comeBack();

            until(() -> sent.size() == 2);
            assertThat(sent.getFirst().isIncomplete).isTrue();
            assertThat(sent.getFirst().urls())
                    .containsExactly(sent.getFirst().urlsOfAll().get(0), Optional.empty());
            assertThat(sent.getLast().alert.event()).contains("io.camspool.completed");
            assertThat(sent.getLast().json).containsOnlyOnce("\"url\"");
        }
    }

    @Test
    void whatWaitsIsNotHeldUpByASinkThatItNoLongerComesAfter() {
        bucket.goAway();
        try (var spool = Camspool.open(config(LONG))) {
            save(spool);
        }
        try (var spool = Camspool.open(CamspoolConfig.in(folder).withSink("platform", platform))) {
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(sent).hasSize(1);
            assertThat(sent.getFirst().isIncomplete).isFalse();
            assertThat(sent.getFirst().urls()).containsOnly(Optional.empty());
        }
    }

    @Test
    void anAlertStillWaitsAfterTheNextOpen() throws InterruptedException {
        bucket.goAway();
        List<ItemId> ids;
        try (var spool = Camspool.open(config(LONG))) {
            ids = save(spool);
        }
        try (var spool = Camspool.open(config(LONG))) {
            var alone = spool.save(Alert.of("{}"));
            until(() -> !sent.isEmpty());
            assertThat(sent).extracting(one -> one.alert.id()).containsExactly(alone.id());
            bucket.comeBack();
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(sent.getLast().alert.id()).isEqualTo(ids.getFirst());
            assertThat(sent.getLast().urls()).isEqualTo(sent.getLast().urlsOfAll());
        }
    }

    @Test
    void anAlertThatIsMadeDueLaterKnowsWhatIsThere() {
        List<ItemId> ids;
        try (var spool = Camspool.open(CamspoolConfig.in(folder).withSink("bucket", bucket))) {
            ids = save(spool);
            assertThat(spool.awaitDelivered(SOON)).isTrue();
        }
        try (var spool = Camspool.open(config(LONG))) {
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(sent).hasSize(1);
            assertThat(sent.getFirst().alert.id()).isEqualTo(ids.getFirst());
            assertThat(sent.getFirst().urls()).isEqualTo(sent.getFirst().urlsOfAll());
            assertSound(spool);
        }
    }

    @Test
    void whatWasAcceptedBeforeTheClockWasSetWaitsFromThenOn() throws InterruptedException {
        bucket.goAway();
        var now = new AtomicReference<>(Instant.EPOCH.plusSeconds(5));
        try (var spool = Engine.open(config(LONG), Worlds.with(Disk.real(), now::get))) {
            var early = save(spool).getFirst();
            now.set(Instant.parse("2026-11-23T12:00:00Z"));
            var alone = spool.save(Alert.of("{}"));
            until(() -> !sent.isEmpty());
            assertThat(sent).extracting(one -> one.alert.id()).containsExactly(alone.id());

            now.updateAndGet(time -> time.plus(LONG).plusSeconds(1));
            spool.save(Alert.of("{}"));
            until(() -> sent.size() == 3);
            assertThat(sent).extracting(one -> one.alert.id()).contains(early);
        }
    }

    @Test
    void aClockThatIsSetBackALittleEndsNoWait() throws InterruptedException {
        bucket.goAway();
        var now = new AtomicReference<>(Instant.parse("2026-11-23T12:00:00Z"));
        try (var spool = Engine.open(config(LONG), Worlds.with(Disk.real(), now::get))) {
            var first = save(spool).getFirst();
            now.updateAndGet(time -> time.minusSeconds(2));
            var alone = spool.save(Alert.of("{}"));
            until(() -> !sent.isEmpty());
            assertThat(sent).extracting(one -> one.alert.id()).containsExactly(alone.id());
            bucket.comeBack();

            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(sent.getLast().alert.id()).isEqualTo(first);
            assertThat(sent.getLast().isIncomplete).isFalse();
        }
    }

    @Test
    void aRepeatSaysTheSameThoughTheAddressHasChanged() throws InterruptedException {
        var bucketElsewhere =
                new NamedSink("bucket", true, bucket).withPublicUrl("https://new.example/{key}");
        assertRepeatSaysTheSame(
                CamspoolConfig.in(folder)
                        .withSink(
                                new NamedSink("platform", true, platform).withAfter("bucket", LONG))
                        .withSink(bucketElsewhere));
    }

    @Test
    void aRepeatSaysTheSameThoughItsSinkComesAfterTheOtherNoMore() throws InterruptedException {
        assertRepeatSaysTheSame(
                CamspoolConfig.in(folder)
                        .withSink(new NamedSink("platform", true, platform))
                        .withSink(new NamedSink("bucket", true, bucket).withPublicUrl(URL)));
    }

    private void assertRepeatSaysTheSame(CamspoolConfig changed) throws InterruptedException {
        platform.answerEach(
                delivery -> {
                    note(delivery);
                    return new Outcome.NetworkFault("the answer was lost");
                });
        try (var spool = Camspool.open(config(LONG))) {
            save(spool);
            until(() -> !sent.isEmpty());
        }
        platform.answerEach(this::note);
        try (var spool = Camspool.open(changed)) {
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(sent.getFirst().urls()).isEqualTo(sent.getFirst().urlsOfAll());
            assertThat(sent.getLast().links).isEqualTo(sent.getFirst().links);
            assertSound(spool);
        }
    }

    @Test
    void aFollowUpGivesNoAddressOfABucketThatIsForgotten() throws InterruptedException {
        bucket.goAway();
        platform.goAway();
        try (var spool = Camspool.open(config(Duration.ZERO))) {
            save(spool);
            until(() -> !platform.sent().isEmpty());
        }
        platform.answerEach(this::note);
        var alone = new NamedSink("platform", true, platform);
        var without = CamspoolConfig.in(folder);
        try (var spool = Camspool.open(without.withSink(alone.withEnabled(false)))) {
            spool.forgetSink("bucket", 2);
        }
        try (var spool = Camspool.open(without.withSink(alone))) {
            until(() -> sent.size() == 2);
            assertThat(sent.getFirst().isIncomplete).isTrue();
            assertThat(sent.getLast().alert.event()).contains("io.camspool.completed");
            assertThat(sent.getLast().json).doesNotContain("https://");
            assertSound(spool);
        }
    }

    @Test
    void aBucketThatIsNewNeverGotWhatHadGoneBefore() throws InterruptedException {
        List<ItemId> ids;
        try (var spool = Camspool.open(CamspoolConfig.in(folder).withSink("first", bucket))) {
            ids = save(spool);
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(spool.remove(ids.get(1), Undelivered.KEEP)).isEqualTo(Removal.REMOVED);
        }
        var second = new ScriptedSink().onlyFor(ItemKind.CAPTURE);
        var both =
                CamspoolConfig.in(folder)
                        .withSink(new NamedSink("second", true, second).withPublicUrl(URL));
        try (var spool = Camspool.open(both)) {
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(second.deliveredIds()).containsExactly(ids.get(2));
        }
        var later =
                both.withSink(new NamedSink("platform", true, platform).withAfter("second", LONG));
        try (var spool = Camspool.open(later)) {
            until(() -> !sent.isEmpty());
            assertThat(sent.getFirst().isIncomplete).isTrue();
            assertThat(sent.getFirst().urls())
                    .containsExactly(Optional.empty(), sent.getFirst().urlsOfAll().get(1));
            assertSound(spool);
        }
    }

    @Test
    void anIncompleteAlertIsFollowedUpThoughItsImagesHaveGoneWhileTheirSinkWasAway()
            throws InterruptedException {
        var off = new NamedSink("bucket", true, bucket).withEnabled(false);
        var config =
                CamspoolConfig.in(folder)
                        .withSink(off)
                        .withSink(
                                new NamedSink("platform", true, platform)
                                        .withAfter("bucket", Duration.ZERO));
        try (var spool = Camspool.open(config)) {
            var ids = save(spool);
            until(() -> sent.size() == 1);
            assertThat(sent.getFirst().isIncomplete).isTrue();
            for (var id : ids.subList(1, 3)) {
                until(() -> spool.remove(id, Undelivered.DROP) == Removal.DROPPED);
            }
            until(
                    () ->
                            sent.stream()
                                    .anyMatch(
                                            one ->
                                                    one.alert
                                                            .event()
                                                            .filter("io.camspool.completed"::equals)
                                                            .isPresent()));
        }
    }

    @Test
    void anAfterThatCanNeverEndIsRefused() {
        var config = CamspoolConfig.in(folder).withSink("bucket", new ScriptedSink());
        for (var other : List.of("nowhere", "platform", "third")) {
            var third = new NamedSink("third", true, new ScriptedSink()).withAfter("platform");
            var platform = new NamedSink("platform", true, new ScriptedSink()).withAfter(other);
            assertThatThrownBy(() -> Camspool.open(config.withSink(third).withSink(platform)))
                    .isInstanceOf(CamspoolException.class)
                    .hasMessageContaining("after of sink");
        }
    }
}
