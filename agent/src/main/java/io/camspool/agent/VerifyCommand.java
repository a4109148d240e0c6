package io.camspool.agent;

import io.camspool.CamspoolException;
import io.camspool.SpoolReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `camspool verify`
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = {
            "Checks the balance and every stored byte against its hash, and changes nothing.",
            "Also while another process owns the folder."
        })
final class VerifyCommand implements Callable<Integer> {
    /// Megabytes a second; below this a verification never ends.
    private static final double LEAST_RATE = 0.001;

    @Spec private CommandSpec spec;

    @Mixin private DataOption data;

    @Option(names = "--json", description = "one JSON object a problem, and one with the sum")
    private boolean json;

    @Option(
            names = "--rate",
            paramLabel = "MB",
            description = "reads no more than this many megabytes a second")
    private @Nullable Double megabytesPerSecond;

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        try (var spool = SpoolReader.open(data.folder());
                var progress = new Progress(spec.commandLine().getErr(), "verifying")) {
            var status = spool.status();
            var all = status.captures().held().items() + status.alerts().held().items();
            var verification = spool.verify(rate(), done -> progress.show(done, all));
            progress.clear();
            if (json) {
                for (var problem : verification.problems()) {
                    JsonLines.print(
                            out,
                            line -> {
                                line.writeStringField(
                                        "problem", problem.kind().name().toLowerCase(Locale.ROOT));
                                line.writeStringField("subject", problem.subject());
                                line.writeStringField("detail", problem.detail());
                            });
                }
                JsonLines.print(
                        out,
                        line -> {
                            line.writeBooleanField("sound", verification.sound());
                            line.writeNumberField("checked", verification.checked());
                            line.writeNumberField("problems", verification.problemCount());
                        });
            } else {
                if (!verification.sound()) {
                    var rows = new ArrayList<List<String>>();
                    rows.add(List.of("PROBLEM", "SUBJECT", "DETAIL"));
                    for (var problem : verification.problems()) {
                        rows.add(
                                List.of(
                                        problem.kind().name().toLowerCase(Locale.ROOT),
                                        Texts.oneLine(problem.subject()),
                                        Texts.oneLine(problem.detail())));
                    }
                    out.println(Texts.table(rows));
                    var more = verification.problemCount() - verification.problems().size();
                    if (more > 0) {
                        out.println("and " + more + " more");
                    }
                }
                out.println(
                        verification.sound()
                                ? "sound: "
                                        + Texts.count(verification.checked(), "item")
                                        + " checked, the balance holds"
                                : Texts.count(verification.problemCount(), "problem")
                                        + " in "
                                        + Texts.count(verification.checked(), "item")
                                        + "; nothing was changed");
            }
            return verification.sound() ? ExitCode.DONE : ExitCode.NOT_ALL;
        }
    }

    private long rate() {
        if (megabytesPerSecond == null) {
            return Long.MAX_VALUE;
        }
        if (!(megabytesPerSecond >= LEAST_RATE)) {
            throw CamspoolException.invalid(
                    "--rate", megabytesPerSecond, "at least " + LEAST_RATE + " megabytes a second");
        }
        return Math.round(megabytesPerSecond * 1e6);
    }
}
