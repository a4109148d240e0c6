package io.camspool.agent.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.camspool.Camspool;
import io.camspool.ItemKind;
import io.camspool.agent.http.Routes;
import io.camspool.agent.json.ItemJson;
import io.camspool.sink.Delivery;
import io.camspool.sink.PullSink;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/// Sinks that programs drain themselves, over HTTP.
final class PullApi {
    private static final int MAX_ITEMS = 1_000;
    private static final int DEFAULT_ITEMS = 100;
    private static final int MAX_TEXT = 1_000;

    private final Camspool spool;
    private final ItemJson shape;
    private final HandedOut handedOut;

    PullApi(Camspool spool, ItemJson shape, HandedOut handedOut) {
        this.spool = spool;
        this.shape = shape;
        this.handedOut = handedOut;
    }

    void addTo(HttpRouting.Builder routing) {
        Routes.at("/v1/sinks/{sink}/due").post(this::due).addTo(routing);
        Routes.at("/v1/sinks/{sink}/confirm").post(this::confirm).addTo(routing);
        Routes.at("/v1/sinks/{sink}/release").post(this::release).addTo(routing);
        Routes.at("/v1/sinks/{sink}/refuse").post(this::refuse).addTo(routing);
    }

    private PullSink sink(ServerRequest request) {
        return spool.pull(SinksApi.named(request, spool.status()).id());
    }

    private void due(ServerRequest request, ServerResponse response) {
        var sink = sink(request);
        var wanted = RequestJson.of(request, "items", "lease");
        var items = wanted.number("items", 1, MAX_ITEMS).orElse((long) DEFAULT_ITEMS);
        var lease = wanted.span("lease").orElse(PullSink.LEASE);
        var due = sink.due(items.intValue(), lease);
        Replies.<Delivery>items(
                request,
                response,
                due,
                (json, delivery) -> {
                    json.writeStringField("lease", handedOut.add(sink.id(), delivery, lease));
                    write(json, delivery);
                });
    }

    private void write(JsonGenerator json, Delivery delivery) throws IOException {
        json.writeStringField("key", delivery.key());
        json.writeStringField("source", delivery.source());
        json.writeObjectFieldStart("item");
        shape.write(json, delivery.item());
        json.writeEndObject();
        if (delivery.item().kind() == ItemKind.CAPTURE) {
            return;
        }
        json.writeFieldName("json");
        json.writeRawValue(text(delivery));
        json.writeArrayFieldStart("captures");
        for (var capture : delivery.captures()) {
            json.writeStartObject();
            json.writeStringField("id", capture.id().value());
            json.writeStringField("key", capture.key());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /// It was checked as JSON in UTF-8 when it was accepted.
    private static String text(Delivery alert) {
        try (var in = alert.open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void confirm(ServerRequest request, ServerResponse response) {
        var sink = sink(request);
        var wanted = RequestJson.of(request, "ids", "proof");
        var ids = wanted.ids("ids", MAX_ITEMS);
        count(
                request,
                response,
                sink.confirm(ids, wanted.text("proof", MAX_TEXT).orElse("confirmed")));
    }

    private void release(ServerRequest request, ServerResponse response) {
        var sink = sink(request);
        var leases = RequestJson.of(request, "leases").texts("leases", MAX_ITEMS);
        count(request, response, find(sink, leases).filter(sink::release).count());
    }

    private void refuse(ServerRequest request, ServerResponse response) {
        var sink = sink(request);
        var wanted = RequestJson.of(request, "lease", "reason");
        var lease = RequestJson.required("lease", wanted.text("lease", MAX_TEXT), "a lease of due");
        var reason =
                RequestJson.required("reason", wanted.text("reason", MAX_TEXT), "why, in words");
        count(
                request,
                response,
                find(sink, List.of(lease))
                        .filter(delivery -> sink.refuse(delivery, reason))
                        .count());
    }

    private Stream<Delivery> find(PullSink sink, List<String> leases) {
        return leases.stream().flatMap(lease -> handedOut.take(sink.id(), lease).stream());
    }

    private static void count(ServerRequest request, ServerResponse response, long items) {
        Replies.object(request, response, json -> json.writeNumberField("items", items));
    }
}
