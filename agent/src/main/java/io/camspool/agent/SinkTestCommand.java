package io.camspool.agent;

import io.camspool.CamspoolConfig;
import io.camspool.CamspoolException;
import io.camspool.ItemKind;
import io.camspool.agent.json.Json;
import io.camspool.sink.Batch;
import io.camspool.sink.Delivery;
import io.camspool.sink.NamedSink;
import io.camspool.sink.Outcome;
import io.camspool.sink.Sink;
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
import picocli.CommandLine.ParentCommand;
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

    @ParentCommand private SinksCommand parent = new SinksCommand();

    @Parameters(paramLabel = "NAME", description = "the sink's id in the file")
    private String name = "";

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
        var config = parent.sources().read().spool();
        try {
            var tested =
                    named(config, name)
                            .orElseThrow(
                                    () ->
                                            CamspoolException.invalid(
                                                    "NAME",
                                                    name,
                                                    config.sinks().stream()
                                                            .map(NamedSink::id)
                                                            .collect(Collectors.joining(", "))));
            var publicUrl =
                    tested.after()
                            .flatMap(after -> named(config, after.sink()))
                            .flatMap(NamedSink::publicUrl);
            return test(tested.sink(), publicUrl);
        } finally {
            config.sinks().forEach(sink -> sink.sink().close());
        }
    }

    private static Optional<NamedSink> named(CamspoolConfig config, String id) {
        return config.sinks().stream().filter(sink -> sink.id().equals(id)).findFirst();
    }

    /// @param publicUrl template of the addresses of the captures that its alerts wait for
    private int test(Sink sink, Optional<String> publicUrl) {
        var samples = samples(sink, publicUrl);
        // The sign-in is made once for all.
        var requests =
                samples.stream().flatMap(each -> sink.describe(each).stream()).distinct().toList();
        if (how.dryRun) {
            print(requests, Optional.empty());
            return ExitCode.DONE;
        }
        var answer =
                how.send
                        ? sink.send(new Batch(List.of(samples.getFirst()))).stream().findFirst()
                        : sink.probe();
        print(requests, answer);
        if (answer.isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "camspool: nothing was sent: the sink has no probe-url; to send the made-up item: --send");
            return ExitCode.USAGE;
        }
        return answer.get() instanceof Outcome.Delivered ? ExitCode.DONE : ExitCode.NOT_ALL;
    }

    private void print(List<String> requests, Optional<Outcome> answer) {
        var out = spec.commandLine().getOut();
        if (parent.isJson()) {
            JsonLines.print(
                    out,
                    line -> {
                        line.writeArrayFieldStart("requests");
                        for (var request : requests) {
                            line.writeString(request);
                        }
                        line.writeEndArray();
                        Json.optional(line, "counts_as", answer.map(SinkTestCommand::inWords));
                    });
            return;
        }
        requests.forEach(request -> out.println(request + "\n"));
        answer.ifPresent(outcome -> out.println("counts as " + inWords(outcome)));
        out.flush();
    }

    private static List<Delivery> samples(Sink sink, Optional<String> publicUrl) {
        var now = Instant.now();
        var samples = new ArrayList<Delivery>();
        if (sink.takes(ItemKind.ALERT)) {
            samples.add(Sample.alert(now, publicUrl));
        }
        if (sink.takes(ItemKind.CAPTURE)) {
            samples.add(Sample.capture(now));
        }
        return samples;
    }

    private static String inWords(Outcome outcome) {
        return Texts.oneLine(
                switch (outcome) {
                    case Outcome.Delivered(var proof) -> "delivered: " + proof;
                    case Outcome.ItemRefused(var reason, var answer) ->
                            "refused: %s; answer: %s".formatted(reason, answer);
                    case Outcome.SinkFault(var cause, var retryAfter) ->
                            "a fault of the sink, all waits: "
                                    + cause
                                    + retryAfter
                                            .map(wait -> "; again in " + Texts.duration(wait))
                                            .orElse("");
                    case Outcome.NetworkFault(var cause) ->
                            "a fault of the network, all waits: " + cause;
                });
    }
}
