package io.camspool.internal.sink.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.internal.disk.Disk;
import io.camspool.sink.AnswerRule;
import io.camspool.sink.Batch;
import io.camspool.sink.CountedDelivery;
import io.camspool.sink.HttpAccess;
import io.camspool.sink.HttpConnection;
import io.camspool.sink.HttpImages;
import io.camspool.sink.HttpSettings;
import io.camspool.sink.HttpSignature;
import io.camspool.sink.Outcome;
import io.camspool.sink.Receiver;
import io.camspool.sink.Receiver.Answer;
import io.camspool.sink.Secret;
import io.camspool.sink.SinkContract.Sent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who asks, and how it is signed.
final class HttpAuthTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00.250Z");

    @TempDir Path folder;
    private final Receiver receiver = new Receiver();
    private final Sent capture = Deliveries.capture("hello".getBytes(StandardCharsets.UTF_8));

    @AfterEach
    void stop() {
        receiver.close();
    }

    private HttpSettings settings() {
        return HttpSettings.of(HttpImages.to(receiver.url() + "/images/{key}"));
    }

    private static HttpSink sink(HttpSettings settings) {
        return new HttpSink(settings, Disk.real(), InstantSource.fixed(NOON), () -> "once");
    }

    private Outcome send(HttpSettings settings) {
        try (var sink = sink(settings)) {
            return sink.send(new Batch(List.of(capture))).getFirst();
        }
    }

    private static void assertDelivered(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void aBearerTokenAndAPassword() {
        assertDelivered(send(settings().withAccess(new HttpAccess.Bearer(new Secret("t1")))));
        assertDelivered(
                send(settings().withAccess(new HttpAccess.Basic("box", new Secret("pä:ss")))));

        assertThat(receiver.requests())
                .extracting(request -> request.header("Authorization"))
                .containsExactly("Bearer t1", "Basic Ym94OnDDpDpzcw==");
    }

    @Test
    void aTokenFileIsReadAgainWhenItsTokenIsRefused() throws Exception {
        var file = Files.writeString(folder.resolve("token"), "old\n");
        receiver.always(
                request ->
                        request.header("Authorization").equals("Bearer new")
                                ? receiver.take(request)
                                : Answer.of(401));
        try (var sink = sink(settings().withAccess(new HttpAccess.BearerFile(file)))) {
            var batch = new Batch(List.of(capture));
            assertThat(sink.send(batch).getFirst()).isInstanceOf(Outcome.SinkFault.class);
            assertThat(receiver.requests()).hasSize(1);
            Files.writeString(file, "new\n");
            assertDelivered(sink.send(batch).getFirst());
        }
        assertThat(receiver.requests()).hasSize(3);
    }

    @Test
    void aMissingTokenFileIsAFaultOfTheSink() {
        assertThat(send(settings().withAccess(new HttpAccess.BearerFile(folder.resolve("none")))))
                .isInstanceOf(Outcome.SinkFault.class);
        assertThat(receiver.requests()).isEmpty();
    }

    @Test
    void theBodyIsSigned() {
        var secret = new Secret("key");
        assertDelivered(
                send(
                        settings()
                                .withSignature(
                                        HttpSignature.ofBody("X-Sign", secret)
                                                .withPrefix("sha256="))));
        assertDelivered(
                send(
                        settings()
                                .withHeader("X-Time", "${timestampMillis}")
                                .withHeader("X-Nonce", "${nonce}")
                                .withSignature(
                                        HttpSignature.ofBody("X-Sign", secret)
                                                .withAlgorithm(HttpSignature.Algorithm.MD5)
                                                .withEncoding(HttpSignature.Encoding.BASE64)
                                                .withTemplate(
                                                        "${body}|${timestamp}|${nonce}|${secret}"))));
        var requests = receiver.requests();
        // printf hello | openssl dgst -sha256 -hmac key
        assertThat(requests.get(0).header("X-Sign"))
                .isEqualTo(
                        "sha256=9307b3b915efb5171ff14d8cb55fbcc798c6c0ef1456d66ded1a6aa723a58b7b");
        // printf 'hello|1795435200|once|key' | openssl dgst -md5 -binary | base64
        assertThat(requests.get(1).header("X-Sign")).isEqualTo("3F+OgkMZh7tFelJTXiAuqw==");
        assertThat(requests.get(1).header("X-Time")).isEqualTo("1795435200250");
        assertThat(requests.get(1).header("X-Nonce")).isEqualTo("once");
    }

    @Test
    void whatIsReadForASignatureIsNotSent() {
        var image = new CountedDelivery(capture);
        try (var sink =
                sink(settings().withSignature(HttpSignature.ofBody("X-Sign", new Secret("key"))))) {
            assertDelivered(sink.send(new Batch(List.of(image))).getFirst());
        }
        assertThat(image.sent()).hasValue(1);
    }

    private HttpAccess.SignIn signIn() {
        return HttpAccess.SignIn.at(
                receiver.url() + "/login", "box \"1\"", new Secret("hush-hush"), "/data/token");
    }

    @Test
    void aSignInIsMadeOnceForAllAndAgainWhenItsTokenIsRefused() throws Exception {
        var threads = 8;
        var signedIn = new AtomicInteger();
        var refused = new CountDownLatch(threads);
        receiver.always(
                request -> {
                    if (request.address().getPath().equals("/login")) {
                        return Answer.of(
                                200,
                                "{\"data\":{\"token\":\"t%d\"}}"
                                        .formatted(signedIn.incrementAndGet()));
                    }
                    if (request.header("X-Token").equals("t1")) {
                        refused.countDown();
                        try {
                            refused.await();
                        } catch (InterruptedException _) {
                            Thread.currentThread().interrupt();
                        }
                        return Answer.of(200, "{\"code\":401}");
                    }
                    return receiver.take(request);
                });
        var access =
                signIn().withHeader("X-Token", "${token}")
                        .withExpired(AnswerRule.of("2xx", "/code", "401"));
        try (var sink = sink(settings().withAccess(access));
                var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var batch = new Batch(List.of(capture));
            var sent =
                    IntStream.range(0, threads)
                            .mapToObj(_ -> pool.submit(() -> sink.send(batch)))
                            .toList();
            for (var one : sent) {
                assertDelivered(one.get().getFirst());
            }
        }
        assertThat(signedIn).hasValue(2);
        assertThat(receiver.requests().getFirst().text())
                .isEqualTo("{\"username\":\"box \\\"1\\\"\",\"password\":\"hush-hush\"}");
    }

    @Test
    void aSignInThatFailsIsAFaultThatTellsNoSecret() {
        receiver.always(_ -> Answer.of(403, "hush-hush"));
        assertThat(send(settings().withAccess(signIn())))
                .isEqualTo(new Outcome.SinkFault("sign-in: answered 403"));
        receiver.always(_ -> Answer.of(429).with("Retry-After", "60"));
        assertThat(send(settings().withAccess(signIn())))
                .isEqualTo(
                        new Outcome.SinkFault(
                                "sign-in: answered 429", Optional.of(Duration.ofMinutes(1))));
        receiver.always(_ -> Answer.of(200, "{\"data\":{}}"));
        assertThat(send(settings().withAccess(signIn())))
                .isEqualTo(
                        new Outcome.SinkFault(
                                "sign-in: answered 200 without a token at /data/token"));
    }

    @Test
    void aNewTokenThatIsRefusedTooIsAFault() {
        receiver.always(
                request ->
                        request.address().getPath().equals("/login")
                                ? Answer.of(200, "{\"data\":{\"token\":\"t\"}}")
                                : Answer.of(200, "{\"code\":401}"));
        assertThat(
                        send(
                                settings()
                                        .withAccess(
                                                signIn().withExpired(
                                                                AnswerRule.of(
                                                                        "2xx", "/code", "401")))))
                .isInstanceOf(Outcome.SinkFault.class);
    }

    @Test
    void whatIsShownHoldsNoSecret() {
        var secrets =
                HttpSettings.of(
                                HttpImages.to(
                                        receiver.url() + "/images/{key}?access_token={token}&v=1"))
                        .withAccess(
                                HttpAccess.SignIn.at(
                                        receiver.url() + "/login?api_key=hush-hush",
                                        "box",
                                        new Secret("hush-hush"),
                                        "/data/token"))
                        .withHeader("X-Api-Key", "hush-hush")
                        .withSignature(HttpSignature.ofBody("X-Sign", new Secret("hush-hush")));
        try (var sink = sink(secrets)) {
            assertThat(sink.describe(capture))
                    .containsExactly(
                            """
                            POST %s/login?api_key=***
                            Content-Type: application/json
                            Content-Length: 35

                            {"username":"box","password":"***"}"""
                                    .formatted(receiver.url()),
                            """
                            PUT %s/images/box-1~abc123/20261123/gate-1_c1.jpg?access_token=***&v=1
                            Content-Type: image/jpeg
                            Idempotency-Key: 81e5ed93165e79b8395ada5246d7b844922a6a23ddd57b280dcbd67a799b5de0
                            Camspool-Sha256: %s
                            Camspool-Camera: gate-1
                            Camspool-Time: 2026-11-23T12:00:00.250Z
                            Camspool-Alert: alert-1
                            Camspool-Key: box-1~abc123/20261123/gate-1_c1.jpg
                            Authorization: Bearer ***
                            X-Api-Key: ***
                            X-Sign: 5485a3a5f583e000bbcb6f251cf5126b210608be87eb4735b76557cf58ed9087
                            Content-Length: 5

                            hello"""
                                    .formatted(receiver.url(), "ab".repeat(32)));
        }
        assertThat(receiver.requests()).isEmpty();
        assertThat(secrets.toString() + secrets.access() + secrets.signature())
                .doesNotContain("hush-hush");
    }

    @Test
    void aTokenThatNoHeaderMayHoldIsAFaultThatDoesNotTellIt() {
        assertThat(send(settings().withAccess(new HttpAccess.Bearer(new Secret("hush\nhush")))))
                .isEqualTo(
                        new Outcome.SinkFault(
                                "the header Authorization holds letters that no header may"));
    }

    @Test
    void ownAuthorityAndClientCertificate() throws Exception {
        var server = Keys.make(folder, "server");
        var client = Keys.make(folder, "client");
        try (var secured = new Receiver(Optional.of(server.trusting(client)), true)) {
            var settings = HttpSettings.of(HttpImages.to(secured.url() + "/images/{key}"));
            assertThat(send(settings))
                    .isInstanceOfSatisfying(
                            Outcome.SinkFault.class,
                            fault -> assertThat(fault.cause()).startsWith("TLS: "));

            var trusting = HttpConnection.DEFAULTS.withCa(server.certificate());
            assertThat(send(settings.withConnection(trusting)))
                    .isNotInstanceOf(Outcome.Delivered.class);
            assertThat(secured.requests()).isEmpty();

            var shown =
                    new HttpConnection.ClientCertificate(
                            client.store(), Optional.of(new Secret(Keys.PASSWORD)));
            assertDelivered(send(settings.withConnection(trusting.withCertificate(shown))));
            var pem = new HttpConnection.ClientCertificate(client.pem(), Optional.empty());
            assertDelivered(send(settings.withConnection(trusting.withCertificate(pem))));

            assertThat(send(settings.withConnection(trusting.withCa(folder.resolve("none")))))
                    .isEqualTo(
                            new Outcome.SinkFault(
                                    "TLS: " + folder.resolve("none") + ": no such file or folder"));
        }
    }

    @Test
    void aProxyIsAskedWithItsPassword() {
        var proxy =
                new HttpConnection.Proxy(
                        "127.0.0.1",
                        URI.create(receiver.url()).getPort(),
                        Optional.of(new HttpAccess.Basic("box", new Secret("pass"))));
        var settings =
                HttpSettings.of(HttpImages.to("http://behind.invalid/images/{key}"))
                        .withConnection(HttpConnection.DEFAULTS.withProxy(proxy));
        assertDelivered(send(settings));
        var request = receiver.requests().getFirst();
        assertThat(request.address().getHost()).isEqualTo("behind.invalid");
        assertThat(request.header("Proxy-Authorization")).isEqualTo("Basic Ym94OnBhc3M=");
    }

    @Test
    void aProxyThatOpensNoTunnelIsAFaultOfTheSink() throws Exception {
        try (var listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var refusal = pool.submit(() -> refuseTunnel(listening));
            var proxy =
                    new HttpConnection.Proxy(
                            "127.0.0.1", listening.getLocalPort(), Optional.empty());
            assertThat(
                            send(
                                    HttpSettings.of(HttpImages.to("https://behind.invalid/{key}"))
                                            .withConnection(
                                                    HttpConnection.DEFAULTS.withProxy(proxy))))
                    .isInstanceOf(Outcome.SinkFault.class);
            assertThat(refusal.get()).isEqualTo("CONNECT behind.invalid:443 HTTP/1.1");
        }
    }

    /// What it was asked for.
    private static String refuseTunnel(ServerSocket listening) throws IOException {
        try (var connection = listening.accept()) {
            var in =
                    new BufferedReader(
                            new InputStreamReader(
                                    connection.getInputStream(), StandardCharsets.US_ASCII));
            var asked = String.valueOf(in.readLine());
            for (var line = in.readLine(); line != null && !line.isEmpty(); ) {
                line = in.readLine();
            }
            connection
                    .getOutputStream()
                    .write(
                            "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            return asked;
        }
    }
}
