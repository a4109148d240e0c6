package io.camspool.agent;

import io.camspool.Balance.Amount;
import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.CamspoolException;
import io.camspool.SinkStatus;
import io.camspool.SpoolReader;
import io.camspool.sink.Sinks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `camspool sync`
@Command(
        name = "sync",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description =
                "Delivers everything held to a folder, until it is done. What was confirmed is remembered and not sent again.")
final class SyncCommand implements Callable<Integer> {
    private static final Duration LOOK = Duration.ofMillis(200);

    @Spec private CommandSpec spec;

    @Mixin private DataOption data;

    @Option(names = "--to", required = true, paramLabel = "DIR", description = "an existing folder")
    private Path target = Path.of("");

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description =
                    "give up after this long (90s, 10m, 2h, 1d) and say what is left; else never")
    private @Nullable String timeout;

    @Override
    public Integer call() throws IOException {
        if (!Files.isDirectory(target)) {
            throw CamspoolException.invalid(
                    "--to",
                    target,
                    Files.exists(target) ? "a folder; this is a file" : "a folder that exists");
        }
        SpoolReader.open(data.folder()).close();
        var folder = target.toRealPath();
        if (folder.startsWith(data.folder().toRealPath())) {
            throw CamspoolException.invalid("--to", target, "a folder outside the data folder");
        }
        var limit =
                timeout == null
                        ? DurationOption.LONGEST
                        : DurationOption.parse("--timeout", timeout);
        var id = sinkId(folder);
        var before = delivered(id);
        try (var _ = Interruption.open()) {
            return report(id, before, deliver(id, folder, limit, before));
        }
    }

    /// @param trouble what hindered it in the end
    private record End(boolean interrupted, Optional<String> trouble) {}

    /// Delivers until done, until the limit, or until Ctrl-C.
    private End deliver(String id, Path folder, Duration limit, Amount before) {
        var config =
                CamspoolConfig.in(data.folder())
                        .withSinksAsBefore()
                        .withSink(id, Sinks.folder(folder));
        try (var spool = Camspool.open(config);
                var progress = new Progress(spec.commandLine().getErr(), "delivering")) {
            var end = System.nanoTime() + limit.toNanos();
            var left = limit;
            var interrupted = false;
            while (!spool.awaitDelivered(left.compareTo(LOOK) < 0 ? left : LOOK)
                    && !left.isZero()) {
                if (Thread.interrupted()) { // cleared, so that the spool closes in peace
                    interrupted = true;
                    break;
                }
                var now = find(spool, id).orElseThrow();
                var done = now.delivered().items() - before.items();
                progress.show(done, done + now.backlog().items(), now.trouble());
                left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            }
            return new End(interrupted, find(spool, id).flatMap(SinkStatus::trouble));
        }
    }

    /// Counted when the spool is closed, so that nothing is still under way.
    private int report(String id, Amount before, End end) {
        var out = spec.commandLine().getOut();
        try (var spool = SpoolReader.open(data.folder())) {
            var after = find(spool, id).orElseThrow();
            var delivered = after.delivered().items() - before.items();
            var waiting = after.backlog().items();
            out.println(
                    "delivered %s (%s) to %s%s"
                            .formatted(
                                    Texts.count(delivered, "item"),
                                    Texts.bytes(after.delivered().bytes() - before.bytes()),
                                    target,
                                    delivered == 0 && waiting == 0 ? "; nothing was waiting" : ""));
            if (waiting > 0) {
                out.println(
                        "%s%d waiting%s; the next sync goes on with them"
                                .formatted(
                                        end.interrupted ? "stopped: " : "",
                                        waiting,
                                        end.trouble.map(why -> " (" + why + ")").orElse("")));
            }
            if (after.rejected().items() > 0) {
                out.println(
                        "%d rejected, kept here: camspool ls --rejected %s"
                                .formatted(after.rejected().items(), id));
            }
            if (end.interrupted) {
                return ExitCode.INTERRUPTED;
            }
            return waiting + after.rejected().items() == 0 ? ExitCode.DONE : ExitCode.NOT_ALL;
        }
    }

    private Amount delivered(String id) {
        try (var spool = SpoolReader.open(data.folder())) {
            return find(spool, id).map(SinkStatus::delivered).orElse(Amount.NONE);
        }
    }

    private static Optional<SinkStatus> find(SpoolReader spool, String id) {
        return spool.status().sinks().stream().filter(sink -> sink.id().equals(id)).findFirst();
    }

    /// A sink for a folder that is named only here: the folder is its identity.
    private static String sinkId(Path folder) {
        var checksum = new CRC32();
        checksum.update(folder.toString().getBytes(StandardCharsets.UTF_8));
        var name =
                String.valueOf(folder.getFileName())
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9]+", "-");
        return "%.32s-%08x".formatted(name, checksum.getValue());
    }
}
