package io.camspool.agent;

import io.camspool.SpoolReader;
import io.camspool.agent.json.Json;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `camspool clear`
@Command(
        name = "clear",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = {
            "Says what would be lost if everything undelivered were dropped, and exits with 2.",
            "With --yes-drop and that number of items it drops them."
        })
final class ClearCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Mixin private DataOption data;

    @Option(
            names = "--yes-drop",
            paramLabel = "N",
            description = "drop everything undelivered, if it is exactly so many items")
    private @Nullable Long items;

    @Option(names = "--json", description = "one JSON object")
    private boolean json;

    @Override
    public Integer call() {
        return items == null ? show() : clear(items);
    }

    private int show() {
        var out = spec.commandLine().getOut();
        try (var spool = SpoolReader.open(data.folder())) {
            var loss = spool.undelivered();
            var count = loss.total().items();
            if (json) {
                JsonLines.print(out, line -> Json.amounts(line, "undelivered", loss));
            } else if (count == 0) {
                out.println("nothing is undelivered");
            } else {
                out.println("would be lost: " + Texts.amounts(loss));
            }
            if (count == 0) {
                return ExitCode.DONE;
            }
            spec.commandLine()
                    .getErr()
                    .println("camspool: nothing was dropped; to drop it: --yes-drop " + count);
            return ExitCode.USAGE;
        }
    }

    private int clear(long expected) {
        try (var spool = data.openExisting()) {
            var cleaned = spool.clear(expected);
            var out = spec.commandLine().getOut();
            if (json) {
                CleanedReport.printJson(out, cleaned, false);
            } else {
                out.println("dropped " + Texts.amounts(cleaned.dropped()) + ", undelivered");
                CleanedReport.printLeft(out, cleaned);
            }
            return CleanedReport.exitCode(cleaned);
        }
    }
}
