package io.camspool.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Alert;
import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.Pictures;
import io.camspool.Query;
import io.camspool.sink.Sinks;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir Path folder;

    private Path data;
    private Path photo;

    private record Run(int exit, String out, String err) {}

    @BeforeEach
    void makePhoto() throws IOException {
        data = folder.resolve("data");
        photo = Files.write(folder.resolve("photo.jpg"), Pictures.jpeg(320, 200, 1));
    }

    private Run run(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var exit =
                Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                        .execute(arguments);
        return new Run(exit, out.toString(), err.toString());
    }

    private Run onData(String command, String... arguments) {
        var all = new String[arguments.length + 3];
        all[0] = command;
        all[1] = "--data";
        all[2] = data.toString();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return run(all);
    }

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    @Test
    void savePrintsThePathOfWhatIsStored() throws IOException {
        var saved = onData("save", "--camera", "gate-1", "--alert", "a-1", photo.toString());

        assertThat(saved.exit).as(saved.err).isZero();
        var path = Path.of(saved.out.split("  ", 2)[0]);
        assertThat(path).hasBinaryContent(Files.readAllBytes(photo)).startsWith(data);
    }

    @Test
    void jsonLinesCarryIdAndPath() {
        var saved = onData("save", "--camera", "gate", "--json", photo.toString());
        assertThat(saved.out.lines())
                .singleElement()
                .asString()
                .contains("\"id\":\"")
                .contains("\"path\":\"");

        assertThat(onData("ls", "--json").out.lines())
                .singleElement()
                .asString()
                .contains("\"camera\":\"gate\"")
                .contains("\"kind\":\"capture\"");
    }

    @Test
    void saveKeepsAFileOfAnotherTypeAsItIs() throws IOException {
        var clip = file("clip.mp4", new byte[] {0, 0, 0, 24, 'f', 't', 'y', 'p'});

        var saved = onData("save", "--camera", "gate", "--type", "video/mp4", clip.toString());

        assertThat(saved.exit).as(saved.err).isZero();
        assertThat(Path.of(saved.out.split("  ", 2)[0]))
                .hasSameBinaryContentAs(clip)
                .hasExtension("mp4");
        assertThat(onData("ls").out).contains("video/mp4 ");
        assertThat(onData("ls", "--json").out)
                .contains("\"media_type\":\"video/mp4\"")
                .doesNotContain("width");
        assertThat(onData("save", "--camera", "c", "--type", "video", clip.toString()).err)
                .contains("media type: \"video\" is not allowed");
        assertThat(onData("save", "--camera", "c", "--type", "a/b", "-").exit).isEqualTo(2);
        assertThat(onData("save", "--camera", "c", "--type", "a/b", "--original", "x").exit)
                .isEqualTo(2);
        assertThat(onData("save", "--camera", "c", "--type", "a/b", folder.toString()).exit)
                .isEqualTo(2);
    }

    @Test
    void aRepeatUnderAnIdIsTheSameItem() throws IOException {
        var first = onData("save", "--camera", "c", "--id", "shot-1", photo.toString());
        var alert = folder.resolve("alert.json");
        Files.writeString(alert, "{}");

        assertThat(onData("save", "--camera", "c", "--id", "shot-1", photo.toString()).out)
                .isEqualTo(first.out);
        assertThat(onData("alert", "--id", "alert-1", alert.toString()).exit).isZero();
        assertThat(onData("alert", "--id", "alert-1", alert.toString()).exit).isZero();
        Files.writeString(alert, "{\"other\":1}");
        var other = onData("alert", "--id", "alert-1", alert.toString());
        assertThat(other.exit).isEqualTo(2);
        assertThat(other.err).contains("alert-1 stands for other content already");
        assertThat(onData("ls", "--json").out.lines()).hasSize(2);
        assertThat(onData("save", "--camera", "c", "--id", "x", photo.toString(), "other.jpg").err)
                .contains("--id: \"x\" is not allowed; allowed: with one image");
        Files.writeString(alert, "{}\n{}\n");
        var two = onData("alert", "--id", "alert-2", alert.toString());
        assertThat(two.exit).isEqualTo(2);
        assertThat(two.err).contains("--id: \"alert-2\" is not allowed; allowed: with one alert");
        assertThat(onData("ls", "--json").out.lines()).hasSize(2);
    }

    @Test
    void aRepeatUnderAnIdSaysWhatItWasStoredAs() {
        var saved = onData("save", "--camera", "same", "--id", "x", photo.toString());
        assertThat(saved.err).isEmpty();
        assertThat(onData("save", "--camera", "same", "--id", "x", photo.toString()).err).isEmpty();

        var other = onData("save", "--camera", "o", "--alert", "a", "--id", "x", photo.toString());

        assertThat(other.exit).isZero();
        assertThat(other.out).isEqualTo(saved.out);
        assertThat(other.err).contains("already stored as camera same, alert -; that stands");
    }

    @Test
    void lsGoesOnWhereItEndedAndWithinTimes() throws IOException {
        var lines = new ArrayList<String>();
        var alert = file("alert.json", "{}".getBytes(StandardCharsets.UTF_8));
        for (var minute = 10; minute < 15; minute++) {
            var at = "2026-11-23T12:" + minute + ":00Z";
            var _ = onData("alert", "--at", at, "--id", "a-" + minute, alert.toString());
            var _ = onData("save", "--camera", "c", "--at", at, photo.toString());
        }
        var all = onData("ls", "--json").out.lines().toList();

        var page = onData("ls", "--json", "--limit", "3").out.lines().toList();
        while (page.getLast().startsWith("{\"cursor\"")) {
            lines.addAll(page.subList(0, 3));
            var cursor = page.getLast().split("\"", 5)[3];
            page = onData("ls", "--json", "--limit", "3", "--cursor", cursor).out.lines().toList();
        }
        lines.addAll(page);

        assertThat(lines).hasSize(10).isEqualTo(all);
        assertThat(
                        onData(
                                        "ls",
                                        "--alerts",
                                        "--json",
                                        "--since",
                                        "2026-11-23T12:11:00Z",
                                        "--until",
                                        "2026-11-23T12:13:00Z")
                                .out
                                .lines())
                .hasSize(2);
        assertThat(onData("ls", "--since", "2026-11-23T12:14:00Z", "--json").out.lines())
                .hasSize(2);
        assertThat(onData("verify", "--rate", "0").err)
                .contains("--rate: 0.0 is not allowed; allowed: at least 0.001 megabytes");
        assertThat(onData("ls", "--since", "noon").err).contains("--since: \"noon\"");
        assertThat(onData("ls", "--cursor", "x").exit).isEqualTo(2);
        assertThat(onData("ls", "--camera", "").err).contains("--camera: \"\"");
    }

    @Test
    void saveTakesFoldersAndSaysWhatWasMadeSmaller() throws IOException {
        Files.createDirectories(folder.resolve("in/deeper"));
        Files.write(folder.resolve("in/a.jpg"), Pictures.jpeg(2560, 1440, 2));
        Files.write(folder.resolve("in/deeper/b.png"), Pictures.png(50, 40, 3));
        Files.writeString(folder.resolve("in/notes.txt"), "not an image");

        var saved = onData("save", "--camera", "dock", folder.resolve("in").toString());

        assertThat(saved.exit).as(saved.err).isZero();
        assertThat(saved.out.lines()).hasSize(2);
        assertThat(saved.err).contains("1 other file skipped");
        assertThat(saved.out).contains("(resized 2560x1440 -> 1920x1080)").contains(".png");
    }

    @Test
    void optionsOfSaveShapeTheImage() {
        var saved =
                onData(
                        "save",
                        "--camera",
                        "c",
                        "--max-size",
                        "100x100",
                        "--quality",
                        "50",
                        "--format",
                        "png",
                        "--label",
                        "zone=north",
                        "--priority",
                        "9",
                        "--at",
                        "2026-11-23T12:00:00Z",
                        "--json",
                        photo.toString());

        assertThat(saved.exit).as(saved.err).isZero();
        assertThat(saved.out)
                .contains("\"width\":100,\"height\":63")
                .contains(".png\"")
                .contains("\"zone\":\"north\"")
                .contains("\"priority\":9")
                .contains("\"time\":\"2026-11-23T12:00:00Z\"");
    }

    @Test
    void oneObjectOverManyLinesIsOneAlertKeptByteForByte() throws IOException {
        var json = "{\n  \"kind\": \"人\",\n  \"n\": 1.0\n}";
        var input = file("alert.json", (json + "\n").getBytes(StandardCharsets.UTF_8));

        assertThat(onData("alert", "--camera", "gate", input.toString()).exit).isZero();
        try (var spool = Camspool.open(CamspoolConfig.in(data))) {
            var alert = spool.alerts(Query.ALL).items().getFirst();
            assertThat(new String(spool.read(alert.id()).readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(json);
            assertThat(onData("show", alert.id().value()).out).isEqualTo(json);
        }
    }

    @Test
    void eachLineOfNdjsonIsAnAlertAndABadOneIsNamed() throws IOException {
        var input =
                file(
                        "alerts.ndjson",
                        "{\"n\":1}\n\n{bad\n{\"n\":2}\n[3]\n".getBytes(StandardCharsets.UTF_8));

        var saved = onData("alert", input.toString());

        assertThat(saved.exit).isEqualTo(1);
        assertThat(saved.out.lines()).hasSize(2);
        assertThat(saved.err).contains("line 3: ").contains("line 5: ").contains("not an object");
    }

    @Test
    void lsFiltersByCameraAlertKindAndDate() {
        onData(
                "save",
                "--camera",
                "a",
                "--alert",
                "x",
                "--at",
                "2026-11-20T12:00:00Z",
                photo.toString());
        onData("save", "--camera", "b", "--at", "2026-11-21T12:00:00Z", photo.toString());

        assertThat(onData("ls", "--camera", "a", "--json").out.lines()).hasSize(1);
        assertThat(onData("ls", "--alert", "x", "--json").out.lines()).hasSize(1);
        assertThat(onData("ls", "--alerts").out).contains("nothing held");
        assertThat(onData("ls", "--captures", "--json").out.lines()).hasSize(2);
        assertThat(onData("ls", "--date", "2026-11-20", "--json").out.lines()).hasSize(1);
        assertThat(onData("ls", "--limit", "1").out).contains("more: --cursor ");
        assertThat(onData("ls", "--date", "yesterday").exit).isEqualTo(2);
    }

    @Test
    void showPrintsAPathOrWhatIsKnownOfAnItem() {
        onData("save", "--camera", "c", "--id", "shot-1", photo.toString());

        var path = onData("show", "shot-1").out.strip();
        assertThat(Path.of(path)).hasSameBinaryContentAs(photo);
        assertThat(onData("show", "--json", "shot-1").out).isEqualTo(onData("ls", "--json").out);
        var missing = onData("show", "shot-2");
        assertThat(missing.exit).isEqualTo(2);
        assertThat(missing.err).contains("shot-2 is not held here");
    }

    @Test
    void lsStaysATableWhateverTheNamesAndSaysWhichTimeItMeans() {
        var at = "2026-11-23 12:00:00+00:00";
        onData(
                "save",
                "--camera",
                "门".repeat(300),
                "--alert",
                "a\n\t\u001b",
                "--at",
                at,
                photo.toString());

        var row = onData("ls").out.lines().toList().getLast();

        assertThat(row)
                .contains("  " + "门".repeat(19) + "…  ")
                .contains("a\\n\\t\\u001b")
                .containsPattern("^2026-11-2[234] \\d\\d:\\d\\d:00[+-]\\d\\d:\\d\\d ");
        assertThat(onData("ls", "--json").out).contains("门".repeat(300));
    }

    @Test
    void lsFindsByLabelPriorityAndHowItStandsWithASink() {
        try (var spool =
                Camspool.open(
                        CamspoolConfig.in(data)
                                .withSink("cloud", Sinks.folder(folder.resolve("away"))))) {
            spool.save(Alert.of("{}").withLabel("class", "car").withPriority(7)).await(SOON);
            spool.save(Alert.of("{}")).await(SOON);
        }

        assertThat(onData("ls", "--label", "class=car", "--json").out.lines()).hasSize(1);
        assertThat(onData("ls", "--label", "class=bus").out).contains("that matches");
        assertThat(onData("ls", "--priority", "6", "--json").out.lines()).hasSize(1);
        assertThat(onData("ls", "--pending", "cloud", "--json").out.lines()).hasSize(2);
        assertThat(onData("ls", "--delivered", "cloud").out).contains("that matches");
        assertThat(onData("ls", "--rejected", "clod").err)
                .contains("--rejected: \"clod\"")
                .contains("a sink of this folder: cloud");
    }

    @Test
    void lsStatusAndVerifyWorkWhileAnotherOwnsTheFolderAndSaveIsRefused() {
        try (var _ = Camspool.open(CamspoolConfig.in(data))) {
            assertThat(onData("ls").exit).isZero();
            assertThat(onData("status").exit).isZero();
            assertThat(onData("verify").exit).isZero();
            var refused = onData("save", "--camera", "c", photo.toString());
            assertThat(refused.exit).isEqualTo(3);
            assertThat(refused.err).contains("in use by process " + ProcessHandle.current().pid());
        }
    }

    @Test
    void statusWithoutASinkCountsWhatWasDeliveredBeforeAsDelivered() {
        onData("save", "--camera", "c", photo.toString());

        assertThat(onData("status").out)
                .contains("counts as undelivered, but for what was delivered before");
    }

    @Test
    void verifyFindsDamageAndExitsWithOne() throws IOException {
        var path = onData("save", "--camera", "c", photo.toString()).out.split("  ", 2)[0];
        assertThat(onData("verify").out).contains("sound: 1 item checked");
        Files.write(Path.of(path), new byte[] {1});

        var verified = onData("verify");

        assertThat(verified.exit).isEqualTo(1);
        assertThat(verified.out).contains("damaged").contains("1 problem in 1 item;");
        assertThat(onData("verify", "--json").out)
                .contains("\"problem\":\"damaged\"")
                .contains("\"sound\":false");
    }

    @Test
    void syncDeliversOnceAndARepeatLeavesNoSecondCopy() throws IOException {
        onData("save", "--camera", "c", photo.toString());
        var target = Files.createDirectory(folder.resolve("cloud"));

        assertThat(onData("sync", "--to", target.toString()).out).contains("delivered 1 item (");
        assertThat(onData("sync", "--to", target.toString()).out)
                .contains("delivered 0 items (0 B)")
                .contains("; nothing was waiting");
        onData("save", "--camera", "d", photo.toString());
        assertThat(onData("sync", "--to", target.toString()).out).contains("delivered 1 item (");
        try (var files = Files.walk(target)) {
            assertThat(files.filter(file -> file.toString().endsWith(".jpg"))).hasSize(2);
        }
        assertThat(onData("status").out).contains("DELIVERED");
    }

    @Test
    void syncIntoTheDataFolderIsRefused() {
        onData("save", "--camera", "c", photo.toString());

        assertThat(onData("sync", "--to", data.resolve("captures").toString()).err)
                .contains("a folder outside the data folder");
    }

    @Test
    void whatSyncSaysAfterALimitIsWhatTheFolderHolds() throws IOException {
        onData("save", "--camera", "c", photo.toString());
        var target = Files.createDirectory(folder.resolve("cloud"));

        var synced = onData("sync", "--to", target.toString(), "--timeout", "0s");

        try (var files = Files.walk(target)) {
            var there = files.filter(file -> file.toString().endsWith(".jpg")).count();
            assertThat(synced.out)
                    .contains("delivered " + there + (there == 1 ? " item (" : " items ("));
            assertThat(synced.exit).isEqualTo(there == 1 ? 0 : 1);
        }
    }

    @Test
    void syncToAFolderThatIsNotThereIsRefusedAtOnce() {
        onData("save", "--camera", "c", photo.toString());

        var refused = onData("sync", "--to", folder.resolve("nowhere").toString());

        assertThat(refused.exit).isEqualTo(2);
        assertThat(refused.err).contains("--to").contains("a folder that exists");
    }

    @Test
    void badImagesAreRefusedByNameAndTheOthersGoOn() throws IOException {
        var whole = Pictures.jpeg(320, 200, 4);
        var empty = file("empty.jpg", new byte[0]);
        var cut = file("cut.jpg", Arrays.copyOf(whole, whole.length / 2));
        var random = file("random.jpg", new byte[] {7, 7, 7, 7, 7});
        var good = file("good.jpg", whole);

        var saved =
                onData(
                        "save",
                        "--camera",
                        "c",
                        empty.toString(),
                        cut.toString(),
                        random.toString(),
                        folder.resolve("missing.jpg").toString(),
                        good.toString());

        assertThat(saved.exit).isEqualTo(1);
        assertThat(saved.out.lines()).hasSize(1);
        assertThat(saved.err)
                .contains("empty.jpg: the image is not allowed: it is empty")
                .contains("cut.jpg: the image is not allowed: it is truncated")
                .contains("random.jpg: the image is not allowed: it is neither JPEG nor PNG")
                .contains("missing.jpg: no such file")
                .doesNotContain("Exception")
                .doesNotContain("\tat ");
        assertThat(onData("status", "--json").out)
                .contains("\"captures\":{\"accepted\":{\"items\":1,");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--quality 0",
                "--quality 101",
                "--max-size 0x5",
                "--max-size big",
                "--format webp",
                "--priority 10",
                "--id Ö",
                "--at noon",
                "--label novalue"
            })
    void badOptionsAreRefusedBeforeAnythingIsOpened(String option) {
        var parts = option.split(" ", 2);

        var refused = onData("save", "--camera", "c", parts[0], parts[1], photo.toString());

        assertThat(refused.exit).isEqualTo(2);
        assertThat(refused.err).startsWith("camspool: " + parts[0]).contains(parts[1]);
        assertThat(data).doesNotExist();
    }

    @Test
    void aFolderWithoutASpoolIsSaid() {
        assertThat(onData("ls").err).contains("holds no spool");
        assertThat(onData("status").exit).isEqualTo(2);
        assertThat(onData("sync", "--to", folder.toString()).err).contains("holds no spool");
    }

    @Test
    void usageErrorsSuggestAndHelpListsExitCodes() {
        var unknown = run("sav");
        assertThat(unknown.exit).isEqualTo(2);
        assertThat(unknown.err).contains("Did you mean").contains("save");
        assertThat(run("--help").out).contains("Exit codes:").contains("demo");
        assertThat(run("--version").out).startsWith("camspool ");
    }
}
