package io.camspool.agent.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Pictures;
import io.camspool.agent.config.ConfigSources;
import io.camspool.agent.serve.Agent;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.StringJoiner;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random requests, some of them nearly right. None brings the agent to fail, and nothing that it
/// said is stored gets lost. `-Dcamspool.fuzz.seed=N` replays a run, `-Dcamspool.fuzz.requests=N`
/// makes it longer.
final class ApiFuzzTest {
    private static final int REQUESTS = Integer.getInteger("camspool.fuzz.requests", 1_000);
    private static final List<String> METHODS = List.of("GET", "POST", "DELETE", "PUT", "HEAD");
    private static final List<String> PATHS =
            List.of(
                    "/v1/captures",
                    "/v1/alerts",
                    "/v1/items/{id}",
                    "/v1/items/{id}/content",
                    "/v1/items/{id}/thumbnail",
                    "/v1/items/{id}/deliveries",
                    "/v1/cleanup",
                    "/v1/undelivered",
                    "/v1/status",
                    "/v1/sinks",
                    "/v1/sinks/{sink}",
                    "/v1/sinks/{sink}/pause",
                    "/v1/sinks/{sink}/resume",
                    "/v1/sinks/{sink}/sync",
                    "/v1/sinks/{sink}/forget",
                    "/v1/sinks/{sink}/due",
                    "/v1/sinks/{sink}/confirm",
                    "/v1/sinks/{sink}/release",
                    "/v1/sinks/{sink}/refuse",
                    "/v1/sinks/{sink}/rejected",
                    "/v1/sinks/{sink}/rejected/retry",
                    "/v1/sinks/{sink}/rejected/drop",
                    "/v1/openapi.yaml",
                    "/metrics",
                    "/health/live",
                    "/health/ready",
                    "/v1/none");
    private static final List<String> FIELDS =
            List.of(
                    "camera",
                    "alert",
                    "time",
                    "label",
                    "priority",
                    "from",
                    "to",
                    "limit",
                    "cursor",
                    "sink",
                    "state",
                    "events",
                    "width",
                    "undelivered",
                    "types",
                    "camra");
    private static final List<String> VALUES =
            List.of(
                    "gate",
                    "东门/1号",
                    "",
                    "..",
                    "5",
                    "-1",
                    "99999999999999999999",
                    "a=b",
                    "=",
                    "2026-11-23T12:00:00Z",
                    "yesterday",
                    "local",
                    "pending",
                    "drop",
                    "true",
                    "160",
                    "%00",
                    "\"'<img>",
                    "x".repeat(2_000));
    private static final List<String> BODIES =
            List.of(
                    "",
                    "{}",
                    "[]",
                    "{\"items\":1}",
                    "{\"items\":-1}",
                    "{\"ids\":[\"a\"]}",
                    "{\"ids\":[1]}",
                    "{\"leases\":[\"x\"]}",
                    "{\"lease\":\"1s\",\"items\":5}",
                    "{\"older_than\":\"1d\"}",
                    "{\"older_than\":1}",
                    "{\"kind\":\"person\"}",
                    "[{}, {\"a\":1}]",
                    "[1]",
                    "{\"a\":",
                    "\u0000",
                    "nonsense",
                    "[".repeat(500));
    private static final List<String> TYPES =
            List.of(
                    "application/json",
                    "image/jpeg",
                    "image/png",
                    "video/mp4",
                    "text/plain",
                    "application/x-camspool-frame",
                    "application/cloudevents+json",
                    "application/cloudevents-batch+json",
                    "multipart/form-data; boundary=x",
                    "multipart/form-data",
                    "image",
                    "*/*");
    private static final byte[] JPEG = Pictures.jpeg(64, 48, 1);

    @TempDir Path folder;

    @Test
    void noRequestMakesTheAgentFailOrForget() throws Exception {
        var seed = Long.getLong("camspool.fuzz.seed", System.nanoTime());
        System.out.println("ApiFuzzTest: -Dcamspool.fuzz.seed=" + seed);
        var random = new SplittableRandom(seed);
        var config = folder.resolve("camspool.yaml");
        Files.writeString(
                config,
                "data: data\nlisten: 127.0.0.1:0\nsinks:\n  local:\n    type: pull\n  share:\n    type: folder\n    folder: share\n");
        try (var agent = Agent.start(ConfigSources.of(config).read(), "test");
                var client = HttpClient.newHttpClient()) {
            var stored = 0;
            for (var i = 0; i < REQUESTS; i++) {
                var request = request(random, agent.url());
                var response = client.send(request, BodyHandlers.ofByteArray());
                var what = "request %d of seed %d: %s".formatted(i, seed, request);
                assertThat(response.statusCode())
                        .as(() -> what + new String(response.body(), UTF_8))
                        .isLessThan(500);
                if (response.statusCode() == 201) {
                    stored++;
                }
            }
            var status = agent.spool().status();
            assertThat(status.captures().holds() && status.alerts().holds()).isTrue();
            assertThat(status.captures().accepted().items() + status.alerts().accepted().items())
                    .isGreaterThanOrEqualTo(stored);
            assertThat(agent.spool().verify(_ -> {}).problems()).as("seed " + seed).isEmpty();
        }
    }

    private static HttpRequest request(RandomGenerator random, String url) {
        var path =
                one(random, PATHS)
                        .replace(
                                "{id}",
                                one(random, List.of("a-1", "none", "NO", "%2e%2e", "key-1")))
                        .replace("{sink}", one(random, List.of("local", "share", "none", "%00")));
        var query = new StringJoiner("&", "?", "").setEmptyValue("");
        for (var i = random.nextInt(4); i > 0; i--) {
            query.add(one(random, FIELDS) + "=" + URLEncoder.encode(one(random, VALUES), UTF_8));
        }
        var method = one(random, METHODS);
        var request =
                HttpRequest.newBuilder(URI.create(url + path + query))
                        .timeout(Duration.ofSeconds(60))
                        .header("Content-Type", one(random, TYPES));
        if (random.nextBoolean()) {
            request.header(
                    "Idempotency-Key", one(random, List.of("a-1", "Key 7", "x".repeat(300))));
        }
        if (random.nextInt(4) == 0) {
            request.header("Camspool-Width", one(random, VALUES.subList(4, 7)));
            request.header("Camspool-Height", "4");
        }
        return request.method(method, BodyPublishers.ofByteArray(body(random))).build();
    }

    /// A picture, one that is cut off or garbled, or a text.
    private static byte[] body(RandomGenerator random) {
        return switch (random.nextInt(4)) {
            case 0 -> JPEG;
            case 1 -> {
                var garbled = JPEG.clone();
                garbled[random.nextInt(garbled.length)] ^= (byte) (1 << random.nextInt(8));
                yield garbled;
            }
            default -> one(random, BODIES).getBytes(UTF_8);
        };
    }

    private static <T> T one(RandomGenerator random, List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
