package io.camspool.agent;

import io.camspool.SpoolReader;
import io.camspool.agent.config.ConfigSources;
import io.camspool.agent.json.Json;
import io.camspool.agent.json.SinkJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// `camspool sinks`
@Command(
        name = "sinks",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = SinkTestCommand.class,
        description =
                "Shows how each sink stands; also while another process owns the folder. Whether one is up, and how fast it takes, only that process can tell.")
final class SinksCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Mixin private DataOption data;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "one JSON object a line")
    private boolean json;

    ConfigSources sources() {
        return data.sources();
    }

    boolean isJson() {
        return json;
    }

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        try (var spool = SpoolReader.open(data.folder())) {
            var status = spool.status();
            if (json) {
                for (var sink : status.sinks()) {
                    JsonLines.print(out, line -> SinkJson.write(line, sink, status));
                }
            } else if (status.sinks().isEmpty()) {
                out.println("no sink yet: sync names them");
            } else {
                var rows = new ArrayList<List<String>>();
                rows.add(SinkTexts.heads());
                var now = Instant.now();
                status.sinks().forEach(sink -> rows.add(SinkTexts.row(sink, status, now)));
                out.println(Texts.table(rows));
            }
        }
        return ExitCode.DONE;
    }

    @Command(
            name = "pause",
            mixinStandardHelpOptions = true,
            description = "Has nothing sent to a sink until it is resumed; it is owed what comes.")
    int pause(@Parameters(paramLabel = "ID") String id) {
        try (var spool = data.openExisting()) {
            SinkTexts.known(spool, id);
            spool.pauseSink(id);
        }
        return done(id, "paused", "paused " + id);
    }

    @Command(
            name = "resume",
            mixinStandardHelpOptions = true,
            description = "Has a paused sink sent to again.")
    int resume(@Parameters(paramLabel = "ID") String id) {
        try (var spool = data.openExisting()) {
            SinkTexts.known(spool, id);
            spool.resumeSink(id);
        }
        return done(id, "resumed", "resumed " + id);
    }

    @Command(
            name = "forget",
            mixinStandardHelpOptions = true,
            description = {
                "Says what a sink is still owed and would never get if it were forgotten, and exits with 2.",
                "With --yes-drop and that number of items it forgets it. The items stay. One that a configuration still names comes back as a new one."
            })
    int forget(
            @Parameters(paramLabel = "ID") String id,
            @Option(
                            names = "--yes-drop",
                            paramLabel = "N",
                            description = "forget it, if it is owed exactly so many items")
                    @Nullable Long items) {
        var out = spec.commandLine().getOut();
        if (items == null) {
            try (var spool = SpoolReader.open(data.folder())) {
                return Guard.refuse(
                        spec.commandLine(), json, SinkTexts.known(spool, id).owed(), "forget it");
            }
        }
        try (var spool = data.openExisting()) {
            SinkTexts.known(spool, id);
            var loss = spool.forgetSink(id, items);
            if (json) {
                JsonLines.print(
                        out,
                        line -> {
                            line.writeStringField("forgotten", id);
                            Json.amount(line, "lost", loss);
                        });
            } else {
                out.println("forgot %s, which was owed %s".formatted(id, SinkTexts.items(loss)));
            }
        }
        return ExitCode.DONE;
    }

    private int done(String id, String field, String words) {
        var out = spec.commandLine().getOut();
        if (json) {
            JsonLines.print(out, line -> line.writeStringField(field, id));
        } else {
            out.println(words);
        }
        return ExitCode.DONE;
    }
}
