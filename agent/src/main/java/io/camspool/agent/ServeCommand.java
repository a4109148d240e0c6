package io.camspool.agent;

import io.camspool.CamspoolConfig;
import io.camspool.CamspoolException;
import io.camspool.agent.config.ConfigFile;
import io.camspool.agent.http.HttpLimits;
import io.camspool.agent.http.HttpServerConfig;
import io.camspool.agent.http.UnixSocket;
import io.camspool.agent.serve.Agent;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
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
        description = "Runs the agent: takes captures and alerts over HTTP and delivers them.")
final class ServeCommand implements Callable<Integer> {
    private static final String DEFAULT_LISTEN = "127.0.0.1:8686";

    @Spec private CommandSpec spec;

    @Mixin private DataOption data;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "docs/configuration.md names its keys; without it, the defaults")
    private @Nullable Path file;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = DEFAULT_LISTEN,
            description = "where it listens; ${DEFAULT-VALUE} by default")
    private String listen = DEFAULT_LISTEN;

    @Override
    public Integer call() throws InterruptedException {
        var config =
                file == null
                        ? CamspoolConfig.in(data.folder())
                        : ConfigFile.read(file, data.named());
        var stop = new CountDownLatch(1);
        try (var _ = Interruption.open(stop::countDown);
                var agent = Agent.start(config, http(config), version(), Path::toString)) {
            var out = spec.commandLine().getOut();
            var status = agent.spool().status();
            out.println(
                    "camspool listens on %s; box %s, data in %s"
                            .formatted(agent.url(), status.box(), status.data()));
            out.flush();
            stop.await();
        }
        return ExitCode.DONE;
    }

    private HttpServerConfig http(CamspoolConfig config) {
        return new HttpServerConfig(
                Optional.of(address()),
                Optional.of(new UnixSocket(config.data().resolve("camspool.sock"))),
                Optional.empty(),
                Set.of(),
                HttpLimits.DEFAULTS);
    }

    private InetSocketAddress address() {
        var colon = listen.lastIndexOf(':');
        try {
            return new InetSocketAddress(
                    listen.substring(0, colon), Integer.parseInt(listen.substring(colon + 1)));
        } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
            throw CamspoolException.invalid(
                    "--listen", listen, "an address and a port as " + DEFAULT_LISTEN);
        }
    }

    private static String version() {
        return new Main.Version().getVersion()[0].substring("camspool ".length());
    }
}
