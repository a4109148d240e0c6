package io.camspool.agent.api;

import static io.camspool.agent.api.Client.at;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Alert;
import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.Capture;
import io.camspool.Durability;
import io.camspool.Encoded;
import io.camspool.ItemId;
import io.camspool.Pictures;
import io.camspool.agent.http.HttpServer;
import io.camspool.agent.http.HttpServerConfig;
import io.camspool.sink.Batching;
import io.camspool.sink.NamedSink;
import io.camspool.sink.Outcome;
import io.camspool.sink.ScriptedSink;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is held, and where it goes, over HTTP.
final class ApiTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir Path data;
    private final ScriptedSink cloud = new ScriptedSink(Batching.of(100, 1_000_000));
    private Camspool spool;
    private Api api;
    private HttpServer server;
    private Client client;

    @BeforeEach
    void start() {
        spool =
                Camspool.open(
                        CamspoolConfig.in(data)
                                .withBox("box-1")
                                .withDurability(Durability.OS)
                                .withSink(new NamedSink("cloud", true, cloud).withMaxRefusals(1))
                                .withPullSink("local"));
        api =
                new Api(
                        spool,
                        IntakeSettings.of(CamspoolConfig.in(data)),
                        "1.2.3",
                        InstantSource.system(),
                        path -> "/public/" + data.relativize(path));
        server = HttpServer.start(HttpServerConfig.loopback(0), api::addTo);
        client = new Client(server.url());
    }

    @AfterEach
    void stop() {
        client.close();
        api.close();
        server.close();
        spool.close();
    }

    private ItemId capture(String camera) {
        return spool.save(
                        Capture.of(camera, Encoded.of(Pictures.jpeg(64, 48, 1)))
                                .at(NOON)
                                .withAlert("a-1")
                                .withLabel("class", "person"))
                .await(SOON)
                .id();
    }

    private ItemId alert(String json) {
        return spool.save(Alert.of(json).at(NOON)).await(SOON).id();
    }

    @Test
    void listsAreFilteredAndGoOnFromTheirCursor() {
        var first = capture("gate");
        capture("yard");
        capture("gate");

        var page = client.get("/v1/captures?camera=gate&limit=1&label=class%3Dperson");
        var rest =
                client.get(
                        "/v1/captures?camera=gate&limit=1&label=class%3Dperson&cursor="
                                + at(page, "/next"));

        assertThat(at(rest, "/items/0/id")).isEqualTo(first.value());
        assertThat(at(rest, "/items/0/path")).startsWith("/public/captures/");
        assertThat(client.get("/v1/captures?label=class%3Dcar").body()).contains("\"items\":[]");
        assertThat(client.get("/v1/captures?from=2026-11-23T12:00:01Z").body())
                .contains("\"items\":[]");
        assertThat(client.get("/v1/captures?sink=local&state=pending&alert=a-1").body())
                .contains(first.value());
    }

    @Test
    void alertsAreListedAndTheEventsOfTheSpoolWhenAskedFor() {
        var id = alert("{\"kind\":\"person\"}");

        assertThat(at(client.get("/v1/alerts?events=true"), "/items/0/id")).isEqualTo(id.value());
        assertThat(client.get("/v1/items/" + id + "/content").body())
                .isEqualTo("{\"kind\":\"person\"}");
    }

    @Test
    void whatIsNotAllowedIsNamed() {
        var unknown = client.get("/v1/captures?camra=gate");
        assertThat(unknown.statusCode()).isEqualTo(400);
        assertThat(at(unknown, "/field")).isEqualTo("camra");
        assertThat(at(unknown, "/hint")).contains("camera");

        for (var query :
                List.of(
                        "limit=0",
                        "limit=1001",
                        "priority=10",
                        "from=yesterday",
                        "label=person",
                        "sink=cloud",
                        "state=pending",
                        "sink=cloud&state=gone",
                        "cursor=nonsense")) {
            assertThat(client.get("/v1/captures?" + query).statusCode()).as(query).isEqualTo(400);
        }
        assertThat(client.get("/v1/items/NOT-AN-ID").statusCode()).isEqualTo(400);
        assertThat(client.get("/v1/items/none").statusCode()).isEqualTo(404);
        assertThat(client.get("/v1/sinks/none").statusCode()).isEqualTo(404);
        assertThat(client.post("/v1/sinks/cloud/pause/now", "").statusCode()).isEqualTo(404);
        assertThat(client.delete("/v1/status").statusCode()).isEqualTo(405);
    }

    @Test
    void anImageIsReadInPartsAndByItsTag() {
        var id = capture("gate");
        var whole = client.bytes("/v1/items/" + id + "/content");
        var tag = whole.headers().firstValue("ETag").orElseThrow();

        assertThat(whole.body()).isEqualTo(Pictures.jpeg(64, 48, 1));
        assertThat(whole.headers().firstValue("Content-Type")).hasValue("image/jpeg");
        var part = client.bytes("/v1/items/" + id + "/content", "Range", "bytes=10-19");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).hasSize(10);
        assertThat(client.bytes("/v1/items/" + id + "/content", "If-None-Match", tag).statusCode())
                .isEqualTo(304);
    }

    @Test
    void aThumbnailIsSmallAndAnAlertHasNone() throws Exception {
        var id =
                spool.save(Capture.of("gate", Encoded.of(Pictures.jpeg(800, 600, 1))))
                        .await(SOON)
                        .id();

        var thumbnail = client.bytes("/v1/items/" + id + "/thumbnail?width=160");
        assertThat(thumbnail.headers().firstValue("Content-Type")).hasValue("image/jpeg");
        assertThat(ImageIO.read(new ByteArrayInputStream(thumbnail.body())).getWidth())
                .isEqualTo(160);
        assertThat(client.get("/v1/items/" + id + "/thumbnail?width=161").statusCode())
                .isEqualTo(400);
        assertThat(client.get("/v1/items/" + alert("{}") + "/thumbnail").statusCode())
                .isEqualTo(415);
    }

    @Test
    void theStoryOfAnItemSaysWhereItWent() {
        var id = capture("gate");
        await(() -> client.get("/v1/sinks/cloud").body().contains("\"delivered\":{\"items\":1"));

        var story = client.get("/v1/items/" + id + "/deliveries");

        assertThat(at(story, "/sinks/0/state")).isEqualTo("delivered");
        assertThat(at(story, "/sinks/1/state")).isEqualTo("pending");
    }

    @Test
    void anUndeliveredItemGoesOnlyWhenTheRequestSaysSo() {
        spool.pauseSink("cloud"); // or it might be being sent just then
        var id = capture("gate");

        var kept = client.delete("/v1/items/" + id);
        assertThat(kept.statusCode()).isEqualTo(409);
        assertThat(at(kept, "/type")).isEqualTo("/problems/undelivered");
        var gone = client.delete("/v1/items/" + id + "?undelivered=drop");
        assertThat(at(gone, "/removal")).isEqualTo("dropped");
        assertThat(client.delete("/v1/items/" + id).statusCode()).isEqualTo(404);
    }

    @Test
    void theStatusAndItsContractAreServed() {
        assertThat(at(client.get("/v1/status"), "/version")).isEqualTo("1.2.3");
        assertThat(at(client.get("/v1/status"), "/box")).isEqualTo("box-1");
        assertThat(client.bytes("/v1/openapi.yaml").body())
                .startsWith("openapi: 3.1.0".getBytes(UTF_8));
    }

    @Test
    void aSinkIsPausedResumedAndSentToAtOnce() {
        assertThat(client.post("/v1/sinks/cloud/pause", "").statusCode()).isEqualTo(204);
        assertThat(at(client.get("/v1/sinks/cloud"), "/state")).isEqualTo("paused");
        assertThat(client.post("/v1/sinks/cloud/resume", "").statusCode()).isEqualTo(204);
        assertThat(client.post("/v1/sinks/cloud/sync", "").statusCode()).isEqualTo(202);
        assertThat(at(client.get("/v1/sinks"), "/items/0/state")).isEqualTo("up");
        assertThat(client.post("/v1/sinks/cloud/forget", "{\"items\":0}").statusCode())
                .as("it is configured")
                .isEqualTo(400);
    }

    @Test
    void aProgramDrainsAPullSink() {
        var image = capture("gate");
        var alert = alert("{\"kind\":\"person\"}");

        var due = client.post("/v1/sinks/local/due", "{\"items\":10,\"lease\":\"1m\"}");
        assertThat(at(due, "/items/0/item/id")).isEqualTo(alert.value());
        assertThat(at(due, "/items/0/json/kind")).isEqualTo("person");
        assertThat(at(due, "/items/1/item/id")).isEqualTo(image.value());
        assertThat(client.post("/v1/sinks/local/due", "").body()).contains("\"items\":[]");

        var confirmed =
                client.post(
                        "/v1/sinks/local/confirm", "{\"ids\":[\"" + alert + "\"],\"proof\":\"x\"}");
        assertThat(at(confirmed, "/items")).isEqualTo("1");
        var released =
                client.post(
                        "/v1/sinks/local/release",
                        "{\"leases\":[\"" + at(due, "/items/1/lease") + "\",\"none\"]}");
        assertThat(at(released, "/items")).isEqualTo("1");
        var again = client.post("/v1/sinks/local/due", "");
        var refused =
                client.post(
                        "/v1/sinks/local/refuse",
                        "{\"lease\":\""
                                + at(again, "/items/0/lease")
                                + "\",\"reason\":\"too large\"}");
        assertThat(at(refused, "/items")).isEqualTo("1");
        assertThat(client.post("/v1/sinks/cloud/due", "").statusCode()).isEqualTo(400);
    }

    @Test
    void whatWasRejectedIsListedRetriedAndDropped() {
        cloud.answer(
                batch ->
                        batch.deliveries().stream()
                                .map(_ -> (Outcome) new Outcome.ItemRefused("too large", "413"))
                                .toList());
        var id = alert("{}");
        await(() -> client.get("/v1/sinks/cloud/rejected").body().contains(id.value()));

        var rejected = client.get("/v1/sinks/cloud/rejected?limit=10");
        assertThat(at(rejected, "/items/0/reason")).isEqualTo("too large");
        assertThat(client.post("/v1/sinks/cloud/rejected/drop", "{\"items\":2}").statusCode())
                .isEqualTo(400);
        var retried = client.post("/v1/sinks/cloud/rejected/retry", "{\"ids\":[\"" + id + "\"]}");
        assertThat(at(retried, "/items")).isEqualTo("1");
        await(() -> client.get("/v1/sinks/cloud/rejected").body().contains(id.value()));
        var dropped = client.post("/v1/sinks/cloud/rejected/drop", "{\"items\":1}");
        assertThat(at(dropped, "/items")).isEqualTo("1");
    }

    @Test
    void oldItemsAreCleanedUpAndALossIsNamedBefore() {
        spool.pauseSink("cloud");
        capture("gate");

        assertThat(at(client.get("/v1/undelivered"), "/captures/items")).isEqualTo("1");
        var dry =
                client.post(
                        "/v1/cleanup",
                        "{\"older_than\":\"0s\",\"undelivered\":\"drop\",\"kind\":\"capture\",\"camera\":\"gate\",\"dry_run\":true}");
        assertThat(dry.statusCode()).isEqualTo(200);
        assertThat(client.post("/v1/cleanup", "{}").statusCode()).isEqualTo(400);
        assertThat(client.post("/v1/cleanup", "{\"older\":\"1d\"}").statusCode()).isEqualTo(400);
        assertThat(client.post("/v1/cleanup", "[]").statusCode()).isEqualTo(400);
        assertThat(client.post("/v1/clear", "{\"items\":7}").statusCode()).isEqualTo(400);
        assertThat(at(client.post("/v1/clear", "{\"items\":1}"), "/dropped/captures/items"))
                .isEqualTo("1");
    }

    @Test
    void whatHappensIsToldAsItHappens() throws Exception {
        var response =
                client.send(
                        client.request("/v1/events?types=stored").build(),
                        BodyHandlers.ofInputStream());
        try (var lines = new BufferedReader(new InputStreamReader(response.body(), UTF_8))) {
            assertThat(lines.readLine()).startsWith(":");
            var id = capture("gate");

            var line = lines.readLine();
            while (!line.startsWith("data:")) {
                line = lines.readLine();
            }
            assertThat(line).contains("\"type\":\"stored\"", id.value(), "\"camera\":\"gate\"");
        }
        assertThat(client.get("/v1/events?types=nothing").statusCode()).isEqualTo(400);
    }

    private static void await(BooleanSupplier condition) {
        var end = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
