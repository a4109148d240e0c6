package io.camspool.agent;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.ChildProcess;
import io.camspool.Pictures;
import io.camspool.Query;
import io.camspool.SpoolReader;
import io.camspool.StoredAlert;
import io.camspool.StoredCapture;
import io.camspool.sink.Sinks;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real folders as the Python module leaves them.
final class ImportCommandTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir Path folder;
    private Path old;
    private Path data;

    private record Run(int exit, String out, String err) {}

    @BeforeEach
    void makeFolders() throws IOException {
        old = folder.resolve("old");
        data = folder.resolve("data");
        image("20261122/gate-1_alert-1.jpg", 1, at("2026-11-22T08:15:30"));
        image("20261123/gate-1_alert-2.jpg", 2, at("2026-11-25T00:00:00"));
        image("20261123/dock.png", 3, at("2026-11-23T23:59:59"));
        alert("0f8e1c", "{\n  \"camera_id\": \"gate-1\",\n  \"score\": 0.9\n}");
    }

    private static Instant at(String local) {
        return LocalDateTime.parse(local).atZone(ZoneId.systemDefault()).toInstant();
    }

    private Path image(String name, int seed, Instant modified) throws IOException {
        var file = old.resolve("captures").resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, Pictures.jpeg(64, 48, seed));
        return Files.setLastModifiedTime(file, FileTime.from(modified));
    }

    private Path alert(String cacheId, String json) throws IOException {
        var pending = Files.createDirectories(old.resolve("cache/pending"));
        var file = Files.writeString(pending.resolve(cacheId + ".json"), json);
        return Files.setLastModifiedTime(file, FileTime.from(at("2026-11-23T10:00:00")));
    }

    private Run run(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var all = new ArrayList<>(List.of("import", "--data", data.toString()));
        all.addAll(List.of(arguments));
        var exit =
                Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                        .execute(all.toArray(String[]::new));
        return new Run(exit, out.toString(), err.toString());
    }

    private Run runOnOld(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.add(old.toString());
        return run(all.toArray(String[]::new));
    }

    private List<StoredCapture> captures() {
        try (var spool = SpoolReader.open(data)) {
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
            return spool.captures(Query.ALL.limitedTo(1_000)).items();
        }
    }

    private List<StoredAlert> alerts() {
        try (var spool = SpoolReader.open(data)) {
            return spool.alerts(Query.ALL.limitedTo(1_000)).items();
        }
    }

    /// Each file's bytes and time.
    private Map<String, String> state() throws IOException {
        var state = new TreeMap<String, String>();
        try (var tree = Files.walk(old)) {
            for (var file : tree.toList()) {
                var content = Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[0];
                state.put(
                        file.toString(),
                        Files.getLastModifiedTime(file)
                                + new String(content, StandardCharsets.ISO_8859_1));
            }
        }
        return state;
    }

    @Test
    void imagesAndAlertsAreTakenOverByteForByteAndTheOriginalsStay() throws IOException {
        var before = state();

        var run = runOnOld();

        assertThat(run.exit).as(run.err).isZero();
        assertThat(run.out).startsWith("imported 3 images (").contains("and 1 alert (");
        assertThat(state()).isEqualTo(before);
        var captures = captures();
        assertThat(captures)
                .extracting(StoredCapture::camera)
                .containsExactly("dock", "gate-1", "gate-1");
        assertThat(captures)
                .extracting(StoredCapture::time)
                .containsExactly(
                        at("2026-11-23T23:59:59"),
                        at("2026-11-23T12:00:00"),
                        at("2026-11-22T08:15:30"));
        assertThat(captures)
                .extracting(capture -> capture.alertId().orElse("-"))
                .containsExactly("-", "alert-2", "alert-1");
        var original = old.resolve("captures/20261123/dock.png");
        assertThat(captures.getFirst().path()).hasSameBinaryContentAs(original).hasExtension("png");
        assertThat(Files.getAttribute(captures.getFirst().path(), "unix:ino"))
                .isEqualTo(Files.getAttribute(original, "unix:ino"));
        assertThat(alerts())
                .singleElement()
                .satisfies(
                        alert -> {
                            assertThat(alert.alertId()).hasValue("0f8e1c");
                            assertThat(alert.camera()).hasValue("gate-1");
                            assertThat(alert.time()).isEqualTo(at("2026-11-23T10:00:00"));
                        });
        try (var spool = SpoolReader.open(data);
                var json = spool.read(alerts().getFirst().id())) {
            assertThat(json.readAllBytes())
                    .isEqualTo(Files.readAllBytes(old.resolve("cache/pending/0f8e1c.json")));
        }
    }

    @Test
    void aRepeatStoresNothingTwiceWhereverTheFolderStands() throws IOException {
        runOnOld();
        var moved = Files.move(old, folder.resolve("moved"));
        old = moved;
        image("20261123/gate-1_alert-3.jpg", 4, at("2026-11-23T12:00:00"));

        var run = runOnOld();

        assertThat(run.exit).as(run.err).isZero();
        assertThat(run.out).contains("imported 1 image (").contains("; 4 already there");
        assertThat(captures()).hasSize(4);
        assertThat(alerts()).hasSize(1);
    }

    @Test
    void otherContentUnderTheSameNameIsAnotherItem() throws IOException {
        runOnOld("--copy");
        image("20261122/gate-1_alert-1.jpg", 9, at("2026-11-22T09:00:00"));

        assertThat(runOnOld("--copy").out).contains("imported 1 image (");
        assertThat(captures()).hasSize(4);
    }

    @Test
    void whatIsNoAlertIsQuarantinedAndTheRestGoesOn() throws IOException {
        alert("broken", "{\"torn\": ");
        alert("list", "[1, 2]");
        alert("other", "{\"camera\": \"dock\"}");
        alert("odd", "{\"camera_id\": 7}");

        var run = runOnOld();

        assertThat(run.exit).isEqualTo(1);
        assertThat(run.out)
                .contains("quarantined: " + old.resolve("cache/pending/broken.json"))
                .contains("and 3 alerts (")
                .contains("; 2 quarantined");
        assertThat(alerts())
                .extracting(alert -> alert.camera().orElse("-"))
                .containsExactlyInAnyOrder("gate-1", "dock", "-");
        assertThat(runOnOld().out).contains("4 alerts".replace("4", "0")).contains("2 quarantined");
        try (var kept = Files.list(data.resolve("quarantine/import"))) {
            assertThat(kept)
                    .hasSize(2)
                    .anySatisfy(
                            file ->
                                    assertThat(file)
                                            .hasContent("{\"torn\": ")
                                            .asString()
                                            .contains("broken~"));
        }
        assertThat(old.resolve("cache/pending/broken.json")).exists();
    }

    @Test
    void whatIsNotTheModulesIsSkippedWithTheReason() throws IOException {
        Files.writeString(old.resolve("captures/20261123/notes.txt"), "mine");
        Files.createFile(old.resolve("captures/20261123/gate-1_torn.jpg"));
        Files.createSymbolicLink(
                old.resolve("captures/20261123/link.jpg"),
                old.resolve("captures/20261123/dock.png"));
        Files.createDirectories(old.resolve("captures/20261340"));
        Files.writeString(old.resolve("cache/pending/x.tmp"), "{}");

        var run = runOnOld();

        assertThat(run.exit).as(run.err).isZero();
        assertThat(run.out)
                .contains("skipped 1 file: not an image, as ")
                .contains("skipped 1 file: empty, as ")
                .contains("skipped 1 file: not a file, as ")
                .contains("skipped 1 file: not a folder of a day, as ")
                .contains("skipped 1 file: not an alert, as ")
                .contains("; 5 skipped");
    }

    @Test
    void itemsBeforeADayAreHeldAndNeverOwed() throws IOException {
        var cloud = Files.createDirectories(folder.resolve("cloud"));

        var run = runOnOld("--delivered-before", "2026-11-23");

        assertThat(run.out).contains("of them delivered already, to be held and never sent: 1");
        var config = CamspoolConfig.in(data).withSink("cloud", Sinks.folder(cloud));
        try (var spool = Camspool.open(config)) {
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
            assertThat(spool.status().sinks().getFirst().delivered().items()).isEqualTo(3);
        }
        try (var tree = Files.walk(cloud)) {
            assertThat(tree.filter(Files::isRegularFile).map(Path::toString))
                    .filteredOn(file -> !file.contains(".camspool-"))
                    .hasSize(3)
                    .noneMatch(file -> file.contains("20261122"));
        }
        assertThat(run("--delivered-before", "yesterday", old.toString()).exit).isEqualTo(2);
    }

    @Test
    void namesThatAreGuessedAreShownAndAPatternDecides() throws IOException {
        for (var n = 0; n < 6; n++) {
            image("20261123/door_1_a-" + n + ".jpg", n, at("2026-11-23T01:00:00"));
            image("20261123/door_2_a-" + n + ".jpg", n, at("2026-11-23T01:00:00"));
        }
        var dry = runOnOld("--dry-run");
        assertThat(dry.exit).as(dry.err).isZero();
        assertThat(dry.out)
                .containsPattern("door_1 +6 +6 +20261123/door_1_a-0.jpg +a-0")
                .contains("--camera-pattern decides")
                .contains("would import 15 images");
        assertThat(data).doesNotExist();
        assertThat(runOnOld("--dry-run", "--json").out.lines())
                .anyMatch(
                        line ->
                                line.startsWith(
                                        "{\"camera\":\"door_2\",\"files\":6,\"guessed\":6,"))
                .anyMatch(line -> line.startsWith("{\"dry_run\":true,\"images\":15,"));

        var own = runOnOld("--camera-pattern", "(?<camera>[a-z]+)_(?<alert>.*)");

        assertThat(own.exit).isEqualTo(1);
        assertThat(own.out).contains("its name does not match").contains("12 images");
        assertThat(captures()).extracting(StoredCapture::camera).containsOnly("door");
        assertThat(runOnOld("--dry-run").out)
                .contains("would import 3 images")
                .contains("13 already there");
    }

    @Test
    void foldersMayBeNamedAloneAndTheSpoolsOwnIsRefused() throws IOException {
        assertThat(run(old.resolve("captures").toString()).out)
                .contains("imported 3 images")
                .contains("0 alerts");
        assertThat(run("--cache", old.resolve("cache").toString()).out).contains("1 alert (");
        assertThat(
                        run(
                                        "--captures",
                                        old.resolve("captures").toString(),
                                        "--cache",
                                        old.resolve("cache/pending").toString())
                                .out)
                .contains("4 already there");
        assertThat(run().exit).isEqualTo(2);
        assertThat(run(folder.resolve("gone").toString()).exit).isEqualTo(2);
        assertThat(run(Files.createDirectories(folder.resolve("empty")).toString()).err)
                .contains("captures/ or cache/pending/");
        assertThat(run(data.toString()).err).contains("another folder than that of the spool");
    }

    @Test
    void whatAKillInterruptedGoesOnAndNothingIsDoubled() throws Exception {
        for (var n = 0; n < 300; n++) {
            image("20261121/gate-1_n-%03d.jpg".formatted(n), n, at("2026-11-21T05:00:00"));
            alert("n-" + n, "{\"n\":" + n + "}");
        }
        for (var kill = 0; kill < 3; kill++) {
            var held = kill * 60L;
            var process =
                    ChildProcess.start(
                            Main.class,
                            List.of(),
                            "import",
                            "--data",
                            data.toString(),
                            old.toString());
            while (process.isAlive() && heldNow() <= held) {
                Thread.onSpinWait();
            }
            process.toHandle().destroyForcibly();
            process.waitFor();
        }
        var run = runOnOld();

        assertThat(run.exit).as(run.err).isZero();
        assertThat(captures()).hasSize(303);
        assertThat(alerts()).hasSize(301);
        try (var spool = Camspool.open(CamspoolConfig.in(data))) {
            assertThat(spool.status().captures().accepted().items()).isEqualTo(303);
            assertThat(spool.status().captures().holds()).isTrue();
        }
        assertThat(runOnOld().out).contains("; 604 already there");
    }

    private long heldNow() {
        try (var spool = SpoolReader.open(data)) {
            return spool.status().captures().held().items();
        } catch (RuntimeException _) {
            return 0; // not made yet
        }
    }

    @Test
    void stoppedItTellsWhatWasDoneAndTheNextGoesOn() throws IOException {
        image("20261121/no camera.jpg", 4, at("2026-11-21T08:00:00"));
        var out = new StringWriter();
        var err = new StringWriter();
        var stop = new ArrayList<Runnable>();
        var writer =
                new PrintWriter(out, true) {
                    @Override
                    public void println(String line) {
                        super.println(line);
                        if (line.startsWith("not imported")) {
                            stop.forEach(Runnable::run);
                        }
                    }
                };
        var commands = Main.commandLine(writer, new PrintWriter(err, true));
        ImportCommand command =
                requireNonNull(commands.getSubcommands().get("import")).getCommand();
        stop.add(command::stop);
        var pattern = "(?<camera>gate-1|dock)(_(?<alert>.*))?";

        var exit =
                commands.execute(
                        "import",
                        "--data",
                        data.toString(),
                        "--camera-pattern",
                        pattern,
                        old.toString());

        assertThat(exit).isEqualTo(130);
        assertThat(out.toString()).contains("imported 0 images").contains("1 not imported");
        assertThat(err.toString()).contains("run again to go on");
        assertThat(run("--camera-pattern", pattern, old.toString()).out)
                .contains("imported 3 images");
    }

    @Test
    void whatIsWrongWithTheCommandLineIsSaid() {
        assertThat(run().err).contains("missing DIR");
        assertThat(run("--camera-pattern", "(?<camera>[", old.toString()).err)
                .contains("--camera-pattern")
                .contains("Unclosed character class");
        assertThat(run("--camera-pattern", "(.*)", old.toString()).err)
                .contains("it has no group (?<camera>...)");
    }
}
