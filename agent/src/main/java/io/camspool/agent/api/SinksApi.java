package io.camspool.agent.api;

import io.camspool.Camspool;
import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.SinkStatus;
import io.camspool.Status;
import io.camspool.agent.http.Answers;
import io.camspool.agent.http.Fields;
import io.camspool.agent.http.Routes;
import io.camspool.agent.json.Json;
import io.camspool.agent.json.SinkJson;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/// Where items go: how sinks stand, and what their owner does with them.
final class SinksApi {
    private final Camspool spool;

    SinksApi(Camspool spool) {
        this.spool = spool;
    }

    void addTo(HttpRouting.Builder routing) {
        Routes.at("/v1/sinks").get(this::list).addTo(routing);
        Routes.at("/v1/sinks/{sink}").get(this::find).addTo(routing);
        Routes.at("/v1/sinks/{sink}/pause").post(this::pause).addTo(routing);
        Routes.at("/v1/sinks/{sink}/resume").post(this::resume).addTo(routing);
        Routes.at("/v1/sinks/{sink}/sync").post(this::sync).addTo(routing);
        Routes.at("/v1/sinks/{sink}/forget").post(this::forget).addTo(routing);
    }

    /// The sink that a path names; what is not there is said so.
    static SinkStatus named(ServerRequest request, Status status) {
        var id = request.path().pathParameters().get("sink");
        return status.sinks().stream()
                .filter(sink -> sink.id().equals(id))
                .findFirst()
                .orElseThrow(
                        () ->
                                new CamspoolException(
                                        Reason.NOT_FOUND, "there is no sink \"" + id + "\""));
    }

    private void list(ServerRequest request, ServerResponse response) {
        Fields.ofQuery(request);
        var status = spool.status();
        Replies.items(
                request,
                response,
                status.sinks(),
                (json, sink) -> SinkJson.write(json, sink, status));
    }

    private void find(ServerRequest request, ServerResponse response) {
        Fields.ofQuery(request);
        var status = spool.status();
        var sink = named(request, status);
        Replies.object(request, response, json -> SinkJson.write(json, sink, status));
    }

    private void pause(ServerRequest request, ServerResponse response) {
        Fields.ofQuery(request);
        spool.pauseSink(named(request, spool.status()).id());
        Answers.none(response, 204);
    }

    private void resume(ServerRequest request, ServerResponse response) {
        Fields.ofQuery(request);
        spool.resumeSink(named(request, spool.status()).id());
        Answers.none(response, 204);
    }

    private void sync(ServerRequest request, ServerResponse response) {
        Fields.ofQuery(request);
        spool.syncSink(named(request, spool.status()).id());
        Answers.none(response, 202);
    }

    private void forget(ServerRequest request, ServerResponse response) {
        var sink = named(request, spool.status()).id();
        var loss = spool.forgetSink(sink, Loss.items(RequestJson.of(request, "items")));
        Replies.object(request, response, json -> Json.amount(json, loss));
    }
}
