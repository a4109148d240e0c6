package io.camspool.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.CamspoolException;
import io.camspool.Capture;
import io.camspool.Encoded;
import io.camspool.Pictures;
import io.camspool.Query;
import io.camspool.agent.config.ConfigSources;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AgentTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir Path folder;

    private Agent start(String lines) throws IOException {
        var config = folder.resolve("camspool.yaml");
        Files.writeString(config, "data: data\nlisten: 127.0.0.1:0\n" + lines);
        return Agent.start(ConfigSources.of(config).read(), "1.2.3");
    }

    private static int status(Agent agent, String path, String... headers) throws Exception {
        return get(agent, path, headers).statusCode();
    }

    private static HttpResponse<String> get(Agent agent, String path, String... headers)
            throws Exception {
        var request = HttpRequest.newBuilder(URI.create(agent.url() + path));
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                    (headers.length == 0 ? request : request.headers(headers)).build(),
                    BodyHandlers.ofString());
        }
    }

    @Test
    void everyPathAsksForTheTokenThatIsSet() throws Exception {
        try (var agent = start("token: sesame\n")) {
            for (var path :
                    new String[] {
                        "/v1/status",
                        "/v1/captures",
                        "/v1/sinks",
                        "/v1/events",
                        "/v1/openapi.yaml",
                        "/metrics",
                        "/health/live",
                        "/nowhere"
                    }) {
                assertThat(status(agent, path)).as(path).isEqualTo(401);
                assertThat(status(agent, path, "Authorization", "Bearer wrong")).isEqualTo(401);
            }
            assertThat(status(agent, "/v1/status", "Authorization", "Bearer sesame"))
                    .isEqualTo(200);
        }
    }

    @Test
    void pathsAreShownAsOthersSeeThem() throws Exception {
        try (var agent = start("paths: {public: /images}\n")) {
            agent.spool()
                    .save(Capture.of("gate", Encoded.of(Pictures.jpeg(64, 48, 1))))
                    .await(SOON);

            assertThat(get(agent, "/v1/captures").body()).contains("\"path\":\"/images/2");
        }
    }

    @Test
    void aWatchedFolderIsEmptiedIntoTheSpool() throws Exception {
        var inbox = Files.createDirectories(folder.resolve("inbox/gate"));
        try (var agent =
                start("watch:\n  - folder: inbox\n    settle: 50ms\n    sidecar: false\n")) {
            Files.write(inbox.resolve("1.jpg"), Pictures.jpeg(64, 48, 1));
            var end = System.nanoTime() + SOON.toNanos();
            while (agent.spool().captures(Query.ALL.ofCamera("gate")).items().isEmpty()) {
                assertThat(System.nanoTime()).as("taken in time").isLessThan(end);
                Thread.sleep(20);
            }
        }
    }

    @Test
    void metricsCanBeSwitchedOff() throws Exception {
        try (var agent = start("metrics: false\n")) {
            assertThat(status(agent, "/metrics")).isEqualTo(404);
            assertThat(status(agent, "/health/ready")).isEqualTo(200);
        }
    }

    @Test
    void whatCanNotStartLeavesTheFolderFree() throws Exception {
        assertThatThrownBy(() -> start("watch:\n  - folder: data\n"))
                .isInstanceOf(CamspoolException.class);
        try (var agent = start("")) {
            assertThat(status(agent, "/v1/status")).isEqualTo(200);
        }
    }
}
