package io.camspool.agent;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.agent.config.ConfigSources;
import io.camspool.agent.config.Shown;
import io.camspool.agent.config.StarterFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// `camspool config`
@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description =
                "Checks, shows or begins the configuration; docs/configuration.md names its keys.")
final class ConfigCommand implements Runnable {
    @Spec private CommandSpec spec;

    @Mixin private DataOption data;

    @Option(
            names = "--set",
            scope = ScopeType.INHERIT,
            paramLabel = "KEY=VALUE",
            description = "one value; goes before the environment and the file")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Override
    public void run() {
        throw new CamspoolException(Reason.INVALID, "config what? check, show or init");
    }

    private ConfigSources sources() {
        return data.sources(settings);
    }

    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description =
                    "Says all that is wrong, each with its file and line, and exits with 2 then.")
    int check() {
        var sources = sources();
        try {
            sources.read().spool().sinks().forEach(sink -> sink.sink().close());
        } catch (CamspoolException e) {
            if (e.reason() != Reason.INVALID) {
                throw e;
            }
            // As compilers have it, so that editors find the line.
            spec.commandLine().getErr().println(e.getMessage());
            return ExitCode.USAGE;
        }
        spec.commandLine()
                .getOut()
                .println(
                        sources.found()
                                .map(file -> file + ": all is well")
                                .orElse("no configuration file; all is well"));
        return ExitCode.DONE;
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description =
                    "Shows every value and where it comes from: a flag, the environment, the file or the default. Secrets are masked.")
    int show(@Option(names = "--json", description = "one JSON object a line") boolean json) {
        var out = spec.commandLine().getOut();
        var values = sources().show();
        if (json) {
            for (var value : values) {
                JsonLines.print(
                        out,
                        line -> {
                            line.writeStringField("key", value.key());
                            line.writeStringField("value", value.value());
                            line.writeStringField("from", value.origin().where());
                            line.writeBooleanField("applied", value.applied());
                        });
            }
            return ExitCode.DONE;
        }
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("KEY", "VALUE", "FROM"));
        values.forEach(value -> rows.add(row(value)));
        out.println(Texts.table(rows));
        return ExitCode.DONE;
    }

    private static List<String> row(Shown value) {
        return List.of(
                value.key(),
                value.value().isEmpty() ? "-" : Texts.oneLine(value.value()),
                value.origin().where() + (value.applied() ? "" : "; not applied by this version"));
    }

    @Command(
            name = "init",
            mixinStandardHelpOptions = true,
            description = "Writes a file to begin with, which works as it is; never over another.")
    int init(
            @Parameters(arity = "0..1", paramLabel = "FILE", defaultValue = "camspool.yaml")
                    Path file)
            throws IOException {
        try {
            Files.writeString(
                    file,
                    StarterFile.text(),
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw new CamspoolException(
                    Reason.INVALID, file + ": it exists already, and stays as it is", e);
        }
        spec.commandLine().getOut().println("wrote " + file + "; try: camspool config check");
        return ExitCode.DONE;
    }
}
