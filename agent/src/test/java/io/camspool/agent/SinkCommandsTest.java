package io.camspool.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Pictures;
import io.camspool.sink.Receiver;
import io.camspool.sink.Receiver.Answer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `sinks`, `rejected` and what `show` tells of sinks, on a folder that holds one image and one
/// alert and a sink `share` that is away.
final class SinkCommandsTest {
    @TempDir Path folder;

    private Path image = Path.of("");
    private String imageId = "";
    private String alertId = "";

    private record Run(int exit, String out, String err) {}

    @BeforeEach
    void save() throws IOException {
        var photo = Files.write(folder.resolve("photo.jpg"), Pictures.jpeg(320, 200, 1));
        var saved = run("save", "--camera", "gate", "--id", "photo-1", photo.toString());
        assertThat(saved.exit).as(saved.err).isZero();
        image = Path.of(saved.out.split("  ", 2)[0]);
        imageId = "photo-1";
        var alert = Files.writeString(folder.resolve("alert.json"), "{\"n\":1}");
        assertThat(run("alert", "--id", "alert-1", alert.toString()).exit).isZero();
        alertId = "alert-1";
        assertThat(sync("0s").exit).isEqualTo(1);
    }

    private Run run(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var all = new ArrayList<>(List.of(arguments));
        all.add("--data");
        all.add(folder.resolve("data").toString());
        var exit =
                Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                        .execute(all.toArray(String[]::new));
        return new Run(exit, out.toString(), err.toString());
    }

    private Run sync(String timeout) throws IOException {
        return run(
                "sync",
                "--timeout",
                timeout,
                "--config",
                config("sinks: {share: {type: folder, folder: share}}\n"));
    }

    private String config(String text) throws IOException {
        return Files.writeString(folder.resolve("camspool.yaml"), text).toString();
    }

    @Test
    void sinksAreShownInATable() {
        var shown = run("sinks");

        assertThat(shown.exit).isZero();
        assertThat(shown.out.lines().findFirst().orElseThrow().split("\\s+"))
                .containsExactly(
                        "ID", "STATE", "WAITING", "OLDEST", "RATE", "DRAIN", "REJECTED", "TROUBLE");
        assertThat(shown.out.lines().toList().get(1)).matches("share +(unknown|down) +2 \\(.*");
        assertThat(run("sinks", "--json").out)
                .containsPattern("\"id\":\"share\",\"state\":\"(unknown|down)\",\"required\":true")
                .contains("\"backlog\":{\"items\":2,")
                .contains("\"oldest\":\"");
    }

    @Test
    void aSinkIsPausedAndResumed() {
        assertThat(run("sinks", "pause", "share").out).contains("paused share");
        assertThat(run("sinks").out).contains("share  paused");

        assertThat(run("sinks", "resume", "share", "--json").out).contains("\"resumed\":\"share\"");
        assertThat(run("sinks").out).doesNotContain("paused").contains("share");
        var unknown = run("sinks", "pause", "shore");
        assertThat(unknown.exit).isEqualTo(2);
        assertThat(unknown.err).contains("\"shore\" is not allowed; allowed: share");
    }

    @Test
    void aSinkIsForgottenOnlyWithItsLossNamed() {
        var asked = run("sinks", "forget", "share");
        assertThat(asked.exit).isEqualTo(2);
        assertThat(asked.out).contains("would be lost: 2 items (");
        assertThat(asked.err).contains("to forget it: --yes-drop 2");
        assertThat(run("sinks", "forget", "share", "--yes-drop", "1").exit).isEqualTo(2);
        assertThat(run("sinks").out).contains("share");

        var forgotten = run("sinks", "forget", "share", "--yes-drop", "2");

        assertThat(forgotten.exit).as(forgotten.err).isZero();
        assertThat(forgotten.out).contains("forgot share, which was owed 2 items (");
        assertThat(run("sinks").out).contains("no sink yet");
        assertThat(run("ls", "--json").out.lines()).hasSize(2);
    }

    /// What is damaged is rejected at once.
    private void reject() throws IOException {
        Files.writeString(image, "damaged");
        Files.createDirectories(folder.resolve("share"));
        var synced = sync("60s");
        assertThat(synced.exit).isEqualTo(1);
        assertThat(synced.out).contains("1 rejected, kept here: camspool rejected ls share");
    }

    @Test
    void theRejectedAreListedWithTheirReason() throws IOException {
        assertThat(run("rejected", "ls", "share").out).isEmpty();
        reject();

        assertThat(run("rejected", "ls", "share").out).contains(imageId).contains("damaged");
        assertThat(run("rejected", "ls", "share", "--json").out.lines())
                .singleElement()
                .asString()
                .contains("\"id\":\"" + imageId + "\"")
                .contains("\"reason\":\"damaged\"");
        assertThat(run("rejected", "ls", "shore").exit).isEqualTo(2);
    }

    @Test
    void theRejectedAreSentAgain() throws IOException {
        reject();

        assertThat(run("rejected", "retry", "share").exit).isEqualTo(2);
        assertThat(run("rejected", "retry", "share", alertId).exit).isEqualTo(1);
        assertThat(run("rejected", "retry", "share", imageId).out)
                .contains("1 item to be sent to share again");
        assertThat(run("rejected", "ls", "share").out).isEmpty();
        assertThat(run("rejected", "retry", "share", "--all", "--json").out)
                .contains("\"retried\":0");
    }

    @Test
    void theRejectedAreDroppedOnlyWithTheirLossNamed() throws IOException {
        reject();

        var asked = run("rejected", "drop", "share", "--all");
        assertThat(asked.exit).isEqualTo(2);
        assertThat(asked.out).contains("would be lost: 1 item (");
        assertThat(asked.err).contains("to give them up: --yes-drop 1");
        assertThat(run("rejected", "drop", "share", imageId, "--json").out)
                .contains("\"would_be_lost\":{\"items\":1,");
        assertThat(run("rejected", "drop", "share", "--all", "--yes-drop", "3").exit).isEqualTo(2);

        var dropped = run("rejected", "drop", "share", imageId, "--yes-drop", "1");

        assertThat(dropped.exit).as(dropped.err).isZero();
        assertThat(dropped.out).contains("gave up 1 item (");
        assertThat(run("rejected", "ls", "share").out).isEmpty();
    }

    @Test
    void showTellsWhatBecameOfAnItemAtEachSink() throws IOException {
        assertThat(run("show", "--sinks", alertId).out).contains("share").contains("pending");
        reject();

        assertThat(run("show", "--sinks", alertId).out).contains("delivered").contains(".json");
        assertThat(run("show", "--sinks", imageId).out).contains("rejected").contains("damaged");
        assertThat(run("show", "--sinks", "--json", alertId).out)
                .contains("\"sinks\":[{\"sink\":\"share\",\"state\":\"delivered\",\"when\":\"");
        assertThat(run("show", alertId).out).isEqualTo("{\"n\":1}");
    }

    private String server(Receiver receiver, String more) throws IOException {
        return config(
                """
                sinks:
                  server:
                    type: http
                    alerts-url: %1$s/alerts
                    images-url: %1$s/images/{key}
                    bearer: hush
                """
                                .formatted(receiver.url())
                        + more);
    }

    @Test
    void aDryRunPrintsTheRequestsWithoutSecrets() throws IOException {
        try (var receiver = new Receiver()) {
            var file = server(receiver, "");

            var shown = run("sinks", "test", "server", "--config", file, "--dry-run");

            assertThat(shown.exit).as(shown.err).isZero();
            assertThat(shown.out)
                    .contains("POST " + receiver.url() + "/alerts")
                    .contains("PUT " + receiver.url() + "/images/camspool-test/")
                    .contains("Authorization: Bearer ")
                    .doesNotContain("hush");
            assertThat(receiver.requests()).isEmpty();
            assertThat(run("sinks", "test", "server", "--config", file).exit).isEqualTo(2);
            assertThat(run("sinks", "test", "sever", "--config", file, "--dry-run").err)
                    .contains("\"sever\" is not allowed; allowed: server");
            assertThat(receiver.requests()).isEmpty();
        }
    }

    @Test
    void aDryRunShowsTheSignInOnceAndTheCapturesOfAnAlert() throws IOException {
        try (var receiver = new Receiver()) {
            var file =
                    config(
                            """
                            sinks:
                              store:
                                type: http
                                images-url: https://store.example/{key}
                                public-url: https://images.example/{key}
                              server:
                                type: http
                                after: store
                                alerts-url: %1$s/alerts
                                alerts-body: '{"picture": ${captures[0].url}, "count": ${captures}}'
                                images-url: %1$s/images/{key}
                                sign-in:
                                  url: %1$s/login
                                  username: box
                                  password: hush
                                  token: /token
                            """
                                    .formatted(receiver.url()));

            var shown = run("sinks", "test", "server", "--config", file, "--dry-run");

            assertThat(shown.exit).as(shown.err).isZero();
            assertThat(shown.out)
                    .startsWith("POST " + receiver.url() + "/login")
                    .containsOnlyOnce("{\"username\":\"box\",\"password\":\"***\"}")
                    .contains("PUT " + receiver.url() + "/images/camspool-test/")
                    .doesNotContain("hush");
            assertThat(shown.out)
                    .containsPattern(
                            "\"picture\": \"(https://images.example/camspool-test/camspool-test-image-\\d+\\.jpg)\", \"count\": \\[\\{.*\"url\":\"\\1\"}]}");
            assertThat(receiver.requests()).isEmpty();
        }
    }

    @Test
    void aProbeTellsWhatTheAnswerCountsAs() throws IOException {
        try (var receiver = new Receiver()) {
            var file = server(receiver, "    probe-url: " + receiver.url() + "/health\n");
            receiver.next(Answer.of(200), Answer.of(401), Answer.of(200));

            var well = run("sinks", "test", "server", "--config", file);
            var unwell = run("sinks", "test", "server", "--config", file);

            assertThat(well.out).contains("counts as delivered: answered 200");
            assertThat(well.exit).isZero();
            assertThat(run("sinks", "test", "server", "--config", file, "--json").out)
                    .startsWith("{\"requests\":[\"POST ")
                    .contains("\"counts_as\":\"delivered: answered 200");
            assertThat(unwell.out).contains("counts as a fault of the sink, all waits: ");
            assertThat(unwell.exit).isEqualTo(1);
        }
    }

    @Test
    void aMadeUpAlertIsSentWhereOneSaysSo() throws IOException {
        try (var receiver = new Receiver()) {
            var file = server(receiver, "");
            receiver.next(Answer.of(422, "no"));

            var refused = run("sinks", "test", "server", "--config", file, "--send");
            var taken = run("sinks", "test", "server", "--config", file, "--send");

            assertThat(refused.out).contains("counts as refused: ").contains("no");
            assertThat(taken.out).contains("counts as delivered: ");
            assertThat(taken.exit).as(taken.err).isZero();
            assertThat(receiver.requests()).hasSize(2);
        }
    }
}
