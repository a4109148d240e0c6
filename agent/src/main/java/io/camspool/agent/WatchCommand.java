package io.camspool.agent;

import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.CamspoolException;
import io.camspool.Receipt;
import io.camspool.Stored;
import io.camspool.agent.json.Json;
import io.camspool.agent.watch.FolderWatch;
import io.camspool.agent.watch.PathPattern;
import io.camspool.agent.watch.WatchReport;
import io.camspool.agent.watch.WatchedFolder;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `camspool watch`
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = {
            "Takes the images that others write to a folder and what is below it; x.json beside x.jpg is its alert.",
            "A file goes from the folder once it is stored. What is no image goes to the folder of refused files, with the reason beside it."
        })
final class WatchCommand implements Callable<Integer> {
    private static final String DELETE = "delete";
    private static final String MOVE = "move:";

    @Spec private CommandSpec spec;

    @Mixin private DataOption data;

    @Option(
            names = "--pattern",
            paramLabel = "PATTERN",
            description =
                    "what of a path are {camera}, {alert} and {time:FORMAT}, as {camera}/{time:yyyyMMddHHmmss}_*.jpg; {camera}/**/* by default")
    private @Nullable String pattern;

    @Option(
            names = "--camera",
            paramLabel = "NAME",
            description = "the camera of all files, where the pattern has none")
    private @Nullable String camera;

    @Option(
            names = "--after",
            paramLabel = "delete|move:DIR",
            description = "what becomes of files that are stored; delete by default")
    private String after = DELETE;

    @Option(
            names = "--refused",
            paramLabel = "DIR",
            description = "where files go that can't be taken; FOLDER/.refused by default")
    private @Nullable Path refused;

    @Option(
            names = "--settle",
            paramLabel = "TIME",
            description = "for so long a file must not have changed; 2s by default")
    private @Nullable String settle;

    @Option(
            names = "--sidecar-wait",
            paramLabel = "TIME",
            description = "for so much longer an image waits for its .json; 2s by default")
    private @Nullable String sidecarWait;

    @Option(names = "--no-sidecar", description = "a .json is not an alert")
    private boolean noSidecar;

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            description = "of times in paths, as Europe/Berlin; else that of this machine")
    private @Nullable String zone;

    @Option(
            names = "--media",
            paramLabel = "ENDING=MEDIA/TYPE",
            description = "files that are taken besides images, as mp4=video/mp4; may be repeated")
    private Map<String, String> media = Map.of();

    @Option(names = "--once", description = "take what is there, and end")
    private boolean once;

    @Option(names = "--json", description = "one JSON object a line")
    private boolean json;

    @Parameters(paramLabel = "FOLDER", description = "the folder")
    private Path folder = Path.of("");

    @Override
    public Integer call() throws InterruptedException {
        if (!Files.isDirectory(folder)) {
            throw CamspoolException.invalid("FOLDER", folder, "a folder that is there");
        }
        var config = CamspoolConfig.in(data.folder()).withSinksAsBefore();
        var watched = watched();
        var report = new Lines();
        try (var spool = Camspool.open(config)) {
            var watch = FolderWatch.open(spool, config, watched, report);
            try (var _ = Interruption.open(watch::end)) {
                if (once) {
                    watch.runUntilTaken();
                } else {
                    tell("watching " + watched.folder() + "; Ctrl-C ends it");
                    watch.run();
                }
                return end(watch, report);
            }
        }
    }

    private WatchedFolder watched() {
        var text =
                pattern != null
                        ? pattern
                        : camera == null
                                ? WatchedFolder.DEFAULT_PATTERN
                                : WatchedFolder.PATTERN_OF_ONE_CAMERA;
        var watched =
                WatchedFolder.of(
                        folder,
                        UsageErrors.naming("--pattern", () -> PathPattern.of(text)),
                        Optional.ofNullable(camera));
        watched =
                watched.withTimes(
                        time("--settle", settle, watched.settle()),
                        time("--sidecar-wait", sidecarWait, watched.sidecarWait()),
                        watched.rescan());
        for (var kind : media.entrySet()) {
            watched = watched.withMedia(kind.getKey(), kind.getValue());
        }
        watched = noSidecar ? watched.withoutSidecars() : watched;
        watched = zone == null ? watched : watched.withZone(zone(zone));
        watched = refused == null ? watched : watched.withRefused(refused);
        if (after.equals(DELETE)) {
            return watched;
        }
        if (!after.startsWith(MOVE) || after.length() == MOVE.length()) {
            throw CamspoolException.invalid("--after", after, "delete or move:DIR");
        }
        return watched.withTaken(Path.of(after.substring(MOVE.length())));
    }

    private static Duration time(String option, @Nullable String text, Duration otherwise) {
        return text == null ? otherwise : DurationOption.parse(option, text);
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException _) {
            throw CamspoolException.invalid("--zone", name, "a zone as Europe/Berlin or UTC");
        }
    }

    private int end(FolderWatch watch, Lines report) {
        var status = watch.status();
        var isStopped = watch.isEnded();
        if (json) {
            JsonLines.print(
                    spec.commandLine().getOut(),
                    line -> {
                        line.writeNumberField("taken", status.taken());
                        line.writeNumberField("bytes", report.bytes);
                        line.writeNumberField("refused", status.refused());
                        line.writeNumberField("waiting", status.waiting());
                        line.writeNumberField("unmatched", status.unmatched());
                    });
        } else {
            tell(
                    "took %s (%s)%s%s%s"
                            .formatted(
                                    Texts.count(status.taken(), "file"),
                                    Texts.bytes(report.bytes),
                                    also(status.refused(), "refused"),
                                    also(status.waiting(), "left"),
                                    also(
                                            status.unmatched(),
                                            "not matching the pattern, as "
                                                    + status.firstUnmatched()
                                                            .map(Path::toString)
                                                            .map(Texts::oneLine)
                                                            .orElse("-"))));
        }
        if (isStopped) {
            return ExitCode.INTERRUPTED;
        }
        return status.refused() + status.waiting() == 0 && status.trouble().isEmpty()
                ? ExitCode.DONE
                : ExitCode.NOT_ALL;
    }

    private static String also(long count, String what) {
        return count == 0 ? "" : "; " + count + " " + what;
    }

    private void tell(String text) {
        spec.commandLine().getErr().println("camspool: " + text);
    }

    /// Prints a line for each file.
    private final class Lines implements WatchReport {
        private long bytes;

        private PrintWriter out() {
            return spec.commandLine().getOut();
        }

        @Override
        public void taken(Path file, Receipt receipt, Stored stored, boolean alert) {
            bytes += stored.bytes();
            if (json) {
                JsonLines.print(
                        out(),
                        line -> {
                            line.writeStringField("taken", file.toString());
                            line.writeStringField("id", stored.id().value());
                            Json.optional(line, "path", receipt.path().map(Path::toString));
                            line.writeNumberField("bytes", stored.bytes());
                            line.writeBooleanField("with_alert", alert);
                            Json.optional(line, "change", stored.change());
                        });
                return;
            }
            out().println(
                            receipt.path().map(Path::toString).orElse(stored.id().value())
                                    + "  "
                                    + Texts.bytes(stored.bytes())
                                    + stored.change().map(change -> "  (" + change + ")").orElse("")
                                    + (alert && receipt.path().isPresent()
                                            ? "  with its alert"
                                            : ""));
            out().flush();
        }

        @Override
        public void refused(Path file, Path moved, String why) {
            line("refused", file, why, Optional.of(moved));
        }

        @Override
        public void failed(Path path, String why) {
            line("failed", path, why, Optional.empty());
        }

        private void line(String what, Path file, String why, Optional<Path> moved) {
            if (json) {
                JsonLines.print(
                        out(),
                        line -> {
                            line.writeStringField(what, file.toString());
                            line.writeStringField("reason", why);
                            Json.optional(line, "moved", moved.map(Path::toString));
                        });
            } else {
                tell(
                        "%s: %s: %s%s"
                                .formatted(
                                        what,
                                        Texts.oneLine(file.toString()),
                                        Texts.oneLine(why),
                                        moved.map(
                                                        place ->
                                                                "; now "
                                                                        + Texts.oneLine(
                                                                                place.toString()))
                                                .orElse("; stays, tried again")));
            }
        }
    }
}
