package io.camspool.agent.http;

import io.camspool.CamspoolException;
import io.helidon.webserver.http.HttpRouting;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A server on both ways in, with a few routes and tiny limits.
final class Served implements AutoCloseable {
    static final HttpLimits TINY =
            new HttpLimits(
                    256,
                    1024,
                    2 << 20,
                    8,
                    3,
                    Duration.ofMillis(300),
                    Duration.ofMillis(300),
                    1_000,
                    Duration.ofSeconds(20),
                    Duration.ofMillis(300));

    final CountDownLatch held = new CountDownLatch(TINY.maxRequests());
    final CountDownLatch let = new CountDownLatch(1);
    private final Path socket;
    private final HttpServer server;

    Served(Path folder) {
        this(folder, TINY, null);
    }

    Served(Path folder, HttpLimits limits, @Nullable String token) {
        socket = folder.resolve("s.sock");
        server =
                HttpServer.start(
                        new HttpServerConfig(
                                Optional.of(
                                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                                Optional.of(new UnixSocket(socket)),
                                Optional.ofNullable(token)
                                        .map(value -> (Supplier<String>) () -> value),
                                Set.of("Box-1.local"),
                                limits),
                        this::routes);
    }

    HttpServer server() {
        return server;
    }

    RawClient client(String way) throws IOException {
        return new RawClient(
                way.equals("tcp")
                        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port())
                        : UnixDomainSocketAddress.of(socket));
    }

    private void routes(HttpRouting.Builder routing) {
        Routes.at("/ping")
                .get((request, response) -> Answers.json(request, response, 200, bytes("\"pong\"")))
                .addTo(routing);
        Routes.at("/body")
                .put(
                        (request, response) -> {
                            var body = RequestBody.bytes(request, 1 << 20);
                            Answers.json(request, response, 200, bytes("" + body.length));
                        })
                .post((request, response) -> Answers.json(request, response, 202, bytes("{}")))
                .addTo(routing);
        Routes.at("/small")
                .put(
                        (request, response) -> {
                            RequestBody.bytes(request, 10);
                            response.send();
                        })
                .addTo(routing);
        Routes.at("/held")
                .get(
                        (request, response) -> {
                            held.countDown();
                            let.await();
                            response.send();
                        })
                .addTo(routing);
        Routes.at("/large")
                .get((request, response) -> response.send(new byte[32 << 20]))
                .addTo(routing);
        Routes.at("/bug")
                .get(
                        (_, _) -> {
                            throw new IllegalStateException("secret");
                        })
                .addTo(routing);
        Routes.at("/fails/{reason}")
                .get(
                        (request, _) -> {
                            throw new CamspoolException(
                                    CamspoolException.Reason.valueOf(
                                            request.path().pathParameters().get("reason")),
                                    "why");
                        })
                .addTo(routing);
        Routes.at("/query")
                .get(
                        (request, response) -> {
                            var fields = Fields.ofQuery(request, "limit", "camera");
                            response.header(
                                    "X-Echo", request.query().first("camera").orElse("none"));
                            Answers.json(
                                    request,
                                    response,
                                    200,
                                    bytes("" + fields.number("limit", 1, 100).orElse(7L)));
                        })
                .addTo(routing);
        Routes.at("/items/{id}")
                .get((request, response) -> Answers.json(request, response, 200, bytes("{}")))
                .addTo(routing);
        Routes.at("/echo")
                .get(
                        (request, response) ->
                                response.header("X-Echo", request.query().get("v")).send())
                .addTo(routing);
        Routes.at("/stored")
                .get((request, response) -> Ranges.send(request, response, new Stored()))
                .addTo(routing);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static List<String> ways() {
        return List.of("tcp", "unix");
    }

    private static final class Stored implements Ranges.Content {
        @Override
        public long size() {
            return 10;
        }

        @Override
        public String etag() {
            return "\"abc\"";
        }

        @Override
        public String mediaType() {
            return "image/jpeg";
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(bytes("0123456789"));
        }
    }

    @Override
    public void close() {
        let.countDown();
        server.close();
    }
}
