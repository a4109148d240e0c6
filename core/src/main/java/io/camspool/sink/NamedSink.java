package io.camspool.sink;

import io.camspool.CamspoolException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

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
/// @param after the sink whose confirmation of its captures an alert waits for
/// @param publicUrl where what it holds is read, `https://.../{key}`, with `{key}` percent-encoded
public record NamedSink(
        String id,
        boolean required,
        boolean enabled,
        Start start,
        Optional<String> formerly,
        Order order,
        int maxRefusals,
        Timetable bandwidth,
        Optional<After> after,
        Optional<String> publicUrl,
        Sink sink) {
    /// Refusals after which an item is rejected, where nobody says otherwise.
    public static final int MAX_REFUSALS = 5;

    /// How long an alert waits for its captures at most, where nothing else is said.
    public static final Duration AFTER_LIMIT = Duration.ofMinutes(10);

    private static final int MOST_REFUSALS = 1_000;
    private static final String KEY = "{key}";

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

    /// The sink that alerts wait for.
    ///
    /// @param limit from acceptance, at most; then an alert goes without, marked as incomplete
    public record After(String sink, Duration limit) {
        public After {
            check("after", sink);
            if (limit.isNegative() || limit.compareTo(Duration.ofDays(365)) > 0) {
                throw CamspoolException.invalid("after-limit", limit, "0 to 365 days");
            }
        }
    }

    public NamedSink {
        check("sink", id);
        formerly.ifPresent(old -> check("formerly", old));
        if (formerly.filter(id::equals).isPresent()) {
            throw CamspoolException.invalid("formerly", id, "another id than the present one");
        }
        if (maxRefusals < 1 || maxRefusals > MOST_REFUSALS) {
            throw CamspoolException.invalid("max-refusals", maxRefusals, "1 to " + MOST_REFUSALS);
        }
        publicUrl.ifPresent(NamedSink::checkUrl);
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
                Optional.empty(),
                Optional.empty(),
                sink);
    }

    private static void check(String field, String id) {
        if (!id.matches("[a-z0-9-]{1,64}")) {
            throw CamspoolException.invalid(field, id, "1 to 64 of a-z, 0-9 and -");
        }
    }

    private static void checkUrl(String template) {
        if (!template.matches("https?://[\\x21-\\x7e]+") || !template.contains(KEY)) {
            throw CamspoolException.invalid(
                    "public-url", template, "an address that begins with http and has " + KEY);
        }
    }

    /// The address of what stands under a key.
    public static String url(String template, String key) {
        return template.replace(KEY, CloudEvents.percentEncoded(key));
    }

    public NamedSink withRequired(boolean whether) {
        return changed(draft -> draft.required = whether);
    }

    public NamedSink withEnabled(boolean whether) {
        return changed(draft -> draft.enabled = whether);
    }

    public NamedSink withStart(Start from) {
        return changed(draft -> draft.start = from);
    }

    /// Takes over the backlog of a sink that had this id.
    public NamedSink withFormerly(String oldId) {
        return changed(draft -> draft.formerly = Optional.of(oldId));
    }

    public NamedSink withOrder(Order first) {
        return changed(draft -> draft.order = first);
    }

    public NamedSink withMaxRefusals(int refusals) {
        return changed(draft -> draft.maxRefusals = refusals);
    }

    public NamedSink withBandwidth(Timetable limits) {
        return changed(draft -> draft.bandwidth = limits);
    }

    /// Has alerts wait for their captures at another sink.
    public NamedSink withAfter(String sinkId, Duration limit) {
        var other = new After(sinkId, limit);
        return changed(draft -> draft.after = Optional.of(other));
    }

    /// The same, as long as is usual.
    public NamedSink withAfter(String sinkId) {
        return withAfter(sinkId, AFTER_LIMIT);
    }

    public NamedSink withPublicUrl(String template) {
        return changed(draft -> draft.publicUrl = Optional.of(template));
    }

    private NamedSink changed(Consumer<Draft> change) {
        var draft = new Draft(this);
        change.accept(draft);
        return new NamedSink(
                id,
                draft.required,
                draft.enabled,
                draft.start,
                draft.formerly,
                draft.order,
                draft.maxRefusals,
                draft.bandwidth,
                draft.after,
                draft.publicUrl,
                sink);
    }

    /// What a change may name of it.
    private static final class Draft {
        private boolean required;
        private boolean enabled;
        private Start start;
        private Optional<String> formerly;
        private Order order;
        private int maxRefusals;
        private Timetable bandwidth;
        private Optional<After> after;
        private Optional<String> publicUrl;

        Draft(NamedSink from) {
            this.required = from.required;
            this.enabled = from.enabled;
            this.start = from.start;
            this.formerly = from.formerly;
            this.order = from.order;
            this.maxRefusals = from.maxRefusals;
            this.bandwidth = from.bandwidth;
            this.after = from.after;
            this.publicUrl = from.publicUrl;
        }
    }
}
