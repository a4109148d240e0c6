package io.camspool.agent.serve;

import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.CamspoolException;
import io.camspool.agent.api.Api;
import io.camspool.agent.api.IntakeSettings;
import io.camspool.agent.config.AgentConfig;
import io.camspool.agent.http.HttpLimits;
import io.camspool.agent.http.HttpServer;
import io.camspool.agent.http.HttpServerConfig;
import io.camspool.agent.http.Refusals;
import io.camspool.agent.http.UnixSocket;
import io.camspool.agent.metrics.MetricsApi;
import io.camspool.sink.NamedSink;
import io.camspool.sink.Sink;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// A running agent. Starts in order, stops in reverse: requests end before the spool closes.
public final class Agent implements AutoCloseable {
    private static final String SOCKET = "camspool.sock";

    private final Camspool spool;
    private final HttpServer server;
    private final Deque<AutoCloseable> parts;

    private Agent(Camspool spool, HttpServer server, Deque<AutoCloseable> parts) {
        this.spool = spool;
        this.server = server;
        this.parts = parts;
    }

    /// Answers requests when this returns. What can't start closes what has.
    ///
    /// @param version of the agent
    public static Agent start(AgentConfig config, String version) {
        var parts = new ArrayDeque<AutoCloseable>();
        try {
            var spool = opened(config);
            parts.push(spool);
            var intake = IntakeSettings.of(config.spool());
            var clock = InstantSource.system();
            var paths = new PublicPaths(captures(config.spool()), config.publicImages());
            var refusals = new Refusals();
            var api = new Api(spool, intake, version, clock, paths);
            var metrics = new MetricsApi(spool, captures(config.spool()), version, clock, refusals);
            var server =
                    HttpServer.start(
                            http(config, intake),
                            refusals,
                            routing -> {
                                api.addTo(routing);
                                metrics.addHealthTo(routing);
                                if (config.metrics()) {
                                    metrics.addMetricsTo(routing);
                                }
                            });
            parts.push(server);
            parts.push(Watches.start(spool, config));
            parts.push(api); // ends the streams, for which the server would wait
            return new Agent(spool, server, parts);
        } catch (RuntimeException | Error e) {
            closeAll(parts, e);
            throw e;
        }
    }

    private static Path captures(CamspoolConfig config) {
        return config.captures().orElse(config.data().resolve("captures"));
    }

    private static void closeAll(Deque<AutoCloseable> parts, Throwable failure) {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                failure.addSuppressed(e);
            }
        }
    }

    private static Camspool opened(AgentConfig config) {
        try {
            return Camspool.open(config.spool());
        } catch (RuntimeException | Error e) {
            config.spool().sinks().stream().map(NamedSink::sink).forEach(Sink::close);
            throw e;
        }
    }

    private static HttpServerConfig http(AgentConfig config, IntakeSettings intake) {
        var listen = config.listen();
        var address = new InetSocketAddress(listen.address().host(), listen.address().port());
        var token = config.token().<Supplier<String>>map(secret -> secret::value);
        return new HttpServerConfig(
                Optional.of(address),
                Optional.of(
                        new UnixSocket(
                                listen.socket().orElse(config.data().folder().resolve(SOCKET)),
                                permissions(listen.socketMode()),
                                listen.socketGroup())),
                token,
                Set.copyOf(listen.hosts()),
                HttpLimits.DEFAULTS.withMaxBodyBytes(intake.maxOpaqueBytes()));
    }

    /// @param mode as 0660
    private static Set<PosixFilePermission> permissions(int mode) {
        var all = PosixFilePermission.values(); // from the owner's r to the others' x
        var permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (var i = 0; i < all.length; i++) {
            if ((mode & 0400 >> i) != 0) {
                permissions.add(all[i]);
            }
        }
        return permissions;
    }

    /// Where it listens, for people and clients.
    public String url() {
        return server.url();
    }

    public Camspool spool() {
        return spool;
    }

    @Override
    public void close() {
        var failures =
                new CamspoolException(
                        CamspoolException.Reason.CLOSED, "the agent did not end well");
        closeAll(parts, failures);
        if (failures.getSuppressed().length > 0) {
            throw failures;
        }
    }
}
