package io.camspool.agent;

import io.camspool.Balance;
import io.camspool.SpoolReader;
import io.camspool.Status;
import io.camspool.agent.json.StatusJson;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `camspool status`
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description =
                "Shows what is held and what is still owed; also while another process owns the folder.")
final class StatusCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Mixin private DataOption data;

    @Option(names = "--json", description = "one JSON object")
    private boolean json;

    @Override
    public Integer call() {
        var used = data.used();
        try (var spool = SpoolReader.open(used.folder())) {
            var status = spool.status();
            var namedBy = used.origin().where();
            if (json) {
                JsonLines.print(
                        spec.commandLine().getOut(),
                        line -> {
                            StatusJson.write(line, status);
                            line.writeStringField("data_from", namedBy);
                        });
            } else {
                print(spec.commandLine().getOut(), status, namedBy);
            }
        }
        return ExitCode.DONE;
    }

    private static void print(PrintWriter out, Status status, String namedBy) {
        out.println(
                "box "
                        + status.box()
                        + ", spool "
                        + status.spoolId()
                        + ", data in "
                        + status.data()
                        + " ("
                        + namedBy
                        + ")");
        var health = StatusJson.health(status);
        out.println(
                health.equals(StatusJson.UNKNOWN)
                        ? "health unknown: only the process that owns the folder can tell"
                        : "health " + health + inBrackets(status.reasons()));
        out.println(
                StatusJson.isBalanced(status)
                        ? "the balance holds"
                        : "THE BALANCE DOES NOT HOLD: verify");
        out.println();
        out.println(
                Texts.table(
                        List.of(
                                List.of("", "ACCEPTED", "HELD", "REMOVED", "DROPPED"),
                                row("captures", status.captures()),
                                row("alerts", status.alerts()))));
        out.println();
        if (!status.turnedAway().isEmpty()) {
            out.println("turned away since the folder was made: " + turnedAway(status));
            out.println();
        }
        if (status.sinks().isEmpty()) {
            out.println(
                    "no sink yet: everything held counts as undelivered, but for what was delivered before it came here");
            return;
        }
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("SINK", "WAITING", "DELIVERED", "REJECTED"));
        for (var sink : status.sinks()) {
            rows.add(
                    List.of(
                            sink.id(),
                            SinkTexts.amount(sink.backlog()),
                            SinkTexts.amount(sink.delivered()),
                            SinkTexts.amount(sink.rejected())));
        }
        out.println(Texts.table(rows));
        for (var sink : status.sinks()) {
            sink.trouble().ifPresent(trouble -> out.println(sink.id() + ": " + trouble));
        }
    }

    /// `3 invalid, 1 intake full`
    private static String turnedAway(Status status) {
        return status.turnedAway().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(
                        count ->
                                count.getValue()
                                        + " "
                                        + StatusJson.inWords(count.getKey()).replace('-', ' '))
                .collect(Collectors.joining(", "));
    }

    private static String inBrackets(List<String> reasons) {
        return reasons.isEmpty() ? "" : " (" + String.join("; ", reasons) + ")";
    }

    private static List<String> row(String kind, Balance balance) {
        return List.of(
                kind,
                SinkTexts.amount(balance.accepted()),
                SinkTexts.amount(balance.held()),
                SinkTexts.amount(balance.removed()),
                SinkTexts.amount(balance.dropped()));
    }
}
