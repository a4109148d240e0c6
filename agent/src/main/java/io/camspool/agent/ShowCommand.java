package io.camspool.agent;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.ItemId;
import io.camspool.SpoolReader;
import io.camspool.StoredAlert;
import io.camspool.StoredCapture;
import io.camspool.Story;
import io.camspool.agent.json.ItemJson;
import io.camspool.agent.json.StoryJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
    private static final String NONE = "-";

    @Spec private CommandSpec spec;

    @Mixin private DataOption data;

    @Option(names = "--json", description = "what is known of it, as ls --json has it")
    private boolean json;

    @Option(names = "--sinks", description = "what became of it at each sink")
    private boolean sinks;

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
            var story =
                    sinks
                            ? spool.story(item.id()).map(Story::sinks).orElse(List.of())
                            : List.<Story.AtSink>of();
            if (json) {
                JsonLines.print(
                        out,
                        line -> {
                            ItemJson.PLAIN.write(line, item);
                            if (sinks) {
                                StoryJson.write(line, story);
                            }
                        });
                return ExitCode.DONE;
            }
            if (sinks) {
                print(out, story);
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

    private static void print(PrintWriter out, List<Story.AtSink> story) {
        if (story.isEmpty()) {
            out.println("no sink yet");
            return;
        }
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("SINK", "STATE", "WHEN", "TRIES", "KEY", "WHAT SHOWS IT, OR HINDERS"));
        for (var at : story) {
            rows.add(
                    List.of(
                            at.sink(),
                            StoryJson.state(at).replace('-', ' '),
                            at.when().map(Instant::toString).orElse(NONE),
                            String.valueOf(at.attempts()),
                            at.key().map(Texts::oneLine).orElse(NONE),
                            at.proof().or(at::reason).map(Texts::oneLine).orElse(NONE)));
        }
        out.println(Texts.table(rows));
    }
}
