package io.camspool.agent;

import io.camspool.CamspoolException;
import io.camspool.DeliveryState;
import io.camspool.Page;
import io.camspool.Query;
import io.camspool.SinkStatus;
import io.camspool.SpoolReader;
import io.camspool.StoredAlert;
import io.camspool.StoredCapture;
import io.camspool.StoredCapture.Sides;
import io.camspool.StoredItem;
import io.camspool.agent.json.ItemJson;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `camspool ls`
@Command(
        name = "ls",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description =
                "Lists what is held, newest first; also while another process owns the folder.")
final class ListCommand implements Callable<Integer> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ssxxx").withZone(ZoneId.systemDefault());

    private static final Instant EARLIEST = Instant.ofEpochMilli(Long.MIN_VALUE);
    private static final Instant LATEST = Instant.ofEpochMilli(Long.MAX_VALUE);

    @Spec private CommandSpec spec;

    @Mixin private DataOption data;

    @ArgGroup private @Nullable KindOption kind;

    @Option(names = "--camera", paramLabel = "NAME", description = "only of this camera")
    private @Nullable String camera;

    @Option(names = "--alert", paramLabel = "ID", description = "only of this alert")
    private @Nullable String alert;

    @Option(
            names = "--date",
            paramLabel = "DATE",
            description = "only of this day: 2026-11-23, or today")
    private @Nullable String date;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "not before this: 2026-11-23T12:00, or with a zone as 12:00:00Z")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "before this")
    private @Nullable String until;

    @Option(
            names = "--label",
            paramLabel = "NAME=VALUE",
            description = "only with this label; may be repeated")
    private Map<String, String> labels = Map.of();

    @Option(
            names = "--priority",
            paramLabel = "N",
            defaultValue = "0",
            description = "only of at least this priority, 0 to 9")
    private int priority;

    @ArgGroup private @Nullable Delivery delivery;

    @Option(
            names = "--limit",
            defaultValue = "100",
            description = "how many; ${DEFAULT-VALUE} by default")
    private int limit;

    @Option(
            names = "--cursor",
            paramLabel = "CURSOR",
            description = "go on where a list with the same options ended: see its last line")
    private @Nullable String cursor;

    @Option(names = "--json", description = "one JSON object a line")
    private boolean json;

    /// How it stands with one sink.
    static final class Delivery {
        @Option(names = "--pending", paramLabel = "SINK", description = "only what it is owed")
        @Nullable String pending;

        @Option(names = "--rejected", paramLabel = "SINK", description = "only what it rejected")
        @Nullable String rejected;

        @Option(
                names = "--delivered",
                paramLabel = "SINK",
                description = "only what it has confirmed")
        @Nullable String delivered;

        void requireOneOf(List<SinkStatus> sinks) {
            var ids = sinks.stream().map(SinkStatus::id).toList();
            require(ids, "--pending", pending);
            require(ids, "--rejected", rejected);
            require(ids, "--delivered", delivered);
        }

        private static void require(List<String> ids, String option, @Nullable String sink) {
            if (sink != null && !ids.contains(sink)) {
                throw CamspoolException.invalid(
                        option,
                        sink,
                        ids.isEmpty()
                                ? "a sink; there is none yet"
                                : "a sink of this folder: " + String.join(", ", ids));
            }
        }

        Query of(Query query) {
            if (pending != null) {
                return query.withDelivery(pending, DeliveryState.PENDING);
            }
            if (rejected != null) {
                return query.withDelivery(rejected, DeliveryState.REJECTED);
            }
            return delivered == null
                    ? query
                    : query.withDelivery(delivered, DeliveryState.DELIVERED);
        }
    }

    @Override
    public Integer call() {
        if (limit < 1) {
            throw CamspoolException.invalid("--limit", limit, "1 or more");
        }
        var query = query();
        var items = new ArrayList<StoredItem>();
        try (var spool = SpoolReader.open(data.folder())) {
            if (delivery != null) {
                delivery.requireOneOf(spool.status().sinks());
            }
            if (kind == null || !kind.alerts) {
                collect(items, query, spool::captures);
            }
            if (kind == null || !kind.captures) {
                collect(items, query, spool::alerts);
            }
        }
        items.sort(
                Comparator.comparing(StoredItem::time)
                        .thenComparingLong(StoredItem::seq)
                        .reversed());
        var more = items.size() > limit;
        print(more ? items.subList(0, limit) : items);
        if (more) {
            printCursor(Query.ALL.after(items.get(limit - 1)).cursor().orElseThrow());
        }
        return ExitCode.DONE;
    }

    /// The place of an item among all, whatever its kind.
    private void printCursor(String place) {
        var out = spec.commandLine().getOut();
        if (json) {
            JsonLines.print(out, line -> line.writeStringField("cursor", place));
        } else {
            out.println("more: --cursor " + place);
        }
    }

    /// One more than the limit, so that it can be said that there is more.
    private <T extends StoredItem> void collect(
            List<StoredItem> items, Query first, Function<Query, Page<T>> pages) {
        var wanted = limit + 1L;
        var query = first;
        while (wanted > 0) {
            var page = pages.apply(query.limitedTo((int) Math.min(wanted, Query.MAX_LIMIT)));
            items.addAll(page.items());
            wanted -= page.items().size();
            if (page.next().isEmpty()) {
                return;
            }
            query = query.after(page.next().get());
        }
    }

    private Query query() {
        if (date != null && (since != null || until != null)) {
            throw CamspoolException.invalid("--date", date, "without --since and --until");
        }
        var query = UsageErrors.naming("--priority", () -> Query.ALL.withPriority(priority));
        if (since != null || until != null) {
            query =
                    query.between(
                            since == null ? EARLIEST : TimeOption.parse("--since", since),
                            until == null ? LATEST : TimeOption.parse("--until", until));
        }
        if (cursor != null) {
            query = query.after(cursor);
        }
        for (var label : labels.entrySet()) {
            query = query.withLabel(label.getKey(), label.getValue());
        }
        if (delivery != null) {
            query = delivery.of(query);
        }
        if (camera != null && camera.isBlank()) {
            throw CamspoolException.invalid("--camera", camera, "a name");
        }
        if (camera != null) {
            query = query.ofCamera(camera);
        }
        if (alert != null) {
            query = query.ofAlert(alert);
        }
        if (date != null) {
            var zone = ZoneId.systemDefault();
            var day = parseDate(date, zone);
            query =
                    query.between(
                            day.atStartOfDay(zone).toInstant(),
                            day.plusDays(1).atStartOfDay(zone).toInstant());
        }
        return query;
    }

    private static LocalDate parseDate(String text, ZoneId zone) {
        try {
            return text.equals("today") ? LocalDate.now(zone) : LocalDate.parse(text);
        } catch (DateTimeParseException _) {
            throw CamspoolException.invalid("--date", text, "a day as 2026-11-23, or today");
        }
    }

    private void print(List<StoredItem> items) {
        var out = spec.commandLine().getOut();
        if (json) {
            items.forEach(item -> JsonLines.print(out, line -> ItemJson.PLAIN.write(line, item)));
            return;
        }
        if (items.isEmpty()) {
            out.println("nothing held" + (query().equals(Query.ALL) ? "" : " that matches"));
            return;
        }
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("TIME", "CAMERA", "ALERT", "SIZE", "DELIVERED", "WHAT"));
        items.forEach(item -> rows.add(row(item)));
        out.println(Texts.table(rows));
    }

    private static List<String> row(StoredItem item) {
        var camera =
                switch (item) {
                    case StoredCapture capture -> capture.camera();
                    case StoredAlert alert -> alert.camera().orElse("-");
                };
        var what =
                switch (item) {
                    case StoredCapture capture ->
                            capture.sides().map(Sides::toString).orElse(capture.mediaType())
                                    + " "
                                    + capture.path();
                    case StoredAlert alert -> "alert " + alert.id();
                };
        return List.of(
                TIME.format(item.time()),
                Texts.cell(camera),
                Texts.cell(item.alertId().orElse("-")),
                Texts.bytes(item.bytes()),
                item.deliveredBefore() ? "before" : item.confirmations() > 0 ? "yes" : "no",
                what);
    }
}
