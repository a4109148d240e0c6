package io.camspool.agent.api;

import io.camspool.Camspool;
import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.DeliveryState;
import io.camspool.ItemId;
import io.camspool.Page;
import io.camspool.Query;
import io.camspool.StoredAlert;
import io.camspool.StoredCapture;
import io.camspool.StoredItem;
import io.camspool.Undelivered;
import io.camspool.agent.http.Fields;
import io.camspool.agent.http.Problem;
import io.camspool.agent.http.ProblemException;
import io.camspool.agent.http.ProblemType;
import io.camspool.agent.http.Ranges;
import io.camspool.agent.http.Routes;
import io.camspool.agent.json.ItemJson;
import io.camspool.agent.json.StoryJson;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/// What is held: lists, single items with their bytes and their story, removal.
final class ItemsApi {
    private static final String[] FILTERS = {
        "camera", "alert", "from", "to", "label", "priority", "sink", "state", "limit", "cursor"
    };

    private static final List<String> THUMBNAIL_WIDTHS = List.of("160", "320", "640");
    private static final String THUMBNAIL_WIDTH = "320";
    private static final int MAX_NAME = 1_024;
    private static final Instant EARLIEST = Instant.ofEpochMilli(Long.MIN_VALUE);
    private static final Instant LATEST = Instant.ofEpochMilli(Long.MAX_VALUE);

    private final Camspool spool;
    private final ItemJson shape;
    private final Thumbnails thumbnails;

    /// What is stored under an id never changes: its hash is its tag.
    private record Content(String tag, String mediaType, long size, Supplier<InputStream> source)
            implements Ranges.Content {
        @Override
        public String etag() {
            return "\"" + tag + "\"";
        }

        @Override
        public InputStream open() {
            return source.get();
        }
    }

    ItemsApi(Camspool spool, ItemJson shape) {
        this.spool = spool;
        this.shape = shape;
        this.thumbnails = new Thumbnails(spool);
    }

    void addTo(HttpRouting.Builder routing) {
        Routes.at("/v1/items/{id}").get(this::find).delete(this::remove).addTo(routing);
        Routes.at("/v1/items/{id}/content").get(this::content).addTo(routing);
        Routes.at("/v1/items/{id}/thumbnail").get(this::thumbnail).addTo(routing);
        Routes.at("/v1/items/{id}/deliveries").get(this::story).addTo(routing);
    }

    void captures(ServerRequest request, ServerResponse response) {
        list(request, response, spool.captures(query(request, Fields.ofQuery(request, FILTERS))));
    }

    void alerts(ServerRequest request, ServerResponse response) {
        var known = new ArrayList<>(List.of(FILTERS));
        known.add("events");
        var fields = Fields.ofQuery(request, known.toArray(String[]::new));
        var query = query(request, fields);
        var withEvents =
                fields.oneOf("events", List.of("true", "false")).equals(Optional.of("true"));
        list(request, response, spool.alerts(withEvents ? query.includingEvents() : query));
    }

    private void list(
            ServerRequest request, ServerResponse response, Page<? extends StoredItem> page) {
        Replies.page(request, response, page.items(), shape::write, page.next());
    }

    private static Query query(ServerRequest request, Fields fields) {
        var query = Query.ALL;
        var camera = fields.text("camera", MAX_NAME);
        if (camera.isPresent()) {
            query = query.ofCamera(camera.get());
        }
        var alert = fields.text("alert", MAX_NAME);
        if (alert.isPresent()) {
            query = query.ofAlert(alert.get());
        }
        var from = time(fields, "from");
        var to = time(fields, "to");
        if (from.isPresent() || to.isPresent()) {
            query = query.between(from.orElse(EARLIEST), to.orElse(LATEST));
        }
        for (var label : Labels.ofQuery(request).entrySet()) {
            query = query.withLabel(label.getKey(), label.getValue());
        }
        var priority = fields.number("priority", 0, 9);
        if (priority.isPresent()) {
            query = query.withPriority(priority.get().intValue());
        }
        var limit = fields.number("limit", 1, Query.MAX_LIMIT);
        if (limit.isPresent()) {
            query = query.limitedTo(limit.get().intValue());
        }
        var cursor = fields.text("cursor", MAX_NAME);
        if (cursor.isPresent()) {
            query = query.after(cursor.get());
        }
        return withDelivery(query, fields);
    }

    private static Query withDelivery(Query query, Fields fields) {
        var sink = fields.text("sink", MAX_NAME);
        var state = fields.oneOf("state", List.of("pending", "rejected", "delivered"));
        if (sink.isPresent() != state.isPresent()) {
            throw new ProblemException(
                    Problem.invalid(
                            sink.isPresent() ? "state" : "sink", "", "sink and state together"));
        }
        return sink.isEmpty()
                ? query
                : query.withDelivery(
                        sink.get(),
                        DeliveryState.valueOf(state.orElseThrow().toUpperCase(Locale.ROOT)));
    }

    private static Optional<Instant> time(Fields fields, String name) {
        return fields.text(name, 40).map(text -> time(name, text));
    }

    static Instant time(String name, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException _) {
            throw new ProblemException(
                    Problem.invalid(name, text, "a time as 2026-11-24T10:15:30Z"));
        }
    }

    private StoredItem held(ServerRequest request) {
        var id = new ItemId(request.path().pathParameters().get("id"));
        return spool.find(id).orElseThrow(() -> notHeld(id));
    }

    private static CamspoolException notHeld(ItemId id) {
        return new CamspoolException(Reason.NOT_FOUND, "item " + id + " is not held here");
    }

    private void find(ServerRequest request, ServerResponse response) {
        Fields.ofQuery(request);
        var item = held(request);
        Replies.object(request, response, json -> shape.write(json, item));
    }

    private void content(ServerRequest request, ServerResponse response) throws IOException {
        Fields.ofQuery(request);
        var item = held(request);
        var mediaType =
                switch (item) {
                    case StoredCapture capture -> capture.mediaType();
                    case StoredAlert _ -> "application/json";
                };
        Ranges.send(
                request,
                response,
                new Content(item.sha256(), mediaType, item.bytes(), () -> spool.read(item.id())));
    }

    private void thumbnail(ServerRequest request, ServerResponse response)
            throws IOException, InterruptedException {
        var fields = Fields.ofQuery(request, "width");
        var width = fields.oneOf("width", THUMBNAIL_WIDTHS).orElse(THUMBNAIL_WIDTH);
        var item = held(request);
        var jpeg =
                item instanceof StoredCapture capture
                        ? thumbnails.of(capture, Integer.parseInt(width))
                        : Optional.<byte[]>empty();
        var bytes =
                jpeg.orElseThrow(
                        () ->
                                new ProblemException(
                                        Problem.of(
                                                ProblemType.NO_IMAGE,
                                                "item %s is no image that can be made small"
                                                        .formatted(item.id()))));
        Ranges.send(
                request,
                response,
                new Content(
                        item.sha256() + "-" + width,
                        "image/jpeg",
                        bytes.length,
                        () -> new ByteArrayInputStream(bytes)));
    }

    private void story(ServerRequest request, ServerResponse response) {
        Fields.ofQuery(request);
        var id = held(request).id();
        var story = spool.story(id).orElseThrow(() -> notHeld(id));
        Replies.object(
                request,
                response,
                json -> {
                    json.writeStringField("id", id.value());
                    json.writeStringField("accepted_at", story.acceptedAt().toString());
                    StoryJson.write(json, story.sinks());
                });
    }

    private void remove(ServerRequest request, ServerResponse response) {
        var fields = Fields.ofQuery(request, "undelivered");
        var policy =
                fields.oneOf("undelivered", List.of("keep", "drop")).equals(Optional.of("drop"))
                        ? Undelivered.DROP
                        : Undelivered.KEEP;
        var id = held(request).id();
        var removal =
                switch (spool.remove(id, policy)) {
                    case REMOVED -> "removed";
                    case DROPPED -> "dropped";
                    case NOT_FOUND -> throw notHeld(id);
                    case KEPT_UNDELIVERED ->
                            throw new ProblemException(
                                    Problem.of(
                                                    ProblemType.UNDELIVERED,
                                                    "item %s is undelivered".formatted(id))
                                            .hint("undelivered=drop gives it up for good"));
                    case KEPT_LEASED ->
                            throw new ProblemException(
                                    Problem.of(
                                                    ProblemType.BEING_SENT,
                                                    "item %s is being sent right now".formatted(id))
                                            .hint("try again"));
                };
        Replies.object(request, response, json -> json.writeStringField("removal", removal));
    }
}
