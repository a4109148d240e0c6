package io.camspool.agent;

import io.camspool.Alert;
import io.camspool.Camspool;
import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.agent.json.ItemJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `camspool alert`
@Command(
        name = "alert",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = {
            "Stores alerts: one JSON object, or one a line (NDJSON), kept byte for byte.",
            "Prints a line for each once it is durable, and at once."
        })
final class AlertCommand implements Callable<Integer> {
    private static final Duration STORE_LIMIT = Duration.ofMinutes(5);

    /// Refused lines that are told one by one. So many before any that is stored mean that the
    /// input is something else.
    private static final int REFUSALS_TOLD = 20;

    @Spec private CommandSpec spec;

    @Mixin private DataOption data;

    @Mixin private ItemOptions item;

    @Option(names = "--camera", paramLabel = "NAME", description = "the camera they come from")
    private @Nullable String camera;

    @Option(names = "--json", description = "one JSON object a line")
    private boolean json;

    @Parameters(paramLabel = "FILE", description = "a file, or - for stdin")
    private String input = "-";

    @Override
    public Integer call() throws IOException {
        var config = data.config();
        var template = template();
        var err = spec.commandLine().getErr();
        var name = input.equals("-") ? "stdin" : input;
        try (var in = JsonDocuments.open("alert", input);
                var spool = Camspool.open(config)) {
            var documents = new JsonDocuments(in, config.maxAlertBytes());
            var count = 0;
            var refused = 0;
            var first = documents.next();
            if (item.id != null && first != null && documents.next() != null) {
                throw CamspoolException.invalid(
                        "--id", item.id, "with one alert; this is more than one");
            }
            for (var document = first; document != null; document = documents.next()) {
                count++;
                try {
                    save(spool, template.withJson(document.bytes()));
                } catch (CamspoolException e) {
                    if (e.reason() != Reason.INVALID && e.reason() != Reason.CONFLICT) {
                        throw e;
                    }
                    refused++;
                    if (refused <= REFUSALS_TOLD) {
                        err.println(
                                "camspool: %s line %d: %s"
                                        .formatted(name, document.line(), e.getMessage()));
                    }
                    if (refused == REFUSALS_TOLD && refused == count) {
                        err.println(
                                "camspool: %s: stopped, as none of the first %d lines is an alert; the rest was not read"
                                        .formatted(name, count));
                        return ExitCode.USAGE;
                    }
                }
            }
            if (refused > REFUSALS_TOLD) {
                err.println(
                        "camspool: %s: refused %d lines more"
                                .formatted(name, refused - REFUSALS_TOLD));
            }
            if (count == 0) {
                throw CamspoolException.invalid(
                        "alert", input, "at least one JSON object; this is empty");
            }
            return refused == 0
                    ? ExitCode.DONE
                    : refused == count ? ExitCode.USAGE : ExitCode.NOT_ALL;
        }
    }

    private void save(Camspool spool, Alert alert) {
        var out = spec.commandLine().getOut();
        var stored = spool.save(alert).await(STORE_LIMIT);
        if (item.id != null) {
            item.noteIfOther(
                    spec.commandLine().getErr(),
                    spool.find(stored.id()),
                    Optional.ofNullable(camera),
                    item.alertId());
        }
        if (json) {
            var found = spool.find(stored.id()).orElseThrow();
            JsonLines.print(out, line -> ItemJson.PLAIN.write(line, found));
        } else {
            print(out, stored.id() + "  " + Texts.bytes(stored.bytes()));
        }
    }

    private static void print(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }

    private Alert template() {
        var alert = Alert.of("{}");
        return item.of(camera == null ? alert : alert.withCamera(camera));
    }
}
