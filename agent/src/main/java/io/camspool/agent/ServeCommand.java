package io.camspool.agent;

import io.camspool.agent.serve.Agent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `camspool serve`
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description =
                "Runs the agent: takes captures and alerts over HTTP and delivers them, until Ctrl-C.")
final class ServeCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Mixin private DataOption data;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "one value of the configuration; goes before environment and file")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Override
    public Integer call() throws InterruptedException {
        var config = data.sources(settings).read();
        var stop = new CountDownLatch(1);
        try (var _ = Interruption.open(stop::countDown);
                var agent = Agent.start(config, Main.Version.ofThisBuild())) {
            var out = spec.commandLine().getOut();
            out.println(
                    "camspool listens on %s; box %s, data in %s (%s)"
                            .formatted(
                                    agent.url(),
                                    agent.spool().status().box(),
                                    config.data().folder(),
                                    config.data().origin().where()));
            out.flush();
            stop.await();
        }
        return ExitCode.DONE;
    }
}
