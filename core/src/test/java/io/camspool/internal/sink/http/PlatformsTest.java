package io.camspool.internal.sink.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.internal.disk.Disk;
import io.camspool.sink.AnswerRule;
import io.camspool.sink.Batch;
import io.camspool.sink.Delivery;
import io.camspool.sink.HttpAccess;
import io.camspool.sink.HttpAlerts;
import io.camspool.sink.HttpAnswers;
import io.camspool.sink.HttpImages;
import io.camspool.sink.HttpSettings;
import io.camspool.sink.HttpSignature;
import io.camspool.sink.Outcome;
import io.camspool.sink.Receiver;
import io.camspool.sink.Receiver.Answer;
import io.camspool.sink.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Three shapes that ordinary platforms want, by settings alone.
final class PlatformsTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final HttpAnswers BY_CODE =
            HttpAnswers.DEFAULTS
                    .withSuccess(AnswerRule.of("2xx", "/code", "0"))
                    .withRefused(AnswerRule.of("2xx", "/code", "1001"))
                    .withRetry(AnswerRule.of("2xx", "/code", "500"));

    private final Receiver receiver = new Receiver();

    @AfterEach
    void stop() {
        receiver.close();
    }

    private static Outcome send(HttpSettings settings, Delivery delivery) {
        try (var sink =
                new HttpSink(settings, Disk.real(), InstantSource.fixed(NOON), () -> "n1")) {
            return sink.send(new Batch(List.of(delivery))).getFirst();
        }
    }

    @Test
    void jsonWithTheImageInBase64AndACode() {
        // More than one chunk, and not a multiple of three.
        var image = new byte[100_000];
        new SplittableRandom(5).nextBytes(image);
        var settings =
                HttpSettings.of(
                                HttpImages.to(receiver.url() + "/api/upload")
                                        .withForm(
                                                new HttpImages.Json(
                                                        "{\"device\":${camera},\"at\":${timeMillis},\"pic\":\"data:image/jpeg;base64,${image:base64}\",\"w\":${width}}")))
                        .withAnswers(BY_CODE);
        var capture = Deliveries.capture(image);

        receiver.next(Answer.of(200, "{\"code\":0,\"msg\":\"ok\"}"));
        assertThat(send(settings, capture)).isInstanceOf(Outcome.Delivered.class);
        receiver.next(Answer.of(200, "{\"code\":1001,\"msg\":\"no such device\"}"));
        assertThat(send(settings, capture)).isInstanceOf(Outcome.ItemRefused.class);
        receiver.next(Answer.of(200, "{\"code\":500}"));
        assertThat(send(settings, capture)).isInstanceOf(Outcome.SinkFault.class);
        receiver.next(Answer.of(200, "{\"msg\":\"ok\"}"));
        assertThat(send(settings, capture)).isInstanceOf(Outcome.SinkFault.class);

        var request = receiver.requests().getFirst();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.header("Content-Type")).isEqualTo("application/json");
        assertThat(request.text())
                .isEqualTo(
                        "{\"device\":\"gate-1\",\"at\":1795435200250,\"pic\":\"data:image/jpeg;base64,%s\",\"w\":64}"
                                .formatted(Base64.getEncoder().encodeToString(image)));
    }

    @Test
    void multipartWithNamedFields() {
        receiver.always(_ -> Answer.of(200, "{\"success\":true}"));
        var settings =
                HttpSettings.of(
                                HttpImages.to(receiver.url() + "/files?camera={camera}")
                                        .withForm(
                                                new HttpImages.Multipart(
                                                        "file",
                                                        Map.of(
                                                                "cameraCode",
                                                                "${camera}",
                                                                "ts",
                                                                "${timeMillis}"))))
                        .withAnswers(
                                HttpAnswers.DEFAULTS.withSuccess(
                                        AnswerRule.of("200", "/success", "true")));
        var content = "\u0000\r\n--x".getBytes(StandardCharsets.UTF_8);

        assertThat(send(settings, Deliveries.capture(content)))
                .isInstanceOf(Outcome.Delivered.class);

        var request = receiver.requests().getFirst();
        var boundary = "camspool-" + "ab".repeat(32);
        assertThat(request.header("Content-Type"))
                .isEqualTo("multipart/form-data; boundary=" + boundary);
        assertThat(request.text())
                .isEqualTo(
                        String.join(
                                "\r\n",
                                "--" + boundary,
                                "Content-Disposition: form-data; name=\"cameraCode\"",
                                "",
                                "gate-1",
                                "--" + boundary,
                                "Content-Disposition: form-data; name=\"ts\"",
                                "",
                                "1795435200250",
                                "--" + boundary,
                                "Content-Disposition: form-data; name=\"file\"; filename=\"gate-1_c1.jpg\"",
                                "Content-Type: image/jpeg",
                                "",
                                "\u0000\r\n--x",
                                "--" + boundary + "--",
                                ""));
    }

    @Test
    void signInThenSignedJsonWithAddresses() {
        receiver.next(
                Answer.of(200, "{\"data\":{\"accessToken\":\"t1\"}}"),
                Answer.of(200, "{\"code\":401}"),
                Answer.of(200, "{\"data\":{\"accessToken\":\"t2\"}}"),
                Answer.of(200, "{\"code\":0}"));
        var settings =
                HttpSettings.of(
                                HttpAlerts.to(receiver.url() + "/event/{id}")
                                        .withBody(
                                                "{\"kind\":${json:/kind},\"camera\":${camera},\"pics\":[${captures[0].url}],\"part\":${incomplete}}"))
                        .withAnswers(BY_CODE)
                        .withAccess(
                                HttpAccess.SignIn.at(
                                                receiver.url() + "/login",
                                                "box-1",
                                                new Secret("hush"),
                                                "/data/accessToken")
                                        .withBody("{\"appId\":${username},\"appKey\":${password}}")
                                        .withHeader("X-Access-Token", "${token}")
                                        .withExpired(AnswerRule.of("2xx", "/code", "401")))
                        .withHeader("X-Timestamp", "${timestamp}")
                        .withHeader("X-Nonce", "${nonce}")
                        .withSignature(
                                HttpSignature.ofBody("X-Sign", new Secret("key"))
                                        .withTemplate("${timestamp}${nonce}${token}${body}"));

        assertThat(send(settings, Deliveries.alert("{\"kind\":\"人\"}")))
                .isInstanceOf(Outcome.Delivered.class);

        var requests = receiver.requests();
        assertThat(requests)
                .extracting(request -> request.address().getPath())
                .containsExactly("/login", "/event/a1", "/login", "/event/a1");
        assertThat(requests.getFirst().text())
                .isEqualTo("{\"appId\":\"box-1\",\"appKey\":\"hush\"}");
        var sent = requests.getLast();
        assertThat(sent.text())
                .isEqualTo(
                        "{\"kind\":\"人\",\"camera\":\"门 \\\"1\\\"\",\"pics\":[\"https://img.example/c1.jpg\"],\"part\":true}");
        assertThat(sent.header("X-Access-Token")).isEqualTo("t2");
        assertThat(sent.header("X-Timestamp")).isEqualTo("1795435200");
        assertThat(sent.header("X-Nonce")).isEqualTo("n1");
        // printf '1795435200n1t2%s' BODY | openssl dgst -sha256 -hmac key
        assertThat(sent.header("X-Sign"))
                .isEqualTo("4a75cfa031ec27f92c9f208f5de14bd231d3669d015ad60b56d22017e0ffe480");
    }
}
