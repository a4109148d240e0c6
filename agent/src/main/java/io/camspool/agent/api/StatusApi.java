package io.camspool.agent.api;

import io.camspool.Camspool;
import io.camspool.agent.http.Answers;
import io.camspool.agent.http.Fields;
import io.camspool.agent.http.Routes;
import io.camspool.agent.json.StatusJson;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Objects;

/// How the agent is, and what it can do.
final class StatusApi {
    private static final String DOCUMENT = "openapi.yaml";

    private final Camspool spool;
    private final String version;
    private final Instant startedAt;
    private final byte[] document;

    StatusApi(Camspool spool, String version, Instant startedAt) {
        this.spool = spool;
        this.version = version;
        this.startedAt = startedAt;
        this.document = document();
    }

    private static byte[] document() {
        try (var in = StatusApi.class.getResourceAsStream(DOCUMENT)) {
            return Objects.requireNonNull(in, DOCUMENT).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void addTo(HttpRouting.Builder routing) {
        Routes.at("/v1/status").get(this::status).addTo(routing);
        Routes.at("/v1/openapi.yaml").get(this::openApi).addTo(routing);
    }

    private void status(ServerRequest request, ServerResponse response) {
        Fields.ofQuery(request);
        var status = spool.status();
        Replies.object(
                request,
                response,
                json -> {
                    json.writeStringField("version", version);
                    json.writeStringField("started_at", startedAt.toString());
                    StatusJson.write(json, status);
                });
    }

    private void openApi(ServerRequest request, ServerResponse response) {
        Fields.ofQuery(request);
        Answers.send(request, response, 200, "application/yaml", document);
    }
}
