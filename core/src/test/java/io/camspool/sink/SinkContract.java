package io.camspool.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.camspool.ItemId;
import io.camspool.ItemKind;
import io.camspool.Pictures;
import io.camspool.StoredAlert;
import io.camspool.StoredCapture;
import io.camspool.StoredItem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What every sink must do. A module with a sink extends it and runs it against a real receiver.
public abstract class SinkContract {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final String BASE = "box-1~abc123/";

    protected SinkContract() {}

    /// A new sink to the receiver of this test, which is reachable and empty at first. Called more
    /// than once it stands for a sender that was started again.
    protected abstract Sink sink();

    /// All that the receiver shows to its readers: key and bytes. Called while it is reachable.
    protected abstract Map<String, byte[]> held();

    /// Makes the receiver unreachable for this test's sinks; it keeps what it holds.
    protected abstract void cutOff();

    /// Makes it reachable again.
    protected abstract void restore();

    /// What the receiver must hold for a delivery; an alert travels as a structured CloudEvent.
    protected byte[] expected(Sent delivery) {
        return delivery.item() instanceof StoredAlert alert
                ? CloudEvents.alert(delivery, alert, delivery.content())
                : delivery.content();
    }

    /// A delivery with its bytes in memory.
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    public record Sent(StoredItem item, String key, byte[] content) implements Delivery {
        @Override
        public String source() {
            return "box-1~abc123";
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(content);
        }
    }

    /// A delivery whose bytes are interrupted half way by what a test does then.
    private record Interrupted(Sent whole, Interruption interruption) implements Delivery {
        private interface Interruption {
            void happen() throws IOException;
        }

        @Override
        public StoredItem item() {
            return whole.item();
        }

        @Override
        public String key() {
            return whole.key();
        }

        @Override
        public String source() {
            return whole.source();
        }

        @Override
        public InputStream open() {
            return new InputStream() {
                private final InputStream bytes = whole.open();
                private int left = whole.content().length / 2;

                @Override
                public int read() throws IOException {
                    var one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
                }

                @Override
                public int read(byte[] target, int offset, int length) throws IOException {
                    if (left == 0) {
                        left = -1;
                        interruption.happen();
                    }
                    var read =
                            bytes.read(target, offset, left < 0 ? length : Math.min(left, length));
                    left = left < 0 ? left : left - Math.max(0, read);
                    return read;
                }
            };
        }
    }

    /// A capture with these bytes.
    protected static Sent capture(int seq, byte[] content) {
        var id = new ItemId("c" + seq);
        var name = "20261123/gate-1_alert-" + seq + "_" + id + ".jpg";
        return new Sent(
                new StoredCapture(
                        id,
                        seq,
                        "gate-1",
                        Optional.of("alert-" + seq),
                        NOON,
                        Map.of(),
                        5,
                        Path.of("/nowhere").resolve(name),
                        "image/jpeg",
                        Optional.of(new StoredCapture.Sides(64, 48)),
                        content.length,
                        sha256(content),
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        false),
                BASE + name,
                content);
    }

    /// An alert with this JSON.
    protected static Sent alert(int seq, String json) {
        var content = json.getBytes(StandardCharsets.UTF_8);
        var id = new ItemId("a" + seq);
        return new Sent(
                new StoredAlert(
                        id,
                        seq,
                        Optional.of("东门/1号 \"N\""),
                        Optional.of("告警:" + seq),
                        NOON,
                        Map.of("zone", "north"),
                        5,
                        content.length,
                        sha256(content),
                        0,
                        false),
                BASE + "alerts/20261123/" + id + ".json",
                content);
    }

    private static byte[] image(long seed) {
        return Pictures.jpeg(64, 48, seed);
    }

    private static byte[] noise(int length) {
        var bytes = new byte[length];
        new SplittableRandom(11).nextBytes(bytes);
        return bytes;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Batch batch(Delivery... deliveries) {
        return new Batch(List.of(deliveries));
    }

    private void assertHeldExactly(Sent... deliveries) {
        var held = held();
        assertThat(held.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        List.of(deliveries).stream().map(Sent::key).toList());
        for (var delivery : deliveries) {
            assertThat(held.get(delivery.key())).isEqualTo(expected(delivery));
        }
    }

    private static void assertDelivered(List<Outcome> outcomes, int count) {
        assertThat(outcomes)
                .hasSize(count)
                .allSatisfy(
                        outcome ->
                                assertThat(outcome)
                                        .isInstanceOfSatisfying(
                                                Outcome.Delivered.class,
                                                delivered ->
                                                        assertThat(delivered.proof())
                                                                .isNotBlank()));
    }

    private static void assertFault(Outcome outcome) {
        assertThat(outcome).isInstanceOfAny(Outcome.SinkFault.class, Outcome.NetworkFault.class);
    }

    @Test
    void capturesAndAlertsStandUnderTheirKeysWithTheirBytes() {
        var capture = capture(1, image(1));
        var alert = alert(2, "{\"kind\":\"person\"}");
        try (var sink = sink()) {
            assertDelivered(sink.send(batch(alert, capture)), 2);
        }
        assertHeldExactly(alert, capture);
    }

    @Test
    void jsonIsNeverRewritten() {
        var odd =
                alert(1, "{ \"种类\" : \"人\uD83D\uDEB6\",\n\t\"n\": 1e400, \"x\":0.930 , \"x\":1 }");
        try (var sink = sink()) {
            assertDelivered(sink.send(batch(odd)), 1);
        }
        assertHeldExactly(odd);
        var text = new String(held().getOrDefault(odd.key(), new byte[0]), StandardCharsets.UTF_8);
        assertThat(text).contains(new String(odd.content(), StandardCharsets.UTF_8));
    }

    @Test
    void anEmptyFileIsAFile() {
        var empty = capture(1, new byte[0]);
        var smallest = alert(2, "{}");
        try (var sink = sink()) {
            assertDelivered(sink.send(batch(empty, smallest)), 2);
            assertDelivered(sink.send(batch(empty, smallest)), 2);
        }
        assertHeldExactly(empty, smallest);
    }

    @Test
    void aLargeImageArrivesWhole() {
        var large = capture(1, noise(5_000_000));
        try (var sink = sink()) {
            assertDelivered(sink.send(batch(large)), 1);
            assertDelivered(sink.send(batch(large)), 1);
        }
        assertHeldExactly(large);
    }

    @Test
    void aKeyMayHaveAnyLetters() {
        var plain = capture(1, image(1));
        var named =
                new Sent(
                        plain.item(),
                        BASE + "20261123/东门 1号_告警-42é\uD83D\uDE00_c1.jpg",
                        plain.content());
        try (var sink = sink()) {
            assertDelivered(sink.send(batch(named)), 1);
            assertDelivered(sink.send(batch(named)), 1);
        }
        assertHeldExactly(named);
    }

    @Test
    void aRepeatIsDeliveredAndLeavesOneObject() {
        var capture = capture(1, image(1));
        var alert = alert(2, "{\"n\":1}");
        try (var sink = sink()) {
            assertDelivered(sink.send(batch(capture, alert)), 2);
            assertDelivered(sink.send(batch(capture, alert)), 2);
            assertDelivered(sink.send(batch(alert)), 1);
        }
        assertHeldExactly(capture, alert);
    }

    @Test
    void aRepeatAfterALostAnswerIsDeliveredAndLeavesOneObject() {
        var capture = capture(1, image(1));
        var alert = alert(2, "{\"n\":1}");
        var next = capture(3, image(3));
        try (var sink = sink()) {
            // The sender dies before it books the answers.
            assertThat(sink.send(batch(capture, alert))).hasSize(2);
        }
        try (var sink = sink()) {
            assertDelivered(sink.send(batch(capture, alert, next)), 3);
        }
        assertHeldExactly(capture, alert, next);
    }

    @Test
    void theSameDeliveryTwiceInABatchLeavesOneObject() {
        var capture = capture(1, image(1));
        try (var sink = sink()) {
            assertDelivered(sink.send(batch(capture, capture)), 2);
        }
        assertHeldExactly(capture);
    }

    @Test
    void eachDeliveryIsAnsweredForInOrder() {
        var foreign = capture(3, image(99));
        var deliveries =
                IntStream.rangeClosed(1, 6)
                        .mapToObj(
                                i ->
                                        i % 2 == 0
                                                ? alert(i, "{\"n\":" + i + "}")
                                                : capture(i, image(i)))
                        .toList();
        try (var sink = sink()) {
            assertDelivered(sink.send(batch(foreign)), 1);
            var outcomes = sink.send(new Batch(new ArrayList<>(deliveries)));

            assertThat(outcomes).hasSize(6);
            for (var i = 0; i < 6; i++) {
                assertThat(outcomes.get(i))
                        .isInstanceOf(i == 2 ? Outcome.ItemRefused.class : Outcome.Delivered.class);
            }
        }
        assertThat(held()).hasSize(6);
    }

    @Test
    void anEmptyBatchHasNoAnswers() {
        try (var sink = sink()) {
            assertThat(sink.send(batch())).isEmpty();
        }
        assertThat(held()).isEmpty();
    }

    @Test
    void otherBytesUnderAKeyAreRefusedAndNeverOverwritten() {
        var captureThere = capture(1, image(1));
        var alertThere = alert(2, "{\"n\":1}");
        var shorter = capture(1, new byte[] {1, 2, 3});
        var sameLength = captureThere.content().clone();
        sameLength[sameLength.length - 1] ^= 1;
        var otherAlert = alert(2, "{\"n\":2}");
        try (var sink = sink()) {
            assertDelivered(sink.send(batch(captureThere, alertThere)), 2);

            assertThat(sink.send(batch(shorter, capture(1, sameLength), otherAlert)))
                    .hasSize(3)
                    .allSatisfy(
                            outcome ->
                                    assertThat(outcome)
                                            .isInstanceOfSatisfying(
                                                    Outcome.ItemRefused.class,
                                                    refused ->
                                                            assertThat(refused.reason())
                                                                    .isNotBlank()));
        }
        assertHeldExactly(captureThere, alertThere);
    }

    @Test
    void anUnreachableReceiverIsAFaultOfEachDeliveryAndWorksWhenItIsBack() {
        var before = capture(1, image(1));
        var capture = capture(2, image(2));
        var alert = alert(3, "{\"n\":1}");
        try (var sink = sink()) {
            assertDelivered(sink.send(batch(before)), 1);
            cutOff();
            for (var tries = 0; tries < 2; tries++) {
                assertThat(sink.send(batch(before, capture, alert)))
                        .hasSize(3)
                        .allSatisfy(SinkContract::assertFault);
            }
            sink.probe().ifPresent(SinkContract::assertFault);
            restore();
            assertHeldExactly(before);

            assertDelivered(sink.send(batch(before, capture, alert)), 3);
            sink.probe()
                    .ifPresent(
                            outcome -> assertThat(outcome).isInstanceOf(Outcome.Delivered.class));
        }
        assertHeldExactly(before, capture, alert);
    }

    @Test
    void aSinkOpenedWhileTheReceiverIsAwayWorksWhenItIsBack() {
        var capture = capture(1, image(1));
        cutOff();
        try (var sink = sink()) {
            assertThat(sink.send(batch(capture))).hasSize(1).allSatisfy(SinkContract::assertFault);
            restore();
            assertDelivered(sink.send(batch(capture)), 1);
        }
        assertHeldExactly(capture);
    }

    @Test
    void aReceiverThatGoesAwayHalfWayShowsNothingPartial() {
        var whole = capture(1, noise(600_000));
        try (var sink = sink()) {
            var outcomes = sink.send(batch(new Interrupted(whole, this::cutOff)));
            restore();

            assertThat(outcomes).hasSize(1);
            if (outcomes.getFirst() instanceof Outcome.Delivered) {
                assertHeldExactly(whole);
            } else {
                assertFault(outcomes.getFirst());
                // It may have arrived with its answer lost, but then whole.
                assertThat(held().getOrDefault(whole.key(), whole.content()))
                        .isEqualTo(whole.content());
            }
            assertDelivered(sink.send(batch(whole)), 1);
        }
        assertHeldExactly(whole);
    }

    @Test
    void aSourceThatFailsHalfWayLeavesNothingUnderItsKeyAndHarmsNoOther() {
        var before = capture(1, image(1));
        var broken = capture(2, noise(600_000));
        var after = capture(3, image(3));
        var alert = alert(4, "{\"n\":1}");
        var failing =
                new Interrupted(
                        broken,
                        () -> {
                            throw new IOException("the archive's disk can't be read");
                        });
        try (var sink = sink()) {
            var outcomes = sink.send(batch(before, failing, after, alert));

            assertThat(outcomes).hasSize(4);
            assertThat(outcomes.get(1)).isNotInstanceOf(Outcome.Delivered.class);
            assertThat(held()).doesNotContainKey(broken.key());
            assertDelivered(List.of(outcomes.get(0), outcomes.get(2), outcomes.get(3)), 3);
            assertHeldExactly(before, after, alert);

            assertDelivered(sink.send(batch(broken)), 1);
        }
        assertHeldExactly(before, broken, after, alert);
    }

    @Test
    void itsBatchingIsTheSameEachTime() {
        try (var sink = sink()) {
            for (var kind : ItemKind.values()) {
                assertThat(sink.batching(kind)).isEqualTo(sink.batching(kind));
            }
        }
    }

    @Test
    void closingTwiceIsHarmless() {
        var sink = sink();
        assertDelivered(sink.send(batch(capture(1, image(1)))), 1);
        assertThatCode(
                        () -> {
                            sink.close();
                            sink.close();
                        })
                .doesNotThrowAnyException();
    }
}
