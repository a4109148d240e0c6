package io.camspool.agent.serve;

import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.agent.api.Api;
import io.camspool.agent.http.HttpServer;
import io.camspool.agent.http.HttpServerConfig;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Function;

/// A running agent. Starts in order, stops in reverse.
public final class Agent implements AutoCloseable {
    private final Camspool spool;
    private final Api api;
    private final HttpServer server;

    private Agent(Camspool spool, Api api, HttpServer server) {
        this.spool = spool;
        this.api = api;
        this.server = server;
    }

    /// Answers requests when this returns.
    ///
    /// @param version of the agent
    /// @param path how the path of a capture's file is shown
    public static Agent start(
            CamspoolConfig config,
            HttpServerConfig http,
            String version,
            Function<Path, String> path) {
        var spool = Camspool.open(config);
        try {
            var api = new Api(spool, version, InstantSource.system(), path);
            return new Agent(spool, api, HttpServer.start(http, api::addTo));
        } catch (RuntimeException | Error e) {
            spool.close();
            throw e;
        }
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
        try (spool) {
            api.close();
            server.close();
        }
    }
}
