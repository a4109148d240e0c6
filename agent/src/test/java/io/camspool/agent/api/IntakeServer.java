package io.camspool.agent.api;

import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.agent.http.HttpServer;
import io.camspool.agent.http.HttpServerConfig;
import io.camspool.agent.http.Routes;
import io.camspool.agent.json.ReceiptJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/// A spool in a folder, and a server that takes in for it; holds each answer against the contract.
final class IntakeServer implements AutoCloseable {
    final Camspool spool;
    private final IntakeSettings settings;
    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    IntakeServer(Path data) {
        this(CamspoolConfig.in(data), UnaryOperator.identity());
    }

    IntakeServer(CamspoolConfig config, UnaryOperator<IntakeSettings> settings) {
        this(Camspool.open(config), settings.apply(IntakeSettings.of(config)));
    }

    IntakeServer(Camspool spool, IntakeSettings settings) {
        this.spool = spool;
        this.settings = settings;
        var intake = Intake.open(spool, settings, new ReceiptJson(Path::toString));
        server =
                HttpServer.start(
                        HttpServerConfig.loopback(0),
                        routing -> {
                            Routes.at("/v1/captures").post(intake.captures()::save).addTo(routing);
                            Routes.at("/v1/alerts").post(intake.alerts()::save).addTo(routing);
                        });
    }

    int port() {
        return server.port();
    }

    /// @param headers names and values in turn
    HttpResponse<String> post(String path, byte[] body, String... headers) {
        return post(path, HttpRequest.BodyPublishers.ofByteArray(body), headers);
    }

    HttpResponse<String> post(String path, HttpRequest.BodyPublisher body, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(server.url() + path)).POST(body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return OpenApiCheck.checked(
                    client.send(request.build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Files that have come and were not let go.
    List<Path> uploads() throws IOException {
        try (var files = Files.list(settings.uploads())) {
            return files.toList();
        }
    }

    @Override
    public void close() {
        client.close();
        server.close();
        spool.close();
    }
}
