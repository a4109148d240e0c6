package io.camspool.agent;

import io.camspool.CamspoolException;
import io.camspool.agent.demo.DemoCommand;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/// The entry point: parses, runs one command, and turns failures into one line and an exit code.
@Command(
        name = "camspool",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description =
                "Keeps camera captures and alerts safe here and brings them to where they belong.",
        subcommands = {
            SaveCommand.class,
            AlertCommand.class,
            ImportCommand.class,
            WatchCommand.class,
            ListCommand.class,
            ShowCommand.class,
            StatusCommand.class,
            VerifyCommand.class,
            ServeCommand.class,
            SyncCommand.class,
            SinksCommand.class,
            RejectedCommand.class,
            CleanupCommand.class,
            ClearCommand.class,
            ConfigCommand.class,
            DemoCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "  0:done",
            "  1:not everything is well or done: some input refused, verify found problems, sync left something",
            "  2:wrong usage, or all of the input refused; nothing was dropped because it was not told to",
            "  3:the data folder is in use by another process",
            "  4:the environment failed: disk, permissions, format, JDK",
            "  5:the intake stayed full, or an item was not stored in time",
            "130:sync, import, watch or demo was ended by Ctrl-C"
        })
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        // Else the JDK gives the proxy of an https address no password. Read at the first request.
        System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
        System.exit(commandLine(out(System.out), out(System.err)).execute(arguments));
    }

    /// The command line, writing to these.
    static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        return new CommandLine(new Main())
                .setOut(out)
                .setErr(err)
                .setUsageHelpAutoWidth(true)
                .setUsageHelpLongOptionsMaxWidth(28)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Path.class, UsageErrors::path)
                .setExecutionExceptionHandler(
                        (failure, command, _) -> {
                            command.getErr()
                                    .println(
                                            "camspool: " + CamspoolException.causeInWords(failure));
                            return ExitCode.of(failure);
                        })
                .setParameterExceptionHandler(
                        (failure, _) -> {
                            var command = failure.getCommandLine();
                            command.getErr().println("camspool: " + UsageErrors.inWords(failure));
                            if (!CommandLine.UnmatchedArgumentException.printSuggestions(
                                    failure, command.getErr())) {
                                command.getErr()
                                        .println(
                                                "Try: "
                                                        + command.getCommandSpec().qualifiedName()
                                                        + " --help");
                            }
                            return ExitCode.USAGE;
                        });
    }

    private static PrintWriter out(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    /// The version of this build and of what it runs on.
    public static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {
                "camspool " + ofThisBuild(),
                "Java "
                        + Runtime.version()
                        + " on "
                        + System.getProperty("os.name")
                        + " "
                        + System.getProperty("os.arch")
            };
        }

        static String ofThisBuild() {
            var properties = new Properties();
            try (var in = Main.class.getResourceAsStream("version.properties")) {
                if (in != null) {
                    properties.load(in);
                }
            } catch (IOException e) {
                throw new CamspoolException(
                        CamspoolException.Reason.STORAGE, "can't read the version", e);
            }
            return properties.getProperty("version", "unknown");
        }
    }
}
