package io.camspool;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Which items to list, newest first (by time, then by order of acceptance). Camera, alert and time
/// are found at once, whatever is held. What else is asked for is looked for in what these leave, a
/// bounded number of items a page.
///
/// @param camera only of this camera
/// @param alertId only of this alert
/// @param from not before
/// @param to before
/// @param labels only with all of these
/// @param leastPriority only of at least this, 0 to 9
/// @param delivery only those that stand so with a sink
/// @param limit items a page, 1 to 1,000
/// @param cursor where to go on, from [Page#next]
/// @param withEvents whether alerts include the spool's own events, as of drops
public record Query(
        Optional<String> camera,
        Optional<String> alertId,
        Optional<Instant> from,
        Optional<Instant> to,
        Map<String, String> labels,
        int leastPriority,
        Optional<AtSink> delivery,
        int limit,
        Optional<String> cursor,
        boolean withEvents) {
    public static final int MAX_LIMIT = 1000;
    public static final Query ALL =
            new Query(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Map.of(),
                    0,
                    Optional.empty(),
                    100,
                    Optional.empty(),
                    false);

    /// How an item stands with a sink.
    ///
    /// @param sink its configured name
    public record AtSink(String sink, DeliveryState state) {}

    public Query {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw CamspoolException.invalid("limit", limit, "1 to " + MAX_LIMIT);
        }
        labels = Labels.checked(labels);
        Labels.priority(leastPriority);
    }

    public Query ofCamera(String name) {
        return changed(draft -> draft.camera = Optional.of(name));
    }

    public Query ofAlert(String id) {
        return changed(draft -> draft.alertId = Optional.of(id));
    }

    public Query between(Instant first, Instant end) {
        return changed(
                draft -> {
                    draft.from = Optional.of(first);
                    draft.to = Optional.of(end);
                });
    }

    /// Asks for one more label.
    public Query withLabel(String name, String value) {
        var more = new HashMap<>(labels);
        more.put(name, value);
        return changed(draft -> draft.labels = more);
    }

    public Query withPriority(int atLeast) {
        return changed(draft -> draft.leastPriority = atLeast);
    }

    /// Asks for what stands so with a sink.
    ///
    /// @param sink its configured name; it may be away
    public Query withDelivery(String sink, DeliveryState state) {
        return changed(draft -> draft.delivery = Optional.of(new AtSink(sink, state)));
    }

    public Query limitedTo(int items) {
        return changed(draft -> draft.limit = items);
    }

    /// Goes on where this item is the last that was looked at.
    public Query after(StoredItem last) {
        return after(
                Long.toString(last.time().toEpochMilli(), 36)
                        + "-"
                        + Long.toString(last.seq(), 36));
    }

    public Query after(String pageCursor) {
        return changed(draft -> draft.cursor = Optional.of(pageCursor));
    }

    /// Asks for the spool's own events among the alerts, too.
    public Query includingEvents() {
        return changed(draft -> draft.withEvents = true);
    }

    private Query changed(Consumer<Draft> change) {
        var draft = new Draft(this);
        change.accept(draft);
        return new Query(
                draft.camera,
                draft.alertId,
                draft.from,
                draft.to,
                draft.labels,
                draft.leastPriority,
                draft.delivery,
                draft.limit,
                draft.cursor,
                draft.withEvents);
    }

    /// A query on its way to the next, so that a change names only what it changes.
    private static final class Draft {
        private Optional<String> camera;
        private Optional<String> alertId;
        private Optional<Instant> from;
        private Optional<Instant> to;
        private Map<String, String> labels;
        private int leastPriority;
        private Optional<AtSink> delivery;
        private int limit;
        private Optional<String> cursor;
        private boolean withEvents;

        Draft(Query query) {
            this.camera = query.camera;
            this.alertId = query.alertId;
            this.from = query.from;
            this.to = query.to;
            this.labels = query.labels;
            this.leastPriority = query.leastPriority;
            this.delivery = query.delivery;
            this.limit = query.limit;
            this.cursor = query.cursor;
            this.withEvents = query.withEvents;
        }
    }
}
