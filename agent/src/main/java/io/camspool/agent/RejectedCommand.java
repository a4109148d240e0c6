package io.camspool.agent;

import com.fasterxml.jackson.core.JsonGenerator;
import io.camspool.Balance.Amount;
import io.camspool.CamspoolException;
import io.camspool.ItemId;
import io.camspool.Rejected;
import io.camspool.SpoolReader;
import io.camspool.StoredAlert;
import io.camspool.StoredCapture;
import io.camspool.agent.json.ItemJson;
import io.camspool.agent.json.Json;
import io.camspool.agent.json.RejectedJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// `camspool rejected`
@Command(
        name = "rejected",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "(ls | retry | drop)",
        description = "Lists what a sink has refused for good, has it sent again, or gives it up.")
final class RejectedCommand {
    private static final int PAGE = 1_000;

    @Spec private CommandSpec spec;

    @Mixin private DataOption data;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "one JSON object a line")
    private boolean json;

    @Command(
            name = "ls",
            mixinStandardHelpOptions = true,
            description =
                    "Lists what a sink has rejected, with its reason; also while another process owns the folder.")
    int list(@Parameters(paramLabel = "SINK") String sink) {
        var out = spec.commandLine().getOut();
        try (var spool = SpoolReader.open(data.folder())) {
            SinkTexts.known(spool, sink);
            var rows = new ArrayList<List<String>>();
            each(
                    spool,
                    sink,
                    rejected -> {
                        if (json) {
                            JsonLines.print(out, line -> write(line, rejected));
                        } else {
                            rows.add(row(rejected));
                        }
                        if (rows.size() == PAGE) {
                            print(rows);
                        }
                    });
            print(rows);
        }
        return ExitCode.DONE;
    }

    /// Prints a page and begins the next, so that memory stays bounded however many there are.
    private void print(List<List<String>> rows) {
        if (!rows.isEmpty()) {
            rows.addFirst(List.of("ID", "WHAT", "WHEN", "REFUSALS", "REASON", "ANSWER"));
            spec.commandLine().getOut().println(Texts.table(rows));
            rows.clear();
        }
    }

    @Command(
            name = "retry",
            mixinStandardHelpOptions = true,
            description = "Has what a sink has rejected sent again, as if it had never refused it.")
    int retry(
            @Parameters(index = "0", paramLabel = "SINK") String sink,
            @Parameters(index = "1..*", arity = "0..*", paramLabel = "ID")
                    @Nullable List<String> ids,
            @Option(names = "--all", description = "all that it has rejected") boolean all) {
        var items = items(ids, all);
        try (var spool = data.openExisting()) {
            SinkTexts.known(spool, sink);
            var retried =
                    items.isPresent()
                            ? spool.retryRejected(sink, items.get())
                            : spool.retryRejected(sink);
            if (json) {
                JsonLines.print(
                        spec.commandLine().getOut(),
                        line -> line.writeNumberField("retried", retried));
            } else {
                spec.commandLine()
                        .getOut()
                        .println(
                                "%s to be sent to %s again"
                                        .formatted(Texts.count(retried, "item"), sink));
            }
            return items.filter(list -> retried < list.size()).isPresent()
                    ? ExitCode.NOT_ALL
                    : ExitCode.DONE;
        }
    }

    @Command(
            name = "drop",
            mixinStandardHelpOptions = true,
            description = {
                "Says what of the rejected would never get there, and exits with 2.",
                "With --yes-drop and that number of items it gives them up. The items stay here."
            })
    int drop(
            @Parameters(index = "0", paramLabel = "SINK") String sink,
            @Parameters(index = "1..*", arity = "0..*", paramLabel = "ID")
                    @Nullable List<String> ids,
            @Option(names = "--all", description = "all that it has rejected") boolean all,
            @Option(
                            names = "--yes-drop",
                            paramLabel = "N",
                            description = "give them up, if they are exactly so many items")
                    @Nullable Long count) {
        var items = items(ids, all);
        if (count == null) {
            try (var spool = SpoolReader.open(data.folder())) {
                return Guard.refuse(
                        spec.commandLine(), json, loss(spool, sink, items), "give them up");
            }
        }
        try (var spool = data.openExisting()) {
            SinkTexts.known(spool, sink);
            var loss =
                    items.isPresent()
                            ? spool.dropRejected(sink, items.get(), count)
                            : spool.dropRejected(sink, count);
            if (json) {
                JsonLines.print(
                        spec.commandLine().getOut(), line -> Json.amount(line, "dropped", loss));
            } else {
                spec.commandLine()
                        .getOut()
                        .println("gave up %s, owed to %s".formatted(SinkTexts.items(loss), sink));
            }
        }
        return ExitCode.DONE;
    }

    /// The ids that were named; empty: all.
    private static Optional<List<ItemId>> items(@Nullable List<String> ids, boolean all) {
        var named = ids == null ? List.<String>of() : ids;
        if (all == !named.isEmpty()) {
            throw CamspoolException.invalid("ID", String.join(" ", named), "ids, or --all");
        }
        return all
                ? Optional.empty()
                : Optional.of(named.stream().distinct().map(ItemId::new).toList());
    }

    private static Amount loss(SpoolReader spool, String sink, Optional<List<ItemId>> items) {
        var status = SinkTexts.known(spool, sink);
        if (items.isEmpty()) {
            return status.rejected();
        }
        var wanted = new HashSet<>(items.get());
        var loss = new Amount[] {Amount.NONE};
        each(
                spool,
                sink,
                rejected -> {
                    if (wanted.contains(rejected.item().id())) {
                        loss[0] = loss[0].plus(new Amount(1, rejected.item().bytes()));
                    }
                });
        return loss[0];
    }

    private static void each(SpoolReader spool, String sink, Consumer<Rejected> take) {
        var cursor = Optional.<String>empty();
        do {
            var page = spool.rejected(sink, PAGE, cursor);
            page.items().forEach(take);
            cursor = page.next();
        } while (cursor.isPresent());
    }

    private static List<String> row(Rejected rejected) {
        var item = rejected.item();
        var what =
                switch (item) {
                    case StoredCapture capture -> "capture " + capture.camera();
                    case StoredAlert alert -> "alert " + alert.camera().orElse("");
                };
        return List.of(
                item.id().value(),
                Texts.cell(what),
                rejected.when().toString(),
                String.valueOf(rejected.refusals()),
                Texts.cell(rejected.reason()),
                Texts.cell(rejected.answer()));
    }

    private static void write(JsonGenerator line, Rejected rejected) throws IOException {
        ItemJson.PLAIN.write(line, rejected.item());
        RejectedJson.write(line, rejected);
    }
}
