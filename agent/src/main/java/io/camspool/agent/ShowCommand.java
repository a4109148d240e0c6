package io.camspool.agent;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.ItemId;
import io.camspool.SpoolReader;
import io.camspool.StoredAlert;
import io.camspool.StoredCapture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `camspool show`
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description =
                "Prints one item: an alert's JSON byte for byte, a capture's path; also while another process owns the folder.")
final class ShowCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Mixin private DataOption data;

    @Option(names = "--json", description = "what is known of it, as ls --json has it")
    private boolean json;

    @Parameters(paramLabel = "ID", description = "the item's id, as ls and alert show it")
    private String id = "";

    @Override
    public Integer call() throws IOException {
        var out = spec.commandLine().getOut();
        try (var spool = SpoolReader.open(data.folder())) {
            var item =
                    spool.find(new ItemId(id))
                            .orElseThrow(
                                    () ->
                                            new CamspoolException(
                                                    Reason.NOT_FOUND,
                                                    id + " is not held here; ls shows what is"));
            if (json) {
                JsonLines.print(out, line -> JsonLines.item(line, item));
                return ExitCode.DONE;
            }
            switch (item) {
                case StoredCapture capture -> out.println(capture.path());
                case StoredAlert alert -> {
                    try (var stored = spool.read(alert.id())) {
                        // It is valid UTF-8, so that these characters are the same bytes again.
                        out.print(new String(stored.readAllBytes(), StandardCharsets.UTF_8));
                    }
                    if (Terminal.isInteractive()) {
                        out.println();
                    }
                }
            }
            out.flush();
            return ExitCode.DONE;
        }
    }
}
