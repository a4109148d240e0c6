package io.camspool.agent;

import io.camspool.CamspoolException;
import io.camspool.ItemKind;
import io.camspool.agent.config.ConfigFile;
import io.camspool.sink.Batch;
import io.camspool.sink.Delivery;
import io.camspool.sink.NamedSink;
import io.camspool.sink.Outcome;
import io.camspool.sink.Sink;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `camspool sinks test`: nothing that is held is sent, and no data folder is needed.
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = {
            "Prints the requests that a made-up alert and image would make, with secrets masked, and asks the sink's probe-url.",
            "With --send it sends the made-up alert, or the image to a sink without alerts, and prints what the answer counts as."
        })
final class SinkTestCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "the sink's id in the file")
    private String name = "";

    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "the file with the sink")
    private Path file = Path.of("");

    @ArgGroup private How how = new How();

    /// What of it.
    private static final class How {
        @Option(names = "--dry-run", description = "only print")
        private boolean dryRun;

        @Option(names = "--send", description = "send the made-up item")
        private boolean send;
    }

    @Override
    public Integer call() {
        var config = ConfigFile.read(file, Optional.empty());
        try {
            return test(
                    config.sinks().stream()
                            .filter(sink -> sink.id().equals(name))
                            .findFirst()
                            .orElseThrow(
                                    () ->
                                            CamspoolException.invalid(
                                                    "NAME",
                                                    name,
                                                    config.sinks().stream()
                                                            .map(NamedSink::id)
                                                            .collect(Collectors.joining(", "))))
                            .sink());
        } finally {
            config.sinks().forEach(sink -> sink.sink().close());
        }
    }

    private int test(Sink sink) {
        var out = spec.commandLine().getOut();
        var samples = samples(sink);
        for (var sample : samples) {
            sink.describe(sample).ifPresent(request -> out.println(request + "\n"));
        }
        out.flush();
        if (how.dryRun) {
            return ExitCode.DONE;
        }
        if (how.send) {
            return report(sink.send(new Batch(List.of(samples.getFirst()))).getFirst());
        }
        var answer = sink.probe();
        if (answer.isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "camspool: nothing was sent: the sink has no probe-url; to send the made-up item: --send");
            return ExitCode.USAGE;
        }
        return report(answer.get());
    }

    private static List<Delivery> samples(Sink sink) {
        var now = Instant.now();
        var samples = new ArrayList<Delivery>();
        if (sink.takes(ItemKind.ALERT)) {
            samples.add(Sample.alert(now));
        }
        if (sink.takes(ItemKind.CAPTURE)) {
            samples.add(Sample.capture(now));
        }
        return samples;
    }

    private int report(Outcome outcome) {
        var out = spec.commandLine().getOut();
        return switch (outcome) {
            case Outcome.Delivered delivered -> {
                out.println("counts as delivered: " + Texts.oneLine(delivered.proof()));
                yield ExitCode.DONE;
            }
            case Outcome.ItemRefused refused -> {
                out.println(
                        "counts as refused: %s; answer: %s"
                                .formatted(
                                        Texts.oneLine(refused.reason()),
                                        Texts.oneLine(refused.answer())));
                yield ExitCode.NOT_ALL;
            }
            case Outcome.SinkFault fault -> {
                out.println(
                        "counts as a fault of the sink, all waits: %s%s"
                                .formatted(
                                        Texts.oneLine(fault.cause()),
                                        fault.retryAfter()
                                                .map(wait -> "; again in " + Texts.duration(wait))
                                                .orElse("")));
                yield ExitCode.NOT_ALL;
            }
            case Outcome.NetworkFault fault -> {
                out.println(
                        "counts as a fault of the network, all waits: "
                                + Texts.oneLine(fault.cause()));
                yield ExitCode.NOT_ALL;
            }
        };
    }
}
