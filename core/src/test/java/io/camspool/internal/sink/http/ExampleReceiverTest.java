package io.camspool.internal.sink.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.camspool.sink.Batch;
import io.camspool.sink.HttpAccess;
import io.camspool.sink.HttpAlerts;
import io.camspool.sink.HttpImages;
import io.camspool.sink.HttpSettings;
import io.camspool.sink.Outcome;
import io.camspool.sink.Secret;
import io.camspool.sink.Sinks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The receiver under `examples/` takes what the sink sends, and repeats as such.
final class ExampleReceiverTest {
    @TempDir Path folder;
    private @Nullable Process receiver;
    private String url = "";

    @BeforeEach
    void start() throws IOException {
        Process started;
        try {
            started =
                    new ProcessBuilder(
                                    "python3",
                                    Path.of("..", "examples", "receiver.py").toString(),
                                    "--port",
                                    "0",
                                    "--token",
                                    "t1",
                                    "--folder",
                                    folder.toString())
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
        } catch (IOException e) {
            abort("no python3 here, the example receiver was not run: " + e.getMessage());
            return;
        }
        receiver = started;
        var line = started.inputReader(StandardCharsets.UTF_8).readLine();
        assertThat(line).startsWith("listening on http://");
        url = line.substring("listening on ".length());
    }

    @AfterEach
    void stop() {
        if (receiver != null) {
            receiver.destroy();
        }
    }

    private HttpSettings settings(String token) {
        return HttpSettings.of(HttpAlerts.to(url + "/alerts"), HttpImages.to(url + "/images/{key}"))
                .withProbeUrl(url + "/health")
                .withAccess(new HttpAccess.Bearer(new Secret(token)));
    }

    @Test
    void itTakesAlertsAndImagesAndTheirRepeats() throws Exception {
        var content = new byte[300_000];
        var capture = Deliveries.capture(content, sha256(content));
        var other = Deliveries.capture(new byte[] {1}, sha256(new byte[] {1}));
        var alert = Deliveries.alert("{\"kind\":\"人\"}");
        try (var sink = Sinks.http(settings("t1"))) {
            assertThat(sink.probe().orElseThrow()).isInstanceOf(Outcome.Delivered.class);
            for (var tries = 0; tries < 2; tries++) {
                assertThat(sink.send(new Batch(List.of(alert, capture))))
                        .hasSize(2)
                        .allSatisfy(
                                outcome ->
                                        assertThat(outcome).isInstanceOf(Outcome.Delivered.class));
            }
            assertThat(sink.send(new Batch(List.of(other, Deliveries.alert("{\"kind\":\"x\"}")))))
                    .hasSize(2)
                    .allSatisfy(
                            outcome -> assertThat(outcome).isInstanceOf(Outcome.ItemRefused.class));
        }
        assertThat(folder.resolve("images").resolve(capture.key())).hasBinaryContent(content);
        assertThat(Files.readString(folder.resolve("alerts/box-1~abc123/a1.json")))
                .contains("\"kind\": \"人\"")
                .contains("\"type\": \"io.camspool.alert\"");
        try (var aside = Files.list(folder.resolve(".incoming"))) {
            assertThat(aside).isEmpty();
        }
    }

    @Test
    void itTakesNothingFromStrangers() {
        try (var sink = Sinks.http(settings("t2"))) {
            assertThat(
                            sink.send(
                                    new Batch(
                                            List.of(
                                                    Deliveries.alert("{}"),
                                                    Deliveries.capture(new byte[] {1})))))
                    .hasSize(2)
                    .allSatisfy(
                            outcome -> assertThat(outcome).isInstanceOf(Outcome.SinkFault.class));
        }
        assertThat(folder.resolve("alerts")).doesNotExist();
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
