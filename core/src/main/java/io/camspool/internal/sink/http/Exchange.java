package io.camspool.internal.sink.http;

import io.camspool.internal.disk.Disk;
import io.camspool.sink.HttpConnection;
import io.camspool.sink.Outcome;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Sends a request and waits for its answer, within the connection's timeouts. Thread-safe.
///
/// Redirects are never followed: what answers for another address is no proof. The client's own
/// timeout counts the upload in, which may rightly take an hour; so the caller's thread looks after
/// it instead.
final class Exchange implements AutoCloseable {
    private static final long MIN_PROGRESS = 1_000;
    private static final Duration LONGEST_LOOK = Duration.ofMillis(500);

    private final HttpConnection settings;
    private final Disk disk;
    private @Nullable HttpClient client;

    Exchange(HttpConnection settings, Disk disk) {
        this.settings = settings;
        this.disk = disk;
    }

    Reply send(Request request) throws FaultException, InterruptedException {
        try (var upload = new Upload(request.body())) {
            var future = client().sendAsync(built(request, upload), _ -> new BoundedAnswer());
            try {
                var answer = await(future, upload);
                return new Reply(answer.statusCode(), answer.headers(), answer.body());
            } catch (ExecutionException e) {
                var source = upload.sourceFailure();
                throw source != null ? Upload.unreadable(source) : fault(e.getCause());
            } finally {
                future.cancel(true);
            }
        }
    }

    private HttpRequest built(Request request, Upload upload) throws FaultException {
        var builder = HttpRequest.newBuilder(URI.create(request.url()));
        builder.method(request.method(), upload.publisher());
        for (var header : request.headers()) {
            if (!header.value().chars().allMatch(letter -> letter >= ' ' && letter < 127)) {
                throw FaultException.ofSink(
                        "the header " + header.name() + " holds letters that no header may");
            }
            builder.header(header.name(), header.value());
        }
        // The tunnel of an https address is opened with it too.
        settings.proxy()
                .flatMap(HttpConnection.Proxy::access)
                .ifPresent(
                        access ->
                                builder.header(
                                        "Proxy-Authorization",
                                        basic(access.user(), access.password().value())));
        return builder.build();
    }

    static String basic(String user, String password) {
        var pair = user + ":" + password;
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private HttpResponse<byte[]> await(
            CompletableFuture<HttpResponse<byte[]>> future, Upload upload)
            throws FaultException, InterruptedException, ExecutionException {
        var progressed = System.nanoTime();
        var taken = 0L;
        var finished = false;
        while (true) {
            try {
                return future.get(look().toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException _) {
                // Not yet.
            }
            var now = System.nanoTime();
            if (upload.taken() - taken >= MIN_PROGRESS || upload.isFinished() != finished) {
                progressed = now;
                taken = upload.taken();
                finished = upload.isFinished();
            }
            var limit = finished ? settings.answerTimeout() : settings.stallTimeout();
            if (now - progressed >= limit.toNanos()) {
                throw FaultException.ofNetwork(
                        (finished ? "no answer" : "less than 1 kB got through")
                                + " in "
                                + inWords(limit));
            }
        }
    }

    private Duration look() {
        var shorter =
                settings.answerTimeout().compareTo(settings.stallTimeout()) < 0
                        ? settings.answerTimeout()
                        : settings.stallTimeout();
        var quarter = shorter.dividedBy(4);
        return quarter.compareTo(LONGEST_LOOK) < 0 ? quarter : LONGEST_LOOK;
    }

    private static String inWords(Duration limit) {
        return limit.toMillis() % 1_000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
    }

    private FaultException fault(@Nullable Throwable failure) {
        var words = words(failure);
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException && !isCutOff(cause)) {
                forgetClient();
                return new FaultException(new Outcome.SinkFault("TLS: " + words));
            }
        }
        return words.startsWith("Tunnel failed")
                ? FaultException.ofSink("the proxy: " + words)
                : FaultException.ofNetwork(words);
    }

    /// Whether a handshake ended because the connection did.
    private static boolean isCutOff(Throwable failure) {
        for (var cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof EOFException
                    || cause instanceof SocketException
                    || cause instanceof ClosedChannelException) {
                return true;
            }
        }
        return String.valueOf(failure.getMessage()).contains("terminated the handshake");
    }

    private static String words(@Nullable Throwable failure) {
        var deepest = "no answer";
        var isRefused = false;
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return "unknown host";
            }
            var message = cause.getMessage();
            isRefused |= cause instanceof ConnectException && message == null;
            deepest = message == null ? cause.getClass().getSimpleName() : message;
            if (cause instanceof IOException && message != null && cause.getCause() == null) {
                return message;
            }
        }
        return isRefused ? "connection refused" : deepest;
    }

    private synchronized HttpClient client() throws FaultException {
        if (client == null) {
            var builder =
                    HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .followRedirects(HttpClient.Redirect.NEVER)
                            .connectTimeout(settings.connectTimeout());
            settings.proxy()
                    .ifPresent(
                            proxy ->
                                    builder.proxy(
                                            ProxySelector.of(
                                                    InetSocketAddress.createUnresolved(
                                                            proxy.host(), proxy.port()))));
            if (settings.ca().isPresent() || settings.certificate().isPresent()) {
                builder.sslContext(Tls.context(settings, disk));
            }
            client = builder.build();
        }
        return client;
    }

    /// Certificates may be replaced on the disk: the next request reads them again.
    private synchronized void forgetClient() {
        if (client != null) {
            client.shutdown();
            client = null;
        }
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.shutdownNow();
            client = null;
        }
    }
}
