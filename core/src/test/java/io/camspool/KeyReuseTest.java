package io.camspool;

import static io.camspool.CamspoolTest.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.Balance.Amount;
import io.camspool.CamspoolException.Reason;
import io.camspool.internal.disk.Disk;
import io.camspool.internal.engine.Engine;
import io.camspool.internal.engine.Worlds;
import io.camspool.sink.Batching;
import io.camspool.sink.HttpAlerts;
import io.camspool.sink.HttpImages;
import io.camspool.sink.HttpSettings;
import io.camspool.sink.NamedSink;
import io.camspool.sink.Receiver;
import io.camspool.sink.Receiver.Answer;
import io.camspool.sink.Receiver.Request;
import io.camspool.sink.Sinks;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// The same camera, alert and time once more: after its items were removed, and on a box that was
/// installed anew under its old name. What a sink holds stays as it is there; what comes stands
/// beside it or is refused, and is never taken for it.
///
/// Each item goes to a folder and to a receiver. The clock stands still unless a test sets it, so
/// that no key differs by the time it was made at.
final class KeyReuseTest {
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    private static final Duration PAST_THE_WINDOW = Duration.ofDays(31);
    private static final List<String> SINKS = List.of("folder", "server");

    /// What makes two items the same.
    enum Identity {
        SPOOLS_ID,
        CALLERS_ID,
        PLAIN_NAMES
    }

    @TempDir Path folder;
    private final Receiver receiver = new Receiver();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private volatile Instant now = NOON;

    @BeforeEach
    void prepare() throws IOException {
        Files.createDirectory(folder.resolve("target"));
        receiver.always(this::answerOnce);
    }

    @AfterEach
    void stop() {
        receiver.close();
    }

    /// Takes each Idempotency-Key once, and answers it as before from then on.
    private Answer answerOnce(Request request) {
        return answers.computeIfAbsent(
                request.header("Idempotency-Key"), _ -> receiver.take(request));
    }

    private CamspoolConfig config(Identity identity) {
        return CamspoolConfig.in(folder.resolve("data"))
                .withBox("box-1")
                .withZone(ZoneOffset.UTC)
                .withDurability(Durability.OS)
                .withNaming(identity == Identity.PLAIN_NAMES ? Naming.PLAIN : Naming.WITH_ID);
    }

    private Camspool open(CamspoolConfig config) {
        return Engine.open(config, Worlds.with(Disk.real(), () -> now));
    }

    private Camspool open(Identity identity) {
        var server =
                HttpSettings.of(
                        HttpAlerts.to(receiver.url() + "/alerts"),
                        HttpImages.to(receiver.url() + "/images/{key}"));
        return open(
                config(identity)
                        .withSink(
                                new NamedSink(
                                                "folder",
                                                true,
                                                Sinks.folder(folder.resolve("target")))
                                        .withMaxRefusals(1))
                        .withSink(
                                new NamedSink("server", true, Sinks.http(server))
                                        .withMaxRefusals(1)));
    }

    private static byte[] jpeg(int image) {
        return Pictures.jpeg(64, 48, image);
    }

    private static Capture capture(Identity identity, String alert, int image) {
        var capture = Capture.of("gate", Encoded.of(jpeg(image))).withAlert(alert).at(NOON);
        return identity == Identity.CALLERS_ID ? capture.withId("capture-of-" + alert) : capture;
    }

    /// An alert that tells of its image, and the image.
    private static List<Receipt> save(Camspool spool, Identity identity, int image) {
        var alert = Alert.of("{\"image\":" + image + "}").withAlert("a-1").at(NOON);
        return spool.save(
                identity == Identity.CALLERS_ID ? alert.withId("a-1") : alert,
                List.of(capture(identity, "a-1", image)));
    }

    private static List<Stored> stored(List<Receipt> receipts) {
        return receipts.stream().map(receipt -> receipt.await(SOON)).toList();
    }

    /// Opens, saves, delivers, removes and closes.
    private List<Stored> deliverAndRemove(Identity identity, int image) {
        try (var spool = open(identity)) {
            var before = delivered(spool);
            var stored = stored(save(spool, identity, image));
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(delivered(spool)).isEqualTo(before + 2L * SINKS.size());
            removeAll(spool);
            return stored;
        }
    }

    private static long delivered(Camspool spool) {
        return spool.status().sinks().stream().mapToLong(sink -> sink.delivered().items()).sum();
    }

    private void removeAll(Camspool spool) {
        cleanUp(spool);
        assertThat(spool.status().captures().held()).isEqualTo(Amount.NONE);
        assertThat(spool.status().alerts().held()).isEqualTo(Amount.NONE);
        assertSound(spool);
    }

    /// An hour later, after which the clock is set back.
    private void cleanUp(Camspool spool) {
        var before = now;
        now = before.plus(Duration.ofHours(1));
        spool.cleanup(Cleanup.olderThan(Duration.ZERO));
        now = before;
    }

    private static void assertSound(Camspool spool) {
        assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        assertThat(spool.status().captures().holds()).isTrue();
        assertThat(spool.status().alerts().holds()).isTrue();
    }

    private void installAnew() throws IOException {
        Files.move(
                folder.resolve("data"), Files.createTempDirectory(folder, "old").resolve("data"));
    }

    /// Has the spool forget the ids of what it removed: each that goes lets two old ones go.
    private void letTheWindowPass(Identity identity) {
        now = now.plus(PAST_THE_WINDOW);
        try (var spool = open(identity)) {
            stored(List.of(spool.save(capture(identity, "a-2", 9))));
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            removeAll(spool);
        }
    }

    /// What both sinks hold, by key.
    private Map<String, ByteBuffer> held() throws IOException {
        var inFolder = files(folder.resolve("target"));
        var atReceiver = new TreeMap<String, ByteBuffer>();
        receiver.held().forEach((key, bytes) -> atReceiver.put(key, ByteBuffer.wrap(bytes)));
        assertThat(atReceiver).isEqualTo(inFolder);
        return inFolder;
    }

    private static Map<String, ByteBuffer> files(Path target) throws IOException {
        var files = new TreeMap<String, ByteBuffer>();
        try (var paths = Files.walk(target)) {
            for (var path : paths.filter(Files::isRegularFile).toList()) {
                var key = target.relativize(path).toString().replace('\\', '/');
                if (!key.startsWith(".camspool")) {
                    files.put(key, ByteBuffer.wrap(Files.readAllBytes(path)));
                }
            }
        }
        return files;
    }

    private static void assertImages(Map<String, ByteBuffer> held, int... images) {
        assertThat(held.entrySet().stream().filter(one -> one.getKey().endsWith(".jpg")))
                .extracting(Map.Entry::getValue)
                .containsExactlyInAnyOrder(
                        Arrays.stream(images)
                                .mapToObj(image -> ByteBuffer.wrap(jpeg(image)))
                                .toArray(ByteBuffer[]::new));
        assertThat(held).hasSize(2 * images.length);
    }

    @Test
    void whatComesAgainAfterItsRemovalGoesUnderOtherKeys() throws IOException {
        deliverAndRemove(Identity.SPOOLS_ID, 1);
        var first = held();
        deliverAndRemove(Identity.SPOOLS_ID, 2);
        deliverAndRemove(Identity.SPOOLS_ID, 1);

        assertThat(held()).containsAllEntriesOf(first);
        assertImages(held(), 1, 2, 1);
    }

    @ParameterizedTest
    @EnumSource
    void whatComesToABoxInstalledAnewGoesUnderOtherKeys(Identity identity) throws IOException {
        deliverAndRemove(identity, 1);
        var first = held();
        installAnew();
        deliverAndRemove(identity, 2);
        installAnew();
        deliverAndRemove(identity, 1);

        assertThat(held()).containsAllEntriesOf(first);
        assertImages(held(), 1, 2, 1);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "SPOOLS_ID")
    void aKnownIdentityIsARepeatOrAConflictAndNothingIsSent(Identity identity) throws IOException {
        var first = deliverAndRemove(identity, 1);
        var held = held();
        receiver.takeRequests();
        try (var spool = open(identity)) {
            assertThat(stored(save(spool, identity, 1))).isEqualTo(first);
            assertThatThrownBy(() -> save(spool, identity, 2))
                    .isInstanceOfSatisfying(
                            CamspoolException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.CONFLICT));

            assertThat(spool.awaitDelivered(SOON)).isTrue();
            removeAll(spool);
        }
        assertThat(receiver.requests()).isEmpty();
        assertThat(held()).isEqualTo(held);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "SPOOLS_ID")
    void anotherImageUnderAForgottenIdentityIsRefusedBySinksAndStaysHeld(Identity identity)
            throws IOException {
        deliverAndRemove(identity, 1);
        letTheWindowPass(identity);
        var held = held();
        try (var spool = open(identity)) {
            var other = spool.save(capture(identity, "a-1", 2)).await(SOON);
            assertThat(spool.awaitDelivered(SOON)).isTrue();

            for (var sink : SINKS) {
                assertThat(spool.rejected(sink, 10, Optional.empty()).items())
                        .as(sink)
                        .extracting(one -> one.item().id())
                        .containsExactly(other.id());
            }
            cleanUp(spool);
            assertThat(spool.read(other.id()).readAllBytes()).isEqualTo(jpeg(2));
            assertSound(spool);
        }
        assertThat(held()).isEqualTo(held);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "SPOOLS_ID")
    void theSameImageUnderAForgottenIdentityIsAHarmlessRepeat(Identity identity)
            throws IOException {
        deliverAndRemove(identity, 1);
        letTheWindowPass(identity);
        var held = held();
        try (var spool = open(identity)) {
            spool.save(capture(identity, "a-1", 1)).await(SOON);
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            removeAll(spool);
        }
        assertThat(held()).isEqualTo(held);
    }

    @ParameterizedTest
    @EnumSource
    void batchesOfABoxInstalledAnewAreFilesOfTheirOwn(Identity identity) throws IOException {
        var lines = Files.createDirectory(folder.resolve("lines"));
        sealBatch(identity, lines, 1);
        var first = files(lines);
        installAnew();
        sealBatch(identity, lines, 2);

        assertThat(files(lines)).containsAllEntriesOf(first);
        assertThat(files(lines).entrySet().stream())
                .filteredOn(file -> file.getKey().endsWith(".ndjson.gz"))
                .extracting(file -> unpacked(file.getValue()))
                .satisfiesExactlyInAnyOrder(
                        batch -> assertThat(batch).contains("\"data\":{\"image\":1}"),
                        batch -> assertThat(batch).contains("\"data\":{\"image\":2}"));
    }

    private void sealBatch(Identity identity, Path lines, int image) {
        var sink = Sinks.folder(lines, Batching.of(10, 1_000_000));
        try (var spool = open(config(identity).withSink("lines", sink))) {
            stored(save(spool, identity, image));
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(delivered(spool)).isEqualTo(2);
            removeAll(spool);
        }
    }

    private static String unpacked(ByteBuffer file) {
        var bytes = new byte[file.remaining()];
        file.duplicate().get(bytes);
        try (var gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return new String(gzip.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
