package io.camspool.sink;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLContext;

/// A small receiver of alerts (`/alerts`) and images (`/images/KEY`), as docs/http-sink.md
/// describes one. It keeps what it takes by key, takes a repeat as such, and can be told to answer
/// otherwise. Thread-safe.
public final class Receiver implements AutoCloseable {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyyMMdd");

    private final Map<String, byte[]> held = new LinkedHashMap<>();
    private final List<Request> requests = new ArrayList<>();
    private final ArrayDeque<Function<Request, Answer>> script = new ArrayDeque<>();
    private final Optional<SSLContext> tls;
    private final boolean asksForCertificate;
    private Function<Request, Answer> always = this::take;
    private final Object turning = new Object();
    private HttpServer server;
    private ExecutorService threads;
    private final int port;

    /// What came in.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Request(
            String method, URI address, Map<String, List<String>> headers, byte[] body) {
        /// The first of this name; empty: none.
        public String header(String name) {
            return headers.entrySet().stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(name))
                    .map(header -> header.getValue().getFirst())
                    .findFirst()
                    .orElse("");
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /// What goes out.
    ///
    /// @param isLost the connection ends instead
    public record Answer(int status, Map<String, String> headers, String body, boolean isLost) {
        public static Answer of(int status) {
            return of(status, "");
        }

        public static Answer of(int status, String body) {
            return new Answer(status, Map.of(), body, false);
        }

        public Answer with(String header, String value) {
            var more = new LinkedHashMap<>(headers);
            more.put(header, value);
            return new Answer(status, more, body, isLost);
        }

        public Answer lost() {
            return new Answer(status, headers, body, true);
        }
    }

    public Receiver() {
        this(Optional.empty(), false);
    }

    /// @param asksForCertificate whether only a client with one may speak
    public Receiver(Optional<SSLContext> tls, boolean asksForCertificate) {
        this.tls = tls;
        this.asksForCertificate = asksForCertificate;
        this.threads = Executors.newVirtualThreadPerTaskExecutor();
        this.server = started(0);
        this.port = server.getAddress().getPort();
    }

    private HttpServer started(int at) {
        try {
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), at);
            var made = tls.isPresent() ? secured(address) : HttpServer.create(address, 0);
            made.createContext("/", this::handle);
            made.setExecutor(threads);
            made.start();
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpServer secured(InetSocketAddress address) throws IOException {
        var made = HttpsServer.create(address, 0);
        made.setHttpsConfigurator(
                new HttpsConfigurator(tls.orElseThrow()) {
                    @Override
                    public void configure(HttpsParameters parameters) {
                        var asked = getSSLContext().getDefaultSSLParameters();
                        asked.setNeedClientAuth(asksForCertificate);
                        parameters.setSSLParameters(asked);
                    }
                });
        return made;
    }

    /// Without a slash at its end.
    public String url() {
        return (tls.isPresent() ? "https" : "http") + "://127.0.0.1:" + port;
    }

    /// Answers the next requests so, one each, then as always.
    public synchronized void next(Answer... answers) {
        for (var answer : answers) {
            script.add(_ -> answer);
        }
    }

    /// Takes the next request, and its answer gets lost.
    public synchronized void loseNextAnswer() {
        script.add(request -> take(request).lost());
    }

    /// Answers all so from now on.
    public synchronized void always(Function<Request, Answer> answers) {
        always = answers;
    }

    /// Also from a thread that is sending to it: whoever has it come back meanwhile waits.
    public void goAway() {
        synchronized (turning) {
            server.stop(0);
            threads.shutdownNow();
        }
    }

    public void comeBack() {
        synchronized (turning) {
            threads = Executors.newVirtualThreadPerTaskExecutor();
            server = started(port);
        }
    }

    public synchronized Map<String, byte[]> held() {
        return new LinkedHashMap<>(held);
    }

    public synchronized List<Request> requests() {
        return List.copyOf(requests);
    }

    /// What has come in since the last call, which is not kept any more.
    public synchronized List<Request> takeRequests() {
        var taken = List.copyOf(requests);
        requests.clear();
        return taken;
    }

    /// What a request carries, by key.
    public static Map<String, byte[]> carried(Request request) {
        var path = request.address().getPath();
        var carried = new LinkedHashMap<String, byte[]>();
        if (path.startsWith("/images/")) {
            carried.put(path.substring("/images/".length()), request.body());
        } else if (path.equals("/alerts")) {
            events(unpacked(request)).forEach(event -> carried.put(event.key, event.bytes));
        }
        return carried;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            var declared = exchange.getRequestHeaders().getFirst("Content-Length");
            if (declared != null && Long.parseLong(declared) != body.length) {
                return; // cut off
            }
            var request =
                    new Request(
                            exchange.getRequestMethod(),
                            exchange.getRequestURI(),
                            Map.copyOf(exchange.getRequestHeaders()),
                            body);
            var answer = answer(request);
            if (answer.isLost()) {
                return;
            }
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            var bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private Answer answer(Request request) {
        Function<Request, Answer> answers;
        synchronized (this) {
            requests.add(request);
            var next = script.poll();
            answers = next == null ? always : next;
        }
        return answers.apply(request);
    }

    /// What a receiver does that keeps to the rules.
    public synchronized Answer take(Request request) {
        var path = request.address().getPath();
        if (request.method().equals("HEAD")) {
            return Answer.of(200);
        }
        if (path.equals("/alerts")) {
            return takeAlerts(request);
        }
        if (!path.startsWith("/images/")) {
            return Answer.of(404);
        }
        var there = held.putIfAbsent(path.substring("/images/".length()), request.body());
        if (there == null) {
            return Answer.of(201).with("ETag", '"' + request.header("Camspool-Sha256") + '"');
        }
        return Arrays.equals(there, request.body())
                ? Answer.of(200).with("ETag", '"' + request.header("Camspool-Sha256") + '"')
                : Answer.of(409, "another object is there");
    }

    private Answer takeAlerts(Request request) {
        var accepted = new ArrayList<String>();
        var refused = new ArrayList<String>();
        for (var event : events(unpacked(request))) {
            var there = held.putIfAbsent(event.key, event.bytes);
            if (there == null || Arrays.equals(there, event.bytes)) {
                accepted.add('"' + event.id + '"');
            } else {
                refused.add("{\"id\":\"" + event.id + "\",\"reason\":\"foreign object\"}");
            }
        }
        return Answer.of(
                200,
                "{\"accepted\":["
                        + String.join(",", accepted)
                        + "],\"refused\":["
                        + String.join(",", refused)
                        + "]}");
    }

    public static byte[] unpacked(Request request) {
        if (!request.header("Content-Encoding").equals("gzip")) {
            return request.body();
        }
        try (var gzip = new GZIPInputStream(new ByteArrayInputStream(request.body()))) {
            return gzip.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Event(String id, String key, byte[] bytes) {}

    /// The events of a batch, byte for byte.
    private static List<Event> events(byte[] batch) {
        var events = new ArrayList<Event>();
        try (var parser = new JsonFactory().createParser(batch)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                var from = (int) parser.currentTokenLocation().getByteOffset();
                var attributes = new LinkedHashMap<String, String>();
                for (var name = parser.nextFieldName();
                        name != null;
                        name = parser.nextFieldName()) {
                    parser.nextToken();
                    attributes.put(name, String.valueOf(parser.getText()));
                    parser.skipChildren();
                }
                var to = (int) parser.currentLocation().getByteOffset();
                var id = attributes.getOrDefault("id", "");
                var date =
                        DATE.format(
                                Instant.parse(attributes.getOrDefault("time", ""))
                                        .atOffset(ZoneOffset.UTC));
                events.add(
                        new Event(
                                id,
                                "%s/alerts/%s/%s.json"
                                        .formatted(attributes.get("source"), date, id),
                                Arrays.copyOfRange(batch, from, to)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return events;
    }

    @Override
    public void close() {
        goAway();
    }
}
