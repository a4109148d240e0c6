package io.camspool;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.sink.Sinks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Whatever cameras and alerts are called: distinct, safe files, found again by the real names.
final class NamesTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final int MOST_NAME_BYTES = 255;

    private static final List<String> HARD =
            List.of(
                    "东门/1号",
                    "告警:42?",
                    "📷🚨",
                    "👨\u200D👩\u200D👧",
                    ".",
                    "..",
                    "../../etc/passwd",
                    "/etc/passwd",
                    "C:\\Windows",
                    "CON",
                    "con.jpg",
                    "nul",
                    "x".repeat(300),
                    "门".repeat(300),
                    "gate.",
                    "gate ",
                    " gate",
                    "-rf",
                    "~",
                    "$HOME `id`",
                    "'; DROP TABLE items; --",
                    "100%",
                    "%",
                    "line\nbreak\ttab",
                    "\u202Egpj.exe",
                    "a\u0001b");

    /// Names of which some file systems, or the replacing of characters, make one.
    private static final List<String> ALIKE =
            List.of(
                    "Gate-1",
                    "gate-1",
                    "GATE-1",
                    "a/b",
                    "a\\b",
                    "a:b",
                    "a?b",
                    "a_b",
                    "a*b",
                    "Caf\u00E9",
                    "Cafe\u0301",
                    "Straße",
                    "STRASSE",
                    "I",
                    "ı",
                    "x".repeat(301),
                    "gate",
                    ".incoming",
                    "_incoming");

    @TempDir Path folder;

    private CamspoolConfig config() {
        return CamspoolConfig.in(folder.resolve("data")).withBox("box-1").withZone(ZoneOffset.UTC);
    }

    private record Saved(String camera, String alert, int seed, Receipt receipt) {
        byte[] image() {
            return imageOf(seed);
        }
    }

    private static byte[] imageOf(int seed) {
        return seed % 3 == 0 ? Pictures.png(24, 16, seed) : Pictures.jpeg(24, 16, seed);
    }

    private static Saved save(Camspool spool, String camera, String alert, int seed) {
        var receipt =
                spool.save(Capture.of(camera, Encoded.of(imageOf(seed))).withAlert(alert).at(NOON));
        return new Saved(camera, alert, seed, receipt);
    }

    /// Each name as a camera with each of two alerts, and as an alert.
    private static List<Saved> saveAll(Camspool spool, List<String> names) {
        var saved = new ArrayList<Saved>();
        for (var name : names) {
            saved.add(save(spool, name, "alert-42", saved.size()));
            saved.add(save(spool, name, name, saved.size()));
            saved.add(save(spool, "gate-0", name, saved.size()));
        }
        saved.forEach(one -> one.receipt.await(SOON));
        return saved;
    }

    private static void assertFoundAgain(SpoolReader spool, Saved saved) throws IOException {
        var id = saved.receipt.id();
        var found = spool.find(saved.camera, saved.alert).orElseThrow();
        assertThat(found.id()).isEqualTo(id);
        assertThat(found.camera()).isEqualTo(saved.camera);
        assertThat(found.alertId()).hasValue(saved.alert);
        assertThat(found.path()).isEqualTo(saved.receipt.path().orElseThrow());
        assertThat(spool.captures(Query.ALL.ofCamera(saved.camera).ofAlert(saved.alert)).items())
                .extracting(StoredCapture::id)
                .containsExactly(id);
        assertThat(spool.captures(Query.ALL.ofAlert(saved.alert)).items())
                .allMatch(capture -> capture.alertId().orElseThrow().equals(saved.alert))
                .extracting(StoredCapture::id)
                .contains(id);
        try (var in = spool.read(id)) {
            assertThat(in.readAllBytes()).isEqualTo(saved.image());
        }
        assertThat(found.path()).hasBinaryContent(saved.image());
    }

    private void assertSafe(List<Saved> saved) {
        var day = folder.resolve("data/captures/20261123");
        assertThat(saved)
                .extracting(one -> one.receipt.path().orElseThrow())
                .allSatisfy(
                        path -> {
                            assertThat(path.normalize()).isEqualTo(path);
                            assertThat(path.getParent()).isEqualTo(day);
                            var name = path.getFileName().toString();
                            assertThat(name.getBytes(StandardCharsets.UTF_8).length)
                                    .isLessThanOrEqualTo(MOST_NAME_BYTES);
                            assertThat(name).doesNotContain("\\", ":", "?", "\n", "\u202E");
                        });
        assertThat(saved)
                .extracting(
                        one ->
                                Normalizer.normalize(
                                                one.receipt.path().orElseThrow().toString(),
                                                Normalizer.Form.NFKC)
                                        .toUpperCase(Locale.ROOT)
                                        .toLowerCase(Locale.ROOT))
                .doesNotHaveDuplicates();
    }

    private void assertOnlyTheseFiles(List<Saved> saved) throws IOException {
        try (var files = Files.walk(folder.resolve("data/captures"))) {
            assertThat(files.filter(Files::isRegularFile))
                    .containsExactlyInAnyOrderElementsOf(
                            saved.stream().map(one -> one.receipt.path().orElseThrow()).toList());
        }
    }

    @Test
    void hardNamesGiveDistinctSafeFilesAndAreFoundAgain() throws IOException {
        roundTrip(HARD);
    }

    @Test
    void namesThatDifferOnlyInCaseOrAReplacedCharacterStayApart() throws IOException {
        roundTrip(ALIKE);
    }

    private void roundTrip(List<String> names) throws IOException {
        List<Saved> saved;
        try (var spool = Camspool.open(config())) {
            saved = saveAll(spool, names);
            for (var one : saved) {
                assertFoundAgain(spool, one);
            }
            assertSafe(saved);
            assertOnlyTheseFiles(saved);
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
        try (var reader = SpoolReader.open(config().data())) {
            for (var one : saved) {
                assertFoundAgain(reader, one);
            }
            assertThat(reader.status().captures().held().items()).isEqualTo(names.size() * 3L);
            assertThat(reader.verify(_ -> {}).sound()).isTrue();
        }
    }

    @Test
    void alertsAreFoundByTheirRealNamesOnly() {
        var names = new ArrayList<>(HARD);
        names.addAll(ALIKE);
        try (var spool = Camspool.open(config())) {
            var receipts =
                    names.stream()
                            .map(
                                    name ->
                                            spool.save(
                                                    Alert.of("{}")
                                                            .withAlert(name)
                                                            .withCamera(name)))
                            .toList();
            receipts.forEach(receipt -> receipt.await(SOON));

            for (var i = 0; i < names.size(); i++) {
                var name = names.get(i);
                for (var query :
                        List.of(
                                Query.ALL.ofAlert(name),
                                Query.ALL.ofCamera(name),
                                Query.ALL.ofCamera(name).ofAlert(name))) {
                    assertThat(spool.alerts(query).items())
                            .as(name)
                            .extracting(StoredAlert::id)
                            .containsExactly(receipts.get(i).id());
                }
            }
            assertThat(spool.verify(_ -> {}).sound()).isTrue();
        }
    }

    @Test
    void aNameThatNobodyHasFindsNothing() {
        try (var spool = Camspool.open(config())) {
            saveAll(spool, List.of("gate", "a_b", "100%"));

            assertThat(spool.find("Gate", "gate")).isEmpty();
            assertThat(spool.find("a/b", "a_b")).isEmpty();
            assertThat(spool.find("a%", "a_b")).isEmpty();
            assertThat(spool.find("%", "%")).isEmpty();
            assertThat(spool.find("gate ", "gate")).isEmpty();
            assertThat(spool.captures(Query.ALL.ofCamera("g")).items()).isEmpty();
        }
    }

    @Test
    void theNewestOfOneNameIsFoundAndAllAreListed() {
        try (var spool = Camspool.open(config())) {
            var image = Encoded.of(Pictures.jpeg(24, 16, 1));
            var capture = Capture.of("东门/1号", image).withAlert("告警:42?");
            var newest = spool.save(capture.at(NOON.plusSeconds(90_000)));
            var older = spool.save(capture.at(NOON));
            newest.await(SOON);
            older.await(SOON);

            assertThat(spool.find("东门/1号", "告警:42?").orElseThrow().id()).isEqualTo(newest.id());
            assertThat(spool.captures(Query.ALL.ofCamera("东门/1号").ofAlert("告警:42?")).items())
                    .extracting(StoredCapture::id)
                    .containsExactly(newest.id(), older.id());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX) // elsewhere the locale doesn't decide about file names
    void aJavaThatCannotNameFilesInUnicodeIsTurnedAway() throws Exception {
        try (var spool = Camspool.open(config())) {
            saveAll(spool, List.of("东门"));
        }
        var child = ChildProcess.of(OpeningProcess.class, List.of(), config().data().toString());
        child.environment().put("LC_ALL", "C");
        var process = child.start();
        List<String> lines;
        try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
            lines = reader.lines().toList();
        }
        assertThat(process.waitFor()).isZero();
        assertThat(lines)
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).startsWith("INVALID").contains("LC_ALL"));
    }

    /// Opens a spool as its owner and as a reader; prints what hinders it.
    static final class OpeningProcess {
        private OpeningProcess() {}

        public static void main(String[] arguments) {
            var data = Path.of(arguments[0]);
            tryToOpen(() -> Camspool.open(CamspoolConfig.in(data)));
            tryToOpen(() -> SpoolReader.open(data));
        }

        private static void tryToOpen(Supplier<SpoolReader> opening) {
            try (var _ = opening.get()) {
                System.out.println("opened");
            } catch (CamspoolException e) {
                System.out.println(e.reason() + " " + e.getMessage());
            }
        }
    }

    @Test
    void hardNamesArriveInAFolderOnce() throws IOException {
        var target = Files.createDirectory(folder.resolve("target"));
        var names = new ArrayList<>(HARD);
        names.addAll(ALIKE);
        List<Saved> saved;
        try (var spool = Camspool.open(config().withSink("folder", Sinks.folder(target)))) {
            saved = saveAll(spool, names);
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(spool.status().sinks().getFirst().delivered().items())
                    .isEqualTo(saved.size());
        }
        try (var files = Files.walk(target)) {
            var arrived =
                    files.filter(Files::isRegularFile)
                            .filter(file -> !file.endsWith(".camspool-sink"))
                            .toList();
            assertThat(arrived)
                    .extracting(path -> path.getFileName().toString())
                    .containsExactlyInAnyOrderElementsOf(
                            saved.stream()
                                    .map(one -> one.receipt.path().orElseThrow())
                                    .map(path -> path.getFileName().toString())
                                    .toList());
            for (var one : saved) {
                var name = one.receipt.path().orElseThrow().getFileName();
                assertThat(
                                arrived.stream()
                                        .filter(path -> path.getFileName().equals(name))
                                        .findFirst()
                                        .orElseThrow())
                        .hasBinaryContent(one.image());
            }
        }
    }
}
