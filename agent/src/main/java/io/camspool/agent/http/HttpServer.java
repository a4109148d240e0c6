package io.camspool.agent.http;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A server that runs until it is closed.
public final class HttpServer implements AutoCloseable {
    /// What requests under way are given when the server stops.
    private static final Duration STOP_GRACE = Duration.ofSeconds(2);

    private static final int BACKLOG = 64;
    private static final String UNIX = "unix";

    private final HttpServerConfig config;
    private final WebServer server;
    private final Refusals refusals;

    private HttpServer(HttpServerConfig config, WebServer server, Refusals refusals) {
        this.config = config;
        this.server = server;
        this.refusals = refusals;
    }

    /// Starts it, or throws with the address, port or path that can't be listened on.
    ///
    /// @param routes adds the routes; called once for each listener
    public static HttpServer start(HttpServerConfig config, Consumer<HttpRouting.Builder> routes) {
        return start(config, new Refusals(), routes);
    }

    /// As above, for routes that tell of its refusals.
    ///
    /// @param refusals counted here
    public static HttpServer start(
            HttpServerConfig config, Refusals refusals, Consumer<HttpRouting.Builder> routes) {
        var bound = config.unixSocket().map(UnixSocket::prepare);
        var server = server(config, bound, routes, refusals).start();
        try {
            if (!server.isRunning()) {
                throw notBound(config, bound);
            }
            if (bound.isPresent()) {
                config.unixSocket().orElseThrow().publish(bound.get());
            }
        } catch (CamspoolException e) {
            server.stop();
            bound.ifPresent(path -> config.unixSocket().orElseThrow().discard(path));
            throw e;
        }
        return new HttpServer(config, server, refusals);
    }

    /// For people and clients: `http://127.0.0.1:8080`, or `unix:/run/camspool.sock` where there is
    /// no address.
    public String url() {
        if (config.listen().isEmpty()) {
            return "unix:" + config.unixSocket().orElseThrow().path();
        }
        var host = config.listen().get().getAddress().getHostAddress();
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port();
    }

    /// The TCP port; -1: it listens on none.
    public int port() {
        return server.port();
    }

    public Refusals refusals() {
        return refusals;
    }

    /// Takes no new requests, waits a little for those under way, then interrupts them.
    @Override
    public void close() {
        config.unixSocket().ifPresent(UnixSocket::remove);
        server.stop();
    }

    private static WebServer server(
            HttpServerConfig config,
            Optional<Path> bound,
            Consumer<HttpRouting.Builder> routes,
            Refusals refusals) {
        var builder = WebServer.builder().shutdownHook(false).featuresDiscoverServices(false);
        // Named sockets inherit nothing.
        if (config.listen().isPresent()) {
            listener(builder, config, routes, refusals);
            builder.bindAddress(config.listen().get());
            bound.ifPresent(
                    path ->
                            builder.putSocket(
                                    UNIX,
                                    socket -> {
                                        listener(socket, config, routes, refusals);
                                        socket.bindAddress(UnixDomainSocketAddress.of(path));
                                    }));
        } else {
            listener(builder, config, routes, refusals);
            builder.bindAddress(UnixDomainSocketAddress.of(bound.orElseThrow()));
        }
        return builder.build();
    }

    private static void listener(
            ListenerConfig.BuilderBase<?, ?> listener,
            HttpServerConfig config,
            Consumer<HttpRouting.Builder> routes,
            Refusals refusals) {
        var limits = config.limits();
        var problems = new ProblemAnswers(refusals);
        listener.protocolsDiscoverServices(false);
        listener.addConnectionSelector(new GuardedHttp1(limits, refusals));
        listener.maxTcpConnections(limits.maxConnections());
        listener.maxConcurrentRequests(limits.maxRequests());
        listener.idleConnectionTimeout(limits.idle());
        listener.idleConnectionPeriod(limits.checkPeriod());
        listener.shutdownGracePeriod(STOP_GRACE);
        listener.backlog(BACKLOG);
        listener.directHandlers(problems.direct());
        // Bodies are limited by gate and routes: Helidon would refuse them without a drain.
        listener.maxPayloadSize(-1);
        var routing = HttpRouting.builder();
        routing.addFilter(new Outermost(new Gate(config), problems));
        routing.error(Throwable.class, problems::answer);
        routes.accept(routing);
        listener.routing(routing);
    }

    /// Helidon only logs why.
    private static CamspoolException notBound(HttpServerConfig config, Optional<Path> bound) {
        var tcp = config.listen();
        var why = tcp.isPresent() ? failure(tcp.get()) : null;
        var subject =
                tcp.isPresent() && (why != null || bound.isEmpty())
                        ? HttpServerConfig.shown(tcp.get())
                        : config.unixSocket().orElseThrow().path().toString();
        return new CamspoolException(
                Reason.INVALID,
                "listen: can't listen on %s: %s; choose another one, or stop what listens there"
                        .formatted(subject, why == null ? "it can't be bound" : why));
    }

    private static @Nullable String failure(InetSocketAddress address) {
        try (var channel = ServerSocketChannel.open()) {
            channel.bind(address);
            return null;
        } catch (IOException e) {
            return CamspoolException.causeInWords(e);
        }
    }
}
