package io.camspool.agent.api;

import io.camspool.Camspool;
import io.camspool.CamspoolException;
import io.camspool.EventFeed;
import io.camspool.SpoolEvent;
import io.camspool.agent.http.EventStream;
import io.camspool.agent.http.Fields;
import io.camspool.agent.http.Problem;
import io.camspool.agent.http.ProblemException;
import io.camspool.agent.http.ProblemType;
import io.camspool.agent.http.Routes;
import io.camspool.agent.json.EventJson;
import io.camspool.agent.json.Json;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What happens, as it happens. A client that reads too slowly misses events, and is told how many.
final class EventsApi implements AutoCloseable {
    private static final int CAPACITY = 1_000;

    /// Each stream keeps one of the requests that are answered at a time.
    private static final int MAX_STREAMS = 16;

    private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

    private final Camspool spool;
    private final InstantSource clock;
    private final Set<EventFeed> feeds = ConcurrentHashMap.newKeySet();

    EventsApi(Camspool spool, InstantSource clock) {
        this.spool = spool;
        this.clock = clock;
    }

    void addTo(HttpRouting.Builder routing) {
        Routes.at("/v1/events").get(this::stream).addTo(routing);
    }

    private void stream(ServerRequest request, ServerResponse response)
            throws InterruptedException {
        var types = types(Fields.ofQuery(request, "types"));
        if (feeds.size() >= MAX_STREAMS) {
            throw new ProblemException(
                    Problem.of(ProblemType.BUSY, MAX_STREAMS + " streams of events are open"));
        }
        var feed = spool.events(CAPACITY);
        feeds.add(feed);
        try {
            EventStream.send(request, response, stream -> tell(feed, types, stream));
        } finally {
            feeds.remove(feed);
            feed.close();
        }
    }

    /// Ends all streams.
    @Override
    public void close() {
        feeds.forEach(EventFeed::close);
    }

    private void tell(EventFeed feed, Set<String> types, EventStream stream) {
        var missed = 0L;
        while (true) {
            Optional<SpoolEvent> next;
            try {
                next = feed.next(KEEP_ALIVE);
            } catch (CamspoolException _) {
                return; // the agent stops
            }
            if (feed.missed() > missed) {
                var more = feed.missed() - missed;
                missed += more;
                stream.event(
                        EventJson.MISSED,
                        text(json -> EventJson.missed(json, more, clock.instant())));
            }
            if (next.isEmpty()) {
                stream.keepAlive();
            } else if (types.isEmpty() || types.contains(EventJson.type(next.get()))) {
                tell(next.get(), stream);
            }
        }
    }

    private void tell(SpoolEvent event, EventStream stream) {
        stream.event(
                EventJson.type(event), text(json -> EventJson.write(json, event, clock.instant())));
    }

    private static String text(Json.Fields fields) {
        return new String(Json.object(fields), StandardCharsets.UTF_8);
    }

    private static Set<String> types(Fields fields) {
        var wanted =
                fields.text("types", 200)
                        .map(text -> List.of(text.split(",", -1)))
                        .orElse(List.of());
        for (var type : wanted) {
            if (!EventJson.TYPES.contains(type)) {
                throw new ProblemException(
                        Problem.invalid("types", type, String.join(", ", EventJson.TYPES)));
            }
        }
        return Set.copyOf(wanted);
    }
}
