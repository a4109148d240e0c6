package io.camspool.internal.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import io.camspool.StoredItem;
import io.camspool.internal.disk.FaultyDisk;
import io.camspool.internal.disk.FaultyDisk.Call;
import io.camspool.sink.Batch;
import io.camspool.sink.CountedDelivery;
import io.camspool.sink.Delivery;
import io.camspool.sink.Outcome;
import io.camspool.sink.Sink;
import io.camspool.sink.SinkContract;
import io.camspool.sink.Sinks;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderSinkTest extends SinkContract {
    @TempDir Path parent;
    Path folder = Path.of("");
    private Path elsewhere = Path.of("");

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(parent.resolve("share"));
        elsewhere = parent.resolve("unmounted");
    }

    @Override
    protected Sink sink() {
        return Sinks.folder(folder);
    }

    @Override
    protected Map<String, byte[]> held() {
        try (var files = Files.walk(folder)) {
            var held = new HashMap<String, byte[]>();
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var key = folder.relativize(file).toString().replace('\\', '/');
                if (!key.startsWith(".")) {
                    held.put(key, Files.readAllBytes(file));
                }
            }
            return held;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void cutOff() {
        move(folder, elsewhere);
    }

    @Override
    protected void restore() {
        move(elsewhere, folder);
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Batch batch(Sent... deliveries) {
        return new Batch(List.of(deliveries));
    }

    @Test
    void whatIsThereAlreadyIsReadAndNotSentAgain() {
        var image = new CountedDelivery(capture(1, new byte[] {1, 2, 3}));
        for (var i = 0; i < 2; i++) {
            assertThat(sink().send(new Batch(List.of(image))).getFirst())
                    .isInstanceOf(Outcome.Delivered.class);
        }
        assertThat(image.sent()).hasValue(1);
    }

    @Test
    void anAlertIsACloudEventWhoseDataIsTheJsonByteForByte() throws IOException {
        var json = "{ \"kind\" : \"人\", \"score\": 0.930, \"n\": 1e400 }";
        var alert = alert(7, json);
        sink().send(batch(alert));

        var text = Files.readString(folder.resolve(alert.key()));
        assertThat(text).endsWith(",\"data\":" + json + "}");
        var attributes = new HashMap<String, String>();
        try (var parser = new JsonFactory().createParser(text)) {
            parser.nextToken();
            for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                parser.nextToken();
                if (parser.currentToken().isScalarValue()) {
                    attributes.put(name, parser.getText());
                }
                parser.skipChildren();
            }
            assertThat(parser.nextToken()).isNull();
        }
        assertThat(attributes)
                .containsEntry("specversion", "1.0")
                .containsEntry("id", "a7")
                .containsEntry("source", "box-1~abc123")
                .containsEntry("type", "io.camspool.alert")
                .containsEntry("time", "2026-11-23T12:00:00Z")
                .containsEntry("datacontenttype", "application/json")
                .containsEntry("subject", "东门/1号 \"N\"")
                .containsEntry("alertid", "告警:7")
                .containsEntry("seq", "7")
                .containsEntry("datasha256", alert.item().sha256());
        // CloudEvents 1.0: names of attributes are lower-case letters and digits.
        assertThat(attributes.keySet()).allMatch(name -> name.matches("[a-z0-9]+"));
    }

    @Test
    void aMissingFolderIsAFaultAndNeverMade() {
        var missing = parent.resolve("not-mounted").resolve("share");
        var outcomes =
                Sinks.folder(missing).send(batch(capture(1, new byte[] {1}), alert(2, "{}")));

        assertThat(outcomes)
                .hasSize(2)
                .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Outcome.SinkFault.class))
                .allSatisfy(outcome -> assertThat(outcome.toString()).contains(missing.toString()));
        assertThat(missing).doesNotExist();
        assertThat(missing.getParent()).doesNotExist();
    }

    @Test
    void aShareThatVanishesIsAFaultThoughItsMountPointIsThere() throws IOException {
        var first = capture(1, new byte[] {1});
        var second = capture(2, new byte[] {2});
        try (var sink = sink()) {
            assertThat(sink.send(batch(first)))
                    .singleElement()
                    .isInstanceOf(Outcome.Delivered.class);
            cutOff();
            Files.createDirectory(folder);

            assertThat(sink.send(batch(second)))
                    .singleElement()
                    .isInstanceOf(Outcome.SinkFault.class)
                    .asString()
                    .contains(".camspool-sink");
            assertThat(folder).isEmptyDirectory();

            Files.delete(folder);
            restore();
            assertThat(sink.send(batch(second)))
                    .singleElement()
                    .isInstanceOf(Outcome.Delivered.class);
        }
    }

    @Test
    void aSinkThatHasDeliveredBeforeKnowsItsFolderByTheMarker() throws IOException {
        var capture = capture(1, new byte[] {1});
        try (var sink = sink()) {
            sink.begin(true);
            assertThat(sink.send(batch(capture)))
                    .singleElement()
                    .isInstanceOf(Outcome.SinkFault.class);
            assertThat(folder).isEmptyDirectory();

            Files.createFile(folder.resolve(".camspool-sink"));
            assertThat(sink.send(batch(capture)))
                    .singleElement()
                    .isInstanceOf(Outcome.Delivered.class);
        }
    }

    @Test
    void aShareThatVanishesHalfWayConfirmsNothing() throws IOException {
        var capture = capture(1, new byte[] {1});
        var disk = new FaultyDisk();
        var sink = new FolderSink(disk, folder);
        disk.breakWith(
                (call, path) -> {
                    if (call == Call.RENAME
                            && path.endsWith(Path.of(capture.key()).getFileName())) {
                        Files.delete(folder.resolve(".camspool-sink"));
                    }
                });
        assertThat(sink.send(batch(capture))).singleElement().isInstanceOf(Outcome.SinkFault.class);
    }

    @Test
    void aFileWhereTheFolderShouldBeIsAFault() throws IOException {
        var file = Files.writeString(parent.resolve("file"), "mine");

        assertThat(Sinks.folder(file).send(batch(capture(1, new byte[] {1}))))
                .singleElement()
                .isInstanceOf(Outcome.SinkFault.class);
        assertThat(file).hasContent("mine");
    }

    @Test
    void aPartFileLeftByACrashIsHarmless() throws IOException {
        var capture = capture(1, "the whole image".getBytes(StandardCharsets.UTF_8));
        var aside = Files.createDirectory(folder.resolve(".camspool-incoming"));
        var part =
                Files.writeString(
                        aside.resolve(capture.item().id() + "." + capture.source()), "the wh");

        assertThat(sink().send(batch(capture)))
                .singleElement()
                .isInstanceOf(Outcome.Delivered.class);
        assertThat(folder.resolve(capture.key())).hasBinaryContent(capture.content());
        assertThat(part).doesNotExist();
    }

    @Test
    void nothingIsLeftAsideWhenAllIsDelivered() throws IOException {
        sink().send(batch(capture(1, new byte[] {1}), alert(2, "{}")));

        try (var aside = Files.list(folder.resolve(".camspool-incoming"))) {
            assertThat(aside).isEmpty();
        }
    }

    @Test
    void nothingIsConfirmedBeforeItsFolderIsForced() {
        var capture = capture(1, new byte[] {1});
        var alert = alert(2, "{}");
        var disk = new FaultyDisk();
        disk.breakWith(FaultyDisk.failing(Call.FORCE_FOLDER, "Input/output error"));
        var sink = new FolderSink(disk, folder);

        assertThat(sink.send(batch(capture, alert)))
                .hasSize(2)
                .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Outcome.SinkFault.class));
        var forcedFolders = new ArrayList<Path>();
        disk.breakWith(FaultyDisk.recording(Call.FORCE_FOLDER, forcedFolders));

        assertThat(sink.send(batch(capture, alert)))
                .hasSize(2)
                .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Outcome.Delivered.class));
        // The first try renamed them and could not force the names: a power cut could still undo
        // it.
        assertThat(forcedFolders)
                .contains(
                        folder.resolve(capture.key()).getParent(),
                        folder.resolve(alert.key()).getParent());
    }

    @Test
    void aFolderThatACrashLeftIsForcedIntoItsParentOnce() throws IOException {
        var first = capture(1, new byte[] {1});
        var second = capture(2, new byte[] {2});
        var date = folder.resolve(first.key()).getParent();
        Files.createDirectories(date);
        var forcedFolders = new ArrayList<Path>();
        var disk = new FaultyDisk();
        disk.breakWith(FaultyDisk.recording(Call.FORCE_FOLDER, forcedFolders));
        var sink = new FolderSink(disk, folder);

        sink.send(batch(first));
        forcedFolders.removeFirst(); // for the marker
        var expected = new ArrayList<>(List.of(folder));
        for (var name : folder.relativize(date)) {
            expected.add(expected.getLast().resolve(name));
        }
        assertThat(forcedFolders).containsExactlyInAnyOrderElementsOf(expected);

        forcedFolders.clear();
        sink.send(batch(second));
        assertThat(forcedFolders).containsExactly(date);
    }

    @Test
    void anItemWhoseNameTheDestinationCannotHaveIsRefusedAndTheOthersGo() {
        var named = capture(1, new byte[] {1});
        var other = capture(2, new byte[] {2});
        var disk = new FaultyDisk();
        disk.breakWith(
                (call, path) -> {
                    if (call == Call.RENAME && path.endsWith(Path.of(named.key()).getFileName())) {
                        throw new FileSystemException(path.toString(), null, "File name too long");
                    }
                });

        var outcomes = new FolderSink(disk, folder).send(batch(named, other));

        assertThat(outcomes.getFirst()).isInstanceOf(Outcome.ItemRefused.class);
        assertThat(outcomes.getFirst().toString()).contains("File name too long");
        assertThat(outcomes.getLast()).isInstanceOf(Outcome.Delivered.class);
        assertThat(folder.resolve(".camspool-incoming")).isEmptyDirectory();
        assertThat(held()).containsOnlyKeys(other.key());
    }

    @Test
    void aDestinationThatRenamesNothingIsAtFaultItself() {
        var disk = new FaultyDisk();
        disk.breakWith(FaultyDisk.failing(Call.RENAME, "Input/output error"));

        assertThat(new FolderSink(disk, folder).send(batch(capture(1, new byte[] {1}))))
                .singleElement()
                .isInstanceOf(Outcome.SinkFault.class);
    }

    @Test
    void aFolderInTheWayIsForeign() throws IOException {
        var capture = capture(1, new byte[] {1});
        Files.createDirectories(folder.resolve(capture.key()));

        assertThat(sink().send(batch(capture)))
                .singleElement()
                .isInstanceOf(Outcome.ItemRefused.class);
    }

    @Test
    void anItemWhoseOwnBytesCanNotBeReadIsNotRefused() {
        var capture = capture(1, new byte[] {1});
        var gone =
                new Delivery() {
                    @Override
                    public StoredItem item() {
                        return capture.item();
                    }

                    @Override
                    public String key() {
                        return capture.key();
                    }

                    @Override
                    public String source() {
                        return capture.source();
                    }

                    @Override
                    public InputStream open() throws IOException {
                        throw new NoSuchFileException("the image");
                    }
                };
        var outcomes = sink().send(new Batch(List.of(gone, capture(2, new byte[] {2}))));

        assertThat(outcomes.getFirst()).isInstanceOf(Outcome.NetworkFault.class);
        assertThat(outcomes.getLast()).isInstanceOf(Outcome.Delivered.class);
    }
}
