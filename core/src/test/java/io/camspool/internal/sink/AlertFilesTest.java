package io.camspool.internal.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.ItemKind;
import io.camspool.StoredAlert;
import io.camspool.internal.disk.FaultyDisk;
import io.camspool.internal.disk.FaultyDisk.Call;
import io.camspool.sink.Batch;
import io.camspool.sink.Batching;
import io.camspool.sink.CloudEvents;
import io.camspool.sink.Outcome;
import io.camspool.sink.Sink;
import io.camspool.sink.Sinks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/// The folder sink that puts many alerts into a file.
final class AlertFilesTest extends FolderSinkTest {
    private static final Batching BATCHING =
            Batching.of(100, 1_000_000).withParallel(4).withLinger(Duration.ofSeconds(1));
    private static final Batch.Seal SEAL =
            new Batch.Seal("5ea1", "box-1~abc123/alerts/20261123/12/5ea1");
    private static final String FILE = SEAL.key() + ".ndjson.gz";

    @Override
    protected Sink sink() {
        return Sinks.folder(folder, BATCHING);
    }

    private static Batch sealed(Sent... alerts) {
        return new Batch(List.of(alerts), Optional.of(SEAL));
    }

    private String lines() throws IOException {
        try (var in = new GZIPInputStream(Files.newInputStream(folder.resolve(FILE)))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String event(Sent alert) {
        return new String(
                CloudEvents.alert(alert, (StoredAlert) alert.item(), alert.content()),
                StandardCharsets.UTF_8);
    }

    @Test
    void alertsAreSealedAndCapturesAreNotAndNeitherInParallel() {
        try (var sink = sink()) {
            assertThat(sink.batching(ItemKind.ALERT).sealed()).isTrue();
            assertThat(sink.batching(ItemKind.ALERT).maxParallel()).isOne();
            assertThat(sink.batching(ItemKind.CAPTURE).sealed()).isFalse();
        }
    }

    @Test
    void theAlertsOfABatchAreLinesOfOneFileAndARepeatLeavesItAsItIs() throws IOException {
        var first = alert(1, "{\"n\":1}");
        var second = alert(2, "{\"n\": 2}");
        try (var sink = sink()) {
            assertThat(sink.send(sealed(first, second)))
                    .hasSize(2)
                    .allMatch(outcome -> outcome instanceof Outcome.Delivered);
        }
        var bytes = Files.readAllBytes(folder.resolve(FILE));
        assertThat(lines()).isEqualTo(event(first) + "\n" + event(second) + "\n");

        try (var sink = sink()) {
            assertThat(sink.send(sealed(first, second)))
                    .allMatch(outcome -> outcome instanceof Outcome.Delivered);
        }
        assertThat(held()).containsOnlyKeys(FILE);
        assertThat(folder.resolve(FILE)).hasBinaryContent(bytes);
        Files.delete(folder.resolve(FILE));
        try (var sink = sink()) {
            sink.send(sealed(first, second));
        }
        assertThat(folder.resolve(FILE)).hasBinaryContent(bytes);
    }

    @Test
    void jsonWithLineBreaksStaysByteForByte() throws IOException {
        var alert = alert(1, "{\r\n \"n\": 1\n}");
        try (var sink = sink()) {
            sink.send(sealed(alert));
        }
        assertThat(lines())
                .hasLineCount(1)
                .endsWith(
                        ",\"data_base64\":\""
                                + Base64.getEncoder().encodeToString(alert.content())
                                + "\"}\n");
    }

    @Test
    void theSameLinesCompressedOtherwiseAreTheSame() throws IOException {
        var alert = alert(1, "{\"n\":1}");
        var otherwise = new ByteArrayOutputStream();
        try (var out =
                new GZIPOutputStream(otherwise) {
                    {
                        def.setLevel(0);
                    }
                }) {
            out.write((event(alert) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        Files.createDirectories(folder.resolve(FILE).getParent());
        Files.write(folder.resolve(FILE), otherwise.toByteArray());

        assertThat(sink().send(sealed(alert)))
                .singleElement()
                .isInstanceOf(Outcome.Delivered.class);
        assertThat(folder.resolve(FILE)).hasBinaryContent(otherwise.toByteArray());
    }

    @Test
    void anotherFileInItsPlaceIsForeignToAll() throws IOException {
        Files.createDirectories(folder.resolve(FILE).getParent());
        Files.writeString(folder.resolve(FILE), "mine");

        assertThat(sink().send(sealed(alert(1, "{}"), alert(2, "{}"))))
                .hasSize(2)
                .allMatch(outcome -> outcome instanceof Outcome.ItemRefused);
        assertThat(folder.resolve(FILE)).hasContent("mine");
    }

    @Test
    void nothingOfItIsConfirmedBeforeItsFolderIsForced() {
        var disk = new FaultyDisk();
        var sink = new FolderSink(disk, folder, Optional.of(BATCHING));
        sink.send(new Batch(List.of(capture(3, new byte[] {3})))); // makes the marker
        disk.breakWith(FaultyDisk.failing(Call.FORCE_FOLDER, "Input/output error"));
        var batch = sealed(alert(1, "{}"), alert(2, "{}"));

        assertThat(sink.send(batch))
                .hasSize(2)
                .allMatch(outcome -> outcome instanceof Outcome.SinkFault);
        disk.breakWith((_, _) -> {});
        assertThat(sink.send(batch)).allMatch(outcome -> outcome instanceof Outcome.Delivered);
    }
}
