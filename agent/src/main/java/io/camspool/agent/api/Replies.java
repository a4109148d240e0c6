package io.camspool.agent.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.camspool.agent.http.Answers;
import io.camspool.agent.json.Json;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Answers 200 with a JSON object.
final class Replies {
    /// Writes the fields of one of several.
    interface Each<T> {
        void write(JsonGenerator json, T one) throws IOException;
    }

    private Replies() {}

    static void object(ServerRequest request, ServerResponse response, Json.Fields fields) {
        Answers.json(request, response, 200, Json.object(fields));
    }

    static <T> void items(
            ServerRequest request, ServerResponse response, List<? extends T> items, Each<T> each) {
        page(request, response, items, each, Optional.empty());
    }

    /// @param next cursor of the following page; empty: this is the last
    static <T> void page(
            ServerRequest request,
            ServerResponse response,
            List<? extends T> items,
            Each<T> each,
            Optional<String> next) {
        object(
                request,
                response,
                json -> {
                    json.writeArrayFieldStart("items");
                    for (var item : items) {
                        json.writeStartObject();
                        each.write(json, item);
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                    Json.optional(json, "next", next);
                });
    }
}
