package io.camspool.agent.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.camspool.Camspool;
import io.camspool.Query;
import io.camspool.Rejected;
import io.camspool.agent.http.Fields;
import io.camspool.agent.http.Routes;
import io.camspool.agent.json.ItemJson;
import io.camspool.agent.json.Json;
import io.camspool.agent.json.RejectedJson;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;

/// What sinks have given up on.
final class RejectedApi {
    private static final int MAX_IDS = 1_000;
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_CURSOR = 1_000;

    private final Camspool spool;
    private final ItemJson shape;

    RejectedApi(Camspool spool, ItemJson shape) {
        this.spool = spool;
        this.shape = shape;
    }

    void addTo(HttpRouting.Builder routing) {
        Routes.at("/v1/sinks/{sink}/rejected").get(this::list).addTo(routing);
        Routes.at("/v1/sinks/{sink}/rejected/retry").post(this::retry).addTo(routing);
        Routes.at("/v1/sinks/{sink}/rejected/drop").post(this::drop).addTo(routing);
    }

    private String sink(ServerRequest request) {
        return SinksApi.named(request, spool.status()).id();
    }

    private void list(ServerRequest request, ServerResponse response) {
        var fields = Fields.ofQuery(request, "limit", "cursor");
        var limit = fields.number("limit", 1, Query.MAX_LIMIT).orElse((long) DEFAULT_LIMIT);
        var page =
                spool.rejected(sink(request), limit.intValue(), fields.text("cursor", MAX_CURSOR));
        Replies.page(request, response, page.items(), this::write, page.next());
    }

    private void write(JsonGenerator json, Rejected rejected) throws IOException {
        json.writeObjectFieldStart("item");
        shape.write(json, rejected.item());
        json.writeEndObject();
        RejectedJson.write(json, rejected);
    }

    private void retry(ServerRequest request, ServerResponse response) {
        var sink = sink(request);
        var wanted = RequestJson.of(request, "ids");
        var retried =
                wanted.has("ids")
                        ? spool.retryRejected(sink, wanted.ids("ids", MAX_IDS))
                        : spool.retryRejected(sink);
        Replies.object(request, response, json -> json.writeNumberField("items", retried));
    }

    private void drop(ServerRequest request, ServerResponse response) {
        var sink = sink(request);
        var wanted = RequestJson.of(request, "items", "ids");
        var items = Loss.items(wanted);
        var loss =
                wanted.has("ids")
                        ? spool.dropRejected(sink, wanted.ids("ids", MAX_IDS), items)
                        : spool.dropRejected(sink, items);
        Replies.object(request, response, json -> Json.amount(json, loss));
    }
}
