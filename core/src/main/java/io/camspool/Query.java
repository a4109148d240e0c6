package io.camspool;

import java.time.Instant;
import java.util.Optional;

/// Which items to list, newest first (by time, then by order of acceptance).
///
/// @param camera only of this camera
/// @param alertId only of this alert
/// @param from not before
/// @param to before
/// @param limit items a page, 1 to 1,000
/// @param cursor where to go on, from [Page#next]
public record Query(
        Optional<String> camera,
        Optional<String> alertId,
        Optional<Instant> from,
        Optional<Instant> to,
        int limit,
        Optional<String> cursor) {
    public static final int MAX_LIMIT = 1000;
    public static final Query ALL =
            new Query(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    100,
                    Optional.empty());

    public Query {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw CamspoolException.invalid("limit", limit, "1 to " + MAX_LIMIT);
        }
    }

    public Query ofCamera(String name) {
        return new Query(Optional.of(name), alertId, from, to, limit, cursor);
    }

    public Query ofAlert(String id) {
        return new Query(camera, Optional.of(id), from, to, limit, cursor);
    }

    public Query between(Instant first, Instant end) {
        return new Query(camera, alertId, Optional.of(first), Optional.of(end), limit, cursor);
    }

    public Query limitedTo(int items) {
        return new Query(camera, alertId, from, to, items, cursor);
    }

    public Query after(String pageCursor) {
        return new Query(camera, alertId, from, to, limit, Optional.of(pageCursor));
    }
}
