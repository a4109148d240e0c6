package io.camspool;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

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
        return new Query(
                Optional.of(name),
                alertId,
                from,
                to,
                labels,
                leastPriority,
                delivery,
                limit,
                cursor,
                withEvents);
    }

    public Query ofAlert(String id) {
        return new Query(
                camera,
                Optional.of(id),
                from,
                to,
                labels,
                leastPriority,
                delivery,
                limit,
                cursor,
                withEvents);
    }

    public Query between(Instant first, Instant end) {
        return new Query(
                camera,
                alertId,
                Optional.of(first),
                Optional.of(end),
                labels,
                leastPriority,
                delivery,
                limit,
                cursor,
                withEvents);
    }

    /// Asks for one more label.
    public Query withLabel(String name, String value) {
        var more = new HashMap<>(labels);
        more.put(name, value);
        return new Query(
                camera,
                alertId,
                from,
                to,
                more,
                leastPriority,
                delivery,
                limit,
                cursor,
                withEvents);
    }

    public Query withPriority(int atLeast) {
        return new Query(
                camera, alertId, from, to, labels, atLeast, delivery, limit, cursor, withEvents);
    }

    /// Asks for what stands so with a sink.
    ///
    /// @param sink its configured name; it may be away
    public Query withDelivery(String sink, DeliveryState state) {
        return new Query(
                camera,
                alertId,
                from,
                to,
                labels,
                leastPriority,
                Optional.of(new AtSink(sink, state)),
                limit,
                cursor,
                withEvents);
    }

    public Query limitedTo(int items) {
        return new Query(
                camera,
                alertId,
                from,
                to,
                labels,
                leastPriority,
                delivery,
                items,
                cursor,
                withEvents);
    }

    /// Goes on where this item is the last that was looked at.
    public Query after(StoredItem last) {
        return after(
                Long.toString(last.time().toEpochMilli(), 36)
                        + "-"
                        + Long.toString(last.seq(), 36));
    }

    public Query after(String pageCursor) {
        return new Query(
                camera,
                alertId,
                from,
                to,
                labels,
                leastPriority,
                delivery,
                limit,
                Optional.of(pageCursor),
                withEvents);
    }

    /// Asks for the spool's own events among the alerts, too.
    public Query includingEvents() {
        return new Query(
                camera, alertId, from, to, labels, leastPriority, delivery, limit, cursor, true);
    }
}
