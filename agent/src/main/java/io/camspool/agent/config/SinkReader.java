package io.camspool.agent.config;

import io.camspool.ItemKind;
import io.camspool.sink.NamedSink;
import io.camspool.sink.NamedSink.After;
import io.camspool.sink.NamedSink.Order;
import io.camspool.sink.NamedSink.Start;
import io.camspool.sink.Sink;
import io.camspool.sink.Sinks;
import io.camspool.sink.Timetable;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads what stands below one sink's id.
final class SinkReader {
    private final String id;
    private final Section section;

    SinkReader(String id, Section section) {
        this.id = id;
        this.section = section;
    }

    /// @param ids of all sinks in the file
    Optional<NamedSink> read(Set<String> ids) {
        var required = section.flag("required");
        var enabled = section.flag("enabled");
        var start = section.oneOf("start", List.of("held", "now"));
        var formerly = section.text("formerly");
        var order = section.oneOf("order", List.of("oldest-first", "newest-first"));
        var maxRefusals = section.number("max-refusals", 1, 1_000);
        var bandwidth = bandwidth();
        var after = after(ids);
        var publicUrl = section.text("public-url");
        var type = section.required("type").isPresent() ? type() : Optional.<String>empty();
        var sink = type.flatMap(this::sink);
        // Without its type nobody can tell which of the other keys are known.
        if (type.isPresent()) {
            section.end();
        }
        return sink.flatMap(
                destination ->
                        section.made(
                                () -> {
                                    var named =
                                            new NamedSink(id, required.orElse(true), destination)
                                                    .withEnabled(enabled.orElse(true))
                                                    .withBandwidth(bandwidth);
                                    if (start.filter("now"::equals).isPresent()) {
                                        named = named.withStart(Start.NOW);
                                    }
                                    if (order.filter("newest-first"::equals).isPresent()) {
                                        named = named.withOrder(Order.NEWEST_FIRST);
                                    }
                                    if (maxRefusals.isPresent()) {
                                        named =
                                                named.withMaxRefusals(
                                                        Math.toIntExact(maxRefusals.get()));
                                    }
                                    if (after.isPresent()) {
                                        named =
                                                named.withAfter(
                                                        after.get().sink(), after.get().limit());
                                    }
                                    if (publicUrl.isPresent()) {
                                        named = named.withPublicUrl(publicUrl.get());
                                    }
                                    return formerly.isPresent()
                                            ? named.withFormerly(formerly.get())
                                            : named;
                                }));
    }

    private Optional<String> type() {
        if (section.text("type").filter("s3"::equals).isPresent()) {
            section.problem("type", "s3", "folder, http, pull; this version has no s3");
            return Optional.empty();
        }
        return section.oneOf("type", List.of("folder", "http", "pull"));
    }

    private Optional<Sink> sink(String type) {
        return switch (type) {
            case "http" -> new HttpSinkReader(section).read();
            case "pull" -> Optional.of(pull());
            default -> folder();
        };
    }

    private Sink pull() {
        return switch (section.oneOf("takes", List.of("all", "alerts", "captures")).orElse("all")) {
            case "alerts" -> Sinks.pull(ItemKind.ALERT);
            case "captures" -> Sinks.pull(ItemKind.CAPTURE);
            default -> Sinks.pull();
        };
    }

    private Optional<Sink> folder() {
        if (!section.has("folder")) {
            section.required("folder");
        }
        return section.path("folder").flatMap(folder -> section.made(() -> Sinks.folder(folder)));
    }

    private Timetable bandwidth() {
        return section.text("bandwidth")
                .flatMap(text -> section.made("bandwidth", () -> Timetable.parse(text)))
                .orElse(Timetable.OFF);
    }

    /// The sink that alerts wait for.
    private Optional<After> after(Set<String> ids) {
        var other = section.text("after");
        var limit = section.duration("after-limit");
        if (limit.isPresent() && other.isEmpty()) {
            section.problem("after-limit", "only beside after");
        }
        if (other.filter(sink -> sink.equals(id) || !ids.contains(sink)).isPresent()) {
            section.problem("after", other.get(), "the id of another sink in this file");
            return Optional.empty();
        }
        return other.flatMap(
                sink ->
                        section.made(
                                "after-limit",
                                () -> new After(sink, limit.orElse(NamedSink.AFTER_LIMIT))));
    }
}
