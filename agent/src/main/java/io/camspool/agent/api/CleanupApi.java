package io.camspool.agent.api;

import io.camspool.Camspool;
import io.camspool.Cleanup;
import io.camspool.ItemKind;
import io.camspool.Undelivered;
import io.camspool.agent.http.Fields;
import io.camspool.agent.http.Routes;
import io.camspool.agent.json.CleanedJson;
import io.camspool.agent.json.Json;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Optional;

/// Removal of many items at once. A run takes as long as it takes: its steps let saves and
/// deliveries pass.
final class CleanupApi {
    private static final int MAX_NAME = 1_024;

    private final Camspool spool;

    CleanupApi(Camspool spool) {
        this.spool = spool;
    }

    void addTo(HttpRouting.Builder routing) {
        Routes.at("/v1/cleanup").post(this::cleanUp).addTo(routing);
        Routes.at("/v1/clear").post(this::clear).addTo(routing);
        Routes.at("/v1/undelivered").get(this::undelivered).addTo(routing);
    }

    private void cleanUp(ServerRequest request, ServerResponse response) {
        var wanted =
                RequestJson.of(request, "older_than", "undelivered", "kind", "camera", "dry_run");
        var cleanup =
                Cleanup.olderThan(
                        RequestJson.required(
                                "older_than", wanted.span("older_than"), "a span of time as 7d"));
        if (wanted.oneOf("undelivered", List.of("keep", "drop")).equals(Optional.of("drop"))) {
            cleanup = cleanup.withUndelivered(Undelivered.DROP);
        }
        var kind = wanted.oneOf("kind", List.of("capture", "alert"));
        if (kind.isPresent()) {
            cleanup =
                    cleanup.ofKind(kind.get().equals("alert") ? ItemKind.ALERT : ItemKind.CAPTURE);
        }
        var camera = wanted.text("camera", MAX_NAME);
        if (camera.isPresent()) {
            cleanup = cleanup.ofCamera(camera.get());
        }
        var cleaned = spool.cleanup(wanted.flag("dry_run") ? cleanup.asDryRun() : cleanup);
        Replies.object(request, response, json -> CleanedJson.write(json, cleaned));
    }

    private void clear(ServerRequest request, ServerResponse response) {
        var cleaned = spool.clear(Loss.items(RequestJson.of(request, "items")));
        Replies.object(request, response, json -> CleanedJson.write(json, cleaned));
    }

    private void undelivered(ServerRequest request, ServerResponse response) {
        Fields.ofQuery(request);
        var loss = spool.undelivered();
        Replies.object(request, response, json -> Json.amounts(json, loss));
    }
}
