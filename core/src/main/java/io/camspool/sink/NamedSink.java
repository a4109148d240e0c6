package io.camspool.sink;

import io.camspool.CamspoolException;
import java.util.Optional;

/// A sink under its stable id: the backlog belongs to the id, so that changed settings orphan
/// nothing.
///
/// @param id 1 to 64 of lower-case letters, digits and `-`
/// @param required whether items may be removed only after it has confirmed them
/// @param enabled false: it is owed what comes, and nothing is sent to it
/// @param start what it is owed from the beginning, when its id is new
/// @param formerly the id it had before: its backlog goes on under the new one
/// @param order what of equal priority goes first
/// @param maxRefusals refusals of an item after which it is rejected, 1 to 1,000
/// @param bandwidth bytes a second that images may take, at what time of the week
public record NamedSink(
        String id,
        boolean required,
        boolean enabled,
        Start start,
        Optional<String> formerly,
        Order order,
        int maxRefusals,
        Timetable bandwidth,
        Sink sink) {
    /// Refusals after which an item is rejected, where nobody says otherwise.
    public static final int MAX_REFUSALS = 5;

    private static final int MOST_REFUSALS = 1_000;

    /// What a new sink is owed besides what is accepted from now on.
    public enum Start {
        /// All that is held, but for what was delivered before it came here.
        HELD,
        /// Nothing.
        NOW
    }

    /// What goes first of what is equally urgent.
    public enum Order {
        OLDEST_FIRST,
        NEWEST_FIRST
    }

    public NamedSink {
        check(id);
        formerly.ifPresent(NamedSink::check);
        if (formerly.filter(id::equals).isPresent()) {
            throw CamspoolException.invalid("formerly", id, "another id than the present one");
        }
        if (maxRefusals < 1 || maxRefusals > MOST_REFUSALS) {
            throw CamspoolException.invalid("max-refusals", maxRefusals, "1 to " + MOST_REFUSALS);
        }
    }

    /// Enabled, owed all that is held.
    public NamedSink(String id, boolean required, Sink sink) {
        this(
                id,
                required,
                true,
                Start.HELD,
                Optional.empty(),
                Order.OLDEST_FIRST,
                MAX_REFUSALS,
                Timetable.OFF,
                sink);
    }

    private static void check(String id) {
        if (!id.matches("[a-z0-9-]{1,64}")) {
            throw CamspoolException.invalid("sink", id, "1 to 64 of a-z, 0-9 and -");
        }
    }

    public NamedSink withRequired(boolean whether) {
        return new NamedSink(
                id, whether, enabled, start, formerly, order, maxRefusals, bandwidth, sink);
    }

    public NamedSink withEnabled(boolean whether) {
        return new NamedSink(
                id, required, whether, start, formerly, order, maxRefusals, bandwidth, sink);
    }

    public NamedSink withStart(Start from) {
        return new NamedSink(
                id, required, enabled, from, formerly, order, maxRefusals, bandwidth, sink);
    }

    /// Takes over the backlog of a sink that had this id.
    public NamedSink withFormerly(String oldId) {
        return new NamedSink(
                id,
                required,
                enabled,
                start,
                Optional.of(oldId),
                order,
                maxRefusals,
                bandwidth,
                sink);
    }

    public NamedSink withOrder(Order first) {
        return new NamedSink(
                id, required, enabled, start, formerly, first, maxRefusals, bandwidth, sink);
    }

    public NamedSink withMaxRefusals(int refusals) {
        return new NamedSink(
                id, required, enabled, start, formerly, order, refusals, bandwidth, sink);
    }

    public NamedSink withBandwidth(Timetable limits) {
        return new NamedSink(
                id, required, enabled, start, formerly, order, maxRefusals, limits, sink);
    }
}
