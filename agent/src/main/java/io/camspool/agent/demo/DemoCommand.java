package io.camspool.agent.demo;

import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.agent.Interruption;
import io.camspool.agent.Main;
import io.camspool.agent.Terminal;
import io.camspool.sink.Sinks;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `camspool demo`: four cameras, an outage, and the proof that nothing was lost or doubled.
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = {
            "Shows an outage: four simulated cameras, a cloud that goes away and comes back.",
            "Ends with a balance that is counted from the files that arrived."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:all that was accepted arrived, once and unharmed",
            " 1:something was lost or doubled, or the demo could not run",
            " 2:the command line is wrong",
            "130:ended by Ctrl-C; what was temporary is deleted"
        })
public final class DemoCommand implements Callable<Integer> {
    private static final int LEAST_SECONDS = 3;
    private static final int MOST_SECONDS = 3600;
    private static final Duration RECEIPT_LIMIT = Duration.ofSeconds(10);

    /// Exit code of a run that was ended by Ctrl-C, as shells have it.
    private static final int INTERRUPTED = 130;

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "24",
            description = "how long the cameras run (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(names = "--keep", description = "keep the temporary folders to look around in")
    private boolean keep;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "a new folder for the spool's data, kept; the cloud stands beside it as DIR-cloud")
    private @Nullable Path data;

    public DemoCommand() {}

    @Override
    public Integer call() throws IOException {
        var command = Objects.requireNonNull(spec, "picocli sets it").commandLine();
        if (seconds < LEAST_SECONDS || seconds > MOST_SECONDS) {
            throw new ParameterException(
                    command,
                    "--seconds: %d is not allowed; allowed: %d to %d"
                            .formatted(seconds, LEAST_SECONDS, MOST_SECONDS));
        }
        var out = command.getOut();
        try (var _ = Interruption.open()) {
            var places = data == null ? Places.inTemporaryFolder() : Places.at(data);
            try {
                return play(places, out);
            } catch (InterruptedException _) {
                out.println();
                out.println(
                        isKept(places)
                                ? "stopped; kept: %s and %s"
                                        .formatted(places.data(), places.cloud())
                                : "stopped; what was temporary is deleted");
                return INTERRUPTED;
            } finally {
                if (!keep) {
                    places.deleteTemporary();
                }
            }
        }
    }

    private int play(Places places, PrintWriter out) throws IOException, InterruptedException {
        out.println("Four cameras get ready ...");
        out.flush();
        var cameras = Cameras.open();
        var config =
                CamspoolConfig.in(places.data()).withSink("cloud", Sinks.folder(places.cloud()));
        Receipts receipts;
        try (var spool = Camspool.open(config)) {
            var run = Duration.ofSeconds(seconds);
            receipts = new Show(cameras, spool, places.cloud(), display(out), run).play();
        }
        var proof = Proof.count(places.cloud(), receipts.promises(RECEIPT_LIMIT));
        printBalance(proof, receipts.refused(), places, out);
        return proof.holds() ? 0 : 1;
    }

    private static Display display(PrintWriter out) {
        if (!Terminal.isInteractive() || environment("TERM").equals("dumb")) {
            return new PlainLines(out);
        }
        var colours = environment("NO_COLOR").isEmpty();
        return new Panel(out, colours, Terminal.charset().newEncoder().canEncode('█'));
    }

    private static String environment(String name) {
        return Optional.ofNullable(System.getenv(name)).orElse("");
    }

    private void printBalance(Proof proof, long refused, Places places, PrintWriter out) {
        out.println();
        out.println("Counted from the files in the cloud, each checked by its SHA-256:");
        out.println();
        out.println("             accepted   in the cloud        bytes");
        printRow("captures", proof.captures(), out);
        printRow("alerts", proof.alerts(), out);
        out.println();
        out.printf("refused (intake full): %d%n", refused);
        if (proof.unfinished() > 0) {
            out.printf("written aside and not renamed, not counted: %d%n", proof.unfinished());
        }
        var kept = isKept(places);
        out.printf("the box    %s%s%n", places.data(), kept ? "" : "  (deleted)");
        out.printf("the cloud  %s%s%n", places.cloud(), kept ? "" : "  (deleted)");
        out.println();
        out.println(proof.inWords());
        out.flush();
    }

    private boolean isKept(Places places) {
        return keep || places.temporary().isEmpty();
    }

    private static void printRow(String kind, Proof.Count count, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "  %-8s %10d %14d %,12d%n",
                kind,
                count.accepted(),
                count.files(),
                count.bytes());
    }
}
