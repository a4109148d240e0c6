package io.camspool.agent.metrics;

import static io.camspool.agent.api.OpenApiCheck.checked;
import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Alert;
import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.Capture;
import io.camspool.Durability;
import io.camspool.Encoded;
import io.camspool.ItemKind;
import io.camspool.Pictures;
import io.camspool.SpoolEvent;
import io.camspool.agent.http.HttpServer;
import io.camspool.agent.http.HttpServerConfig;
import io.camspool.agent.http.Refusals;
import io.camspool.sink.NamedSink;
import io.camspool.sink.Outcome;
import io.camspool.sink.ScriptedSink;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What monitoring is told.
final class MetricsApiTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final Path PAGE = Path.of("../docs/metrics.md");

    @TempDir Path data;
    private final ScriptedSink cloud = new ScriptedSink();
    private final HttpClient http = HttpClient.newHttpClient();
    private Camspool spool;
    private HttpServer server;

    @BeforeEach
    void start() {
        spool =
                Camspool.open(
                        CamspoolConfig.in(data)
                                .withDurability(Durability.OS)
                                .withSink(new NamedSink("cloud", true, cloud).withMaxRefusals(1)));
        var refusals = new Refusals();
        var api =
                new MetricsApi(
                        spool,
                        data.resolve("captures"),
                        "1.2.3",
                        InstantSource.fixed(NOON),
                        refusals);
        server =
                HttpServer.start(
                        HttpServerConfig.loopback(0),
                        refusals,
                        routing -> {
                            api.addMetricsTo(routing);
                            api.addHealthTo(routing);
                        });
    }

    @AfterEach
    void stop() {
        http.close();
        server.close();
        spool.close();
    }

    private HttpResponse<String> get(String path, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(server.url() + path));
        try {
            return checked(
                    http.send(
                            (headers.length == 0 ? request : request.headers(headers)).build(),
                            BodyHandlers.ofString()));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Scrape scrape() {
        return Scrape.of(get("/metrics").body());
    }

    private long capture(String camera) {
        return spool.save(Capture.of(camera, Encoded.of(Pictures.jpeg(64, 48, 1))).at(NOON))
                .await(SOON)
                .bytes();
    }

    private void alert(String json) {
        spool.save(Alert.of(json).at(NOON)).await(SOON);
    }

    @Test
    void valuesAreWhatWasSavedAndDelivered() {
        cloud.answerEach(
                delivery ->
                        delivery.item().kind() == ItemKind.ALERT
                                ? new Outcome.ItemRefused("no", "422")
                                : ScriptedSink.taken(delivery));
        var bytes = capture("gate") + capture("gate");
        alert("{}");
        assertThat(spool.awaitDelivered(SOON)).isTrue();

        var scrape = scrape();

        assertThat(scrape.value("camspool_accepted_items_total{kind=\"capture\"}")).isEqualTo(2);
        assertThat(scrape.value("camspool_accepted_bytes_total{kind=\"capture\"}"))
                .isEqualTo((double) bytes);
        assertThat(scrape.value("camspool_held_items{kind=\"alert\"}")).isEqualTo(1);
        assertThat(
                        scrape.value(
                                "camspool_camera_stored_items_total{camera=\"gate\",kind=\"capture\"}"))
                .isEqualTo(2);
        assertThat(scrape.value("camspool_camera_stored_items_total{camera=\"\",kind=\"alert\"}"))
                .isEqualTo(1);
        assertThat(scrape.value("camspool_camera_last_capture_timestamp_seconds{camera=\"gate\"}"))
                .isEqualTo((double) NOON.getEpochSecond());
        assertThat(scrape.value("camspool_sink_delivered_items_total{sink=\"cloud\"}"))
                .isEqualTo(2);
        assertThat(scrape.value("camspool_sink_rejected_items{sink=\"cloud\"}")).isEqualTo(1);
        assertThat(
                        scrape.value(
                                "camspool_sink_deliveries_total{kind=\"alert\",outcome=\"rejected\",sink=\"cloud\"}"))
                .isEqualTo(1);
        assertThat(scrape.value("camspool_sink_up{sink=\"cloud\"}")).isEqualTo(1);
        assertThat(scrape.value("camspool_balanced")).isEqualTo(1);
        assertThat(scrape.value("camspool_health{health=\"yellow\"}")).isEqualTo(1);
        assertThat(scrape.value("camspool_build_info{version=\"1.2.3\"}")).isEqualTo(1);
        assertThat(scrape.value("process_start_time_seconds"))
                .isEqualTo((double) NOON.getEpochSecond());
        assertThat(scrape.value("camspool_disk_total_bytes{folder=\"data\"}")).isPositive();
        assertThat(scrape.value("camspool_encode_duration_seconds_count")).isEqualTo(2);
        assertThat(scrape.value("camspool_encode_duration_seconds_bucket{le=\"+Inf\"}"))
                .isEqualTo(2);
        assertThat(scrape.value("camspool_encode_duration_seconds_bucket{le=\"60.0\"}"))
                .isEqualTo(2);
        assertThat(scrape.value("camspool_sink_send_duration_seconds_count{sink=\"cloud\"}"))
                .isPositive();
    }

    @Test
    void aSecondScrapeHasTheSameSeries() {
        capture("gate");
        alert("{}");
        assertThat(spool.awaitDelivered(SOON)).isTrue();

        assertThat(scrape().series().keySet()).isEqualTo(scrape().series().keySet());
    }

    @Test
    void aSinkThatIsAwayIsDownAndItsBacklogIsSeen() {
        cloud.goAway();
        var feed = spool.events(10);
        alert("{}");
        Optional<SpoolEvent> event;
        do {
            event = feed.next(SOON);
            assertThat(event).isPresent();
        } while (!(event.get() instanceof SpoolEvent.SinkDown));

        var scrape = scrape();

        assertThat(scrape.value("camspool_sink_up{sink=\"cloud\"}")).isZero();
        assertThat(scrape.value("camspool_sink_backlog_items{sink=\"cloud\"}")).isEqualTo(1);
        assertThat(scrape.value("camspool_sink_backlog_bytes{sink=\"cloud\"}")).isEqualTo(2);
        assertThat(
                        scrape.value(
                                "camspool_sink_deliveries_total{kind=\"alert\",outcome=\"network-fault\",sink=\"cloud\"}"))
                .isPositive();
    }

    @Test
    void namesOfCamerasAreEscaped() {
        capture("a\"b\\n");

        assertThat(
                        scrape().value(
                                        "camspool_camera_stored_items_total{camera=\"a\\\"b\\\\n\",kind=\"capture\"}"))
                .isEqualTo(1);
    }

    @Test
    void openMetricsIsAnsweredWhereItIsAskedFor() {
        var answer =
                get("/metrics", "Accept", "application/openmetrics-text;version=1.0.0,*/*;q=0.1");

        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(
                        type -> assertThat(type).startsWith("application/openmetrics-text"));
        assertThat(answer.body())
                .contains("# TYPE camspool_accepted_items counter\n")
                .endsWith("# EOF\n");
        assertThat(get("/metrics").headers().firstValue("Content-Type"))
                .contains("text/plain; version=0.0.4; charset=utf-8");
    }

    @Test
    void itIsReadyWhileItCanStore() {
        assertThat(get("/health/live").body()).isEqualTo("{\"status\":\"UP\",\"reasons\":[]}");
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);

        spool.close();

        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        var down = get("/health/ready");
        assertThat(down.statusCode()).isEqualTo(503);
        assertThat(down.body()).startsWith("{\"status\":\"DOWN\"").doesNotContain("\"reasons\":[]");
    }

    @Test
    void thePageListsAllMetrics() throws IOException {
        capture("gate");
        assertThat(spool.awaitDelivered(SOON)).isTrue();
        var page =
                Files.readAllLines(PAGE).stream()
                        .filter(line -> line.startsWith("| `"))
                        .collect(Collectors.joining("\n"));

        assertThat(page).isEqualTo(rows(scrape()));
    }

    private static String rows(Scrape scrape) {
        return new TreeMap<>(scrape.families())
                .values().stream()
                        .map(
                                family ->
                                        "| `%s` | %s | %s | %s |"
                                                .formatted(
                                                        family.name(),
                                                        family.type(),
                                                        family.labels().stream()
                                                                .map(label -> "`" + label + "`")
                                                                .collect(Collectors.joining(" ")),
                                                        family.help()))
                        .collect(Collectors.joining("\n"));
    }

    @Test
    void anUnknownParameterIsRefused() {
        assertThat(List.of(get("/metrics?a=1").statusCode(), get("/health/live?a=1").statusCode()))
                .containsExactly(400, 400);
    }
}
