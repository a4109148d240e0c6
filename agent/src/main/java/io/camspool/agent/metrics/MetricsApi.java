package io.camspool.agent.metrics;

import io.camspool.Camspool;
import io.camspool.CamspoolException;
import io.camspool.Status.Health;
import io.camspool.agent.http.Answers;
import io.camspool.agent.http.Fields;
import io.camspool.agent.http.Refusals;
import io.camspool.agent.http.Routes;
import io.camspool.agent.json.Json;
import io.camspool.agent.json.StatusJson;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What monitoring asks an agent for. Thread-safe.
public final class MetricsApi {
    private static final String UP = "UP";
    private static final String DOWN = "DOWN";

    private final Camspool spool;
    private final Path captures;
    private final InstantSource clock;
    private final ProcessMetrics process;
    private final ExpositionFormatWriter text = PrometheusTextFormatWriter.create();
    private final ExpositionFormatWriter openMetrics = OpenMetricsTextFormatWriter.create();

    /// The metrics of an agent that starts now.
    ///
    /// @param captures the folder of the images
    /// @param version of the agent
    /// @param refusals those of the server that these routes are added to
    public MetricsApi(
            Camspool spool, Path captures, String version, InstantSource clock, Refusals refusals) {
        this.spool = spool;
        this.captures = captures;
        this.clock = clock;
        this.process = new ProcessMetrics(version, clock.instant(), refusals);
    }

    public void addMetricsTo(HttpRouting.Builder routing) {
        Routes.at("/metrics").get(this::metrics).addTo(routing);
    }

    public void addHealthTo(HttpRouting.Builder routing) {
        Routes.at("/health/live").get(this::live).addTo(routing);
        Routes.at("/health/ready").get(this::ready).addTo(routing);
    }

    private void metrics(ServerRequest request, ServerResponse response) throws IOException {
        Fields.ofQuery(request);
        var accepted = String.join(",", request.headers().all(HeaderNames.ACCEPT, List::of));
        var format = openMetrics.accepts(accepted) ? openMetrics : text;
        var body = new ByteArrayOutputStream();
        format.write(body, snapshots());
        Answers.send(request, response, 200, format.getContentType(), body.toByteArray());
    }

    /// All metrics as they are now.
    MetricSnapshots snapshots() {
        var families = new Families();
        var status = spool.status();
        StatusMetrics.add(families, status, clock.instant());
        MeasuresMetrics.add(families, spool.measures());
        process.add(families, Map.of("data", status.data(), "captures", captures));
        return families.snapshots();
    }

    private void live(ServerRequest request, ServerResponse response) {
        Fields.ofQuery(request);
        answer(request, response, UP, Optional.empty(), List.of());
    }

    /// A spool whose state can't be read can't store anything either.
    private void ready(ServerRequest request, ServerResponse response) {
        Fields.ofQuery(request);
        try {
            var status = spool.status();
            answer(
                    request,
                    response,
                    status.health() == Health.RED ? DOWN : UP,
                    Optional.of(StatusJson.health(status)),
                    status.reasons());
        } catch (CamspoolException e) {
            answer(request, response, DOWN, Optional.empty(), List.of(e.getMessage()));
        }
    }

    private static void answer(
            ServerRequest request,
            ServerResponse response,
            String state,
            Optional<String> health,
            List<String> reasons) {
        Answers.json(
                request,
                response,
                state.equals(UP) ? 200 : 503,
                Json.object(
                        json -> {
                            json.writeStringField("status", state);
                            Json.optional(json, "health", health);
                            json.writeArrayFieldStart("reasons");
                            for (var reason : reasons) {
                                json.writeString(reason);
                            }
                            json.writeEndArray();
                        }));
    }
}
