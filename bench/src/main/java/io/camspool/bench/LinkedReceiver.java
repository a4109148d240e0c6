package io.camspool.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.camspool.sink.HttpAlerts;
import io.camspool.sink.HttpImages;
import io.camspool.sink.HttpSettings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/// A receiver that takes everything and keeps nothing, behind a link of so many bytes a second,
/// which all connections share.
final class LinkedReceiver implements AutoCloseable {
    private static final int STEP = 16 * 1024;
    private static final Pattern ID =
            Pattern.compile("\"specversion\":\"1.0\",\"id\":\"([^\"]+)\"");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final long bytesASecond;
    private final Consumer<String> arrived;
    private long free = System.nanoTime();

    /// @param bytesASecond 0: as many as come
    /// @param arrived gets the id of each item
    LinkedReceiver(long bytesASecond, Consumer<String> arrived) throws IOException {
        this.bytesASecond = bytesASecond;
        this.arrived = arrived;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    HttpSettings settings() {
        var base = "http://127.0.0.1:" + server.getAddress().getPort();
        return HttpSettings.of(
                HttpAlerts.to(base + "/alerts"), HttpImages.to(base + "/images/{key}"));
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = read(exchange);
            var path = exchange.getRequestURI().getPath();
            if (path.equals("/alerts")) {
                answer(exchange, 200, accepted(body));
            } else {
                arrived.accept(path.replaceAll(".*_|\\.[a-z]+$", ""));
                var hash = exchange.getRequestHeaders().getFirst("Camspool-Sha256");
                exchange.getResponseHeaders().set("ETag", '"' + hash + '"');
                answer(exchange, 201, "");
            }
        }
    }

    private byte[] read(HttpExchange exchange) throws IOException {
        var body = new ByteArrayOutputStream();
        var bytes = new byte[STEP];
        var in = exchange.getRequestBody();
        for (var read = in.read(bytes); read >= 0; read = in.read(bytes)) {
            pass(read);
            body.write(bytes, 0, read);
        }
        return body.toByteArray();
    }

    private void pass(int bytes) {
        if (bytesASecond == 0) {
            return;
        }
        Duration wait;
        synchronized (this) {
            var now = System.nanoTime();
            free = Math.max(free, now) + bytes * 1_000_000_000L / bytesASecond;
            wait = Duration.ofNanos(free - now);
        }
        try {
            Thread.sleep(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String accepted(byte[] packed) throws IOException {
        try (var gzip = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            var text = new String(gzip.readAllBytes(), StandardCharsets.UTF_8);
            var ids = ID.matcher(text).results().map(result -> result.group(1)).toList();
            ids.forEach(arrived);
            return ids.stream()
                    .map(id -> '"' + id + '"')
                    .collect(Collectors.joining(",", "{\"accepted\":[", "]}"));
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
