package io.camspool.agent;

import io.camspool.Cleaned;
import io.camspool.Cleanup;
import io.camspool.ItemKind;
import io.camspool.Undelivered;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `camspool cleanup`
@Command(
        name = "cleanup",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = {
            "Removes what is older than an age and delivered; what is undelivered stays and is counted.",
            "Where nothing was ever delivered from, everything counts as undelivered,",
            "but for what was delivered before it came here."
        })
final class CleanupCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Mixin private DataOption data;

    @Option(
            names = "--older-than",
            required = true,
            paramLabel = "AGE",
            description =
                    "how old at least, by its own time and by that of its acceptance: 12h, 7d")
    private String age = "";

    @Option(
            names = "--include-undelivered",
            description = "drop what is undelivered too; it is lost")
    private boolean includeUndelivered;

    @ArgGroup private @Nullable KindOption kind;

    @Option(names = "--camera", paramLabel = "NAME", description = "only of this camera")
    private @Nullable String camera;

    @Option(names = "--dry-run", description = "change nothing, say what would go")
    private boolean dryRun;

    @Option(names = "--json", description = "one JSON object")
    private boolean json;

    @Override
    public Integer call() {
        var order = order();
        try (var spool = data.openExisting()) {
            var cleaned = spool.cleanup(order);
            var out = spec.commandLine().getOut();
            if (json) {
                CleanedReport.printJson(out, cleaned, dryRun);
            } else {
                print(out, cleaned);
            }
            return CleanedReport.exitCode(cleaned);
        }
    }

    private Cleanup order() {
        var order = Cleanup.olderThan(DurationOption.parse("--older-than", age));
        if (includeUndelivered) {
            order = order.withUndelivered(Undelivered.DROP);
        }
        if (kind != null) {
            order = order.ofKind(kind.alerts ? ItemKind.ALERT : ItemKind.CAPTURE);
        }
        if (camera != null) {
            order = order.ofCamera(camera);
        }
        return dryRun ? order.asDryRun() : order;
    }

    private void print(PrintWriter out, Cleaned cleaned) {
        out.println(
                (dryRun ? "would remove " : "removed ")
                        + Texts.amounts(cleaned.removed())
                        + ", older than %s by their own time and by that of acceptance"
                                .formatted(age));
        if (includeUndelivered) {
            out.println(
                    (dryRun ? "would drop " : "dropped ")
                            + Texts.amounts(cleaned.dropped())
                            + ", undelivered");
        } else if (cleaned.keptUndelivered().total().items() > 0) {
            out.println(
                    (dryRun ? "would keep " : "kept ")
                            + Texts.amounts(cleaned.keptUndelivered())
                            + ", undelivered: sync them, or drop them with --include-undelivered");
        }
        CleanedReport.printLeft(out, cleaned);
    }
}
