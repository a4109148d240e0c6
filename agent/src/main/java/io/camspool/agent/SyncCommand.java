package io.camspool.agent;

import io.camspool.Balance.Amount;
import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.SinkStatus;
import io.camspool.SpoolReader;
import io.camspool.sink.NamedSink;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
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
                "Delivers everything held to where it belongs, until it is done. What was confirmed is remembered and not sent again.")
final class SyncCommand implements Callable<Integer> {
    private static final Duration LOOK = Duration.ofMillis(200);

    @Spec private CommandSpec spec;

    @Mixin private DataOption data;

    @Option(
            names = "--to",
            paramLabel = "DIR|URL",
            description =
                    "an existing folder, or a receiver as docs/http-sink.md describes it: alerts to URL/alerts, images to URL/images/KEY; else all sinks of the configuration file")
    private @Nullable String target;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description =
                    "give up after this long (90s, 10m, 2h, 1d) and say what is left; else never")
    private @Nullable String timeout;

    @Override
    public Integer call() throws IOException {
        var limit =
                timeout == null
                        ? DurationOption.LONGEST
                        : DurationOption.parse("--timeout", timeout);
        var config = config();
        // Never makes a new spool.
        SpoolReader.open(config.data()).close();
        var before = delivered(config);
        try (var _ = Interruption.open()) {
            return report(config, before, deliver(config, limit, before));
        }
    }

    private CamspoolConfig config() throws IOException {
        if (target == null) {
            return configured();
        }
        if (data.isFileNamed()) {
            throw CamspoolException.invalid("--to", target, "only without --config");
        }
        var config = data.config();
        SpoolReader.open(config.data()).close();
        return config.withSink(SyncTarget.parse(target, config.data()));
    }

    private CamspoolConfig configured() {
        var sources = data.sources();
        var file =
                sources.found()
                        .orElseThrow(
                                () ->
                                        new CamspoolException(
                                                Reason.INVALID,
                                                "where to? --to DIR, --to URL, or a camspool.yaml with sinks"));
        var config = sources.read().spool();
        if (config.sinks().isEmpty()) {
            throw CamspoolException.invalid("--config", file, "a file with sinks");
        }
        return config;
    }

    /// @param trouble what hindered each sink in the end
    private record End(boolean interrupted, Map<String, String> trouble) {}

    /// Delivers until done, until the limit, or until Ctrl-C.
    private End deliver(CamspoolConfig config, Duration limit, Map<String, Amount> before) {
        try (var spool = Camspool.open(config);
                var progress =
                        new SyncProgress(spec.commandLine().getErr(), Terminal.isInteractive())) {
            var end = System.nanoTime() + limit.toNanos();
            var left = limit;
            var interrupted = false;
            while (!spool.awaitDelivered(left.compareTo(LOOK) < 0 ? left : LOOK)
                    && !left.isZero()) {
                if (Thread.interrupted()) { // cleared, so that the spool closes in peace
                    interrupted = true;
                    break;
                }
                var now = ofThisRun(spool, config);
                progress.show(
                        now.stream()
                                .map(sink -> new SyncProgress.Line(sink, before(before, sink)))
                                .toList());
                if (now.stream().allMatch(SyncCommand::isSettled)) {
                    break;
                }
                left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            }
            var trouble = new HashMap<String, String>();
            for (var sink : ofThisRun(spool, config)) {
                sink.trouble().ifPresent(why -> trouble.put(sink.id(), why));
            }
            return new End(interrupted, trouble);
        }
    }

    /// Whether waiting brings nothing more.
    private static boolean isSettled(SinkStatus sink) {
        return sink.backlog().items() == 0 || sink.paused() || !sink.enabled();
    }

    /// Counted when the spool is closed, so that nothing is still under way.
    private int report(CamspoolConfig config, Map<String, Amount> before, End end) {
        var owed = 0L;
        try (var spool = SpoolReader.open(config.data())) {
            for (var sink : ofThisRun(spool, config)) {
                report(new SyncProgress.Line(sink, before(before, sink)), end);
                owed += sink.enabled() ? sink.owed().items() : 0;
            }
        }
        if (end.interrupted) {
            return ExitCode.INTERRUPTED;
        }
        return owed == 0 ? ExitCode.DONE : ExitCode.NOT_ALL;
    }

    private void report(SyncProgress.Line line, End end) {
        var out = spec.commandLine().getOut();
        var sink = line.now();
        var name = target == null ? sink.id() : target;
        var waiting = sink.backlog().items();
        if (!sink.enabled()) {
            out.println("%s is disabled; %d waiting for it".formatted(name, waiting));
            return;
        }
        out.println(
                "delivered %s to %s%s"
                        .formatted(
                                SinkTexts.items(line.delivered()),
                                name,
                                line.delivered().items() == 0 && waiting == 0
                                        ? "; nothing was waiting"
                                        : ""));
        if (sink.paused() && waiting > 0) {
            out.println(
                    "%d waiting: it is paused; camspool sinks resume %s"
                            .formatted(waiting, sink.id()));
        } else if (waiting > 0) {
            var trouble = Optional.ofNullable(end.trouble.get(sink.id()));
            out.println(
                    "%s%d waiting%s; the next sync goes on with them"
                            .formatted(
                                    end.interrupted ? "stopped: " : "",
                                    waiting,
                                    trouble.map(why -> " (" + Texts.oneLine(why) + ")")
                                            .orElse("")));
            if (target != null) {
                out.println("for a wrong target: camspool sinks forget " + sink.id());
            }
        }
        if (sink.rejected().items() > 0) {
            out.println(
                    "%d rejected, kept here: camspool rejected ls %s"
                            .formatted(sink.rejected().items(), sink.id()));
        }
    }

    private static Amount before(Map<String, Amount> before, SinkStatus sink) {
        return before.getOrDefault(sink.id(), Amount.NONE);
    }

    /// What each sink had before, also under the id it had then.
    private static Map<String, Amount> delivered(CamspoolConfig config) {
        var delivered = new HashMap<String, Amount>();
        try (var spool = SpoolReader.open(config.data())) {
            for (var sink : config.sinks()) {
                SinkTexts.find(spool, sink.id())
                        .or(() -> sink.formerly().flatMap(old -> SinkTexts.find(spool, old)))
                        .ifPresent(status -> delivered.put(sink.id(), status.delivered()));
            }
        }
        return delivered;
    }

    private static List<SinkStatus> ofThisRun(SpoolReader spool, CamspoolConfig config) {
        var ids = config.sinks().stream().map(NamedSink::id).toList();
        return spool.status().sinks().stream().filter(sink -> ids.contains(sink.id())).toList();
    }
}
