package io.camspool.internal.sink.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.ItemKind;
import io.camspool.sink.Batch;
import io.camspool.sink.Delivery;
import io.camspool.sink.HttpAlerts;
import io.camspool.sink.HttpConnection;
import io.camspool.sink.HttpImages;
import io.camspool.sink.HttpSettings;
import io.camspool.sink.Outcome;
import io.camspool.sink.Receiver;
import io.camspool.sink.Receiver.Answer;
import io.camspool.sink.Sink;
import io.camspool.sink.SinkContract;
import io.camspool.sink.Sinks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HttpSinkTest extends SinkContract {
    private final Receiver receiver = new Receiver();

    @AfterEach
    void stop() {
        receiver.close();
    }

    private HttpSettings settings() {
        return HttpSettings.of(
                        HttpAlerts.to(receiver.url() + "/alerts"),
                        HttpImages.to(receiver.url() + "/images/{key}"))
                .withProbeUrl(receiver.url() + "/health");
    }

    @Override
    protected Sink sink() {
        return Sinks.http(settings());
    }

    @Override
    protected Map<String, byte[]> held() {
        return receiver.held();
    }

    @Override
    protected void cutOff() {
        receiver.goAway();
    }

    @Override
    protected void restore() {
        receiver.comeBack();
    }

    private static Batch batch(Sent... deliveries) {
        return new Batch(List.of(deliveries));
    }

    private static Batch alerts(int count) {
        return new Batch(
                IntStream.rangeClosed(1, count)
                        .<Delivery>mapToObj(i -> alert(i, "{\"n\":" + i + "}"))
                        .toList());
    }

    @Test
    void anImageComesWithItsSizeTypeAndOrigin() {
        var capture = capture(1, new byte[] {1, 2, 3});
        try (var sink = sink()) {
            assertThat(sink.send(batch(capture)))
                    .containsExactly(
                            new Outcome.Delivered(
                                    "answered 201, ETag \"%s\""
                                            .formatted(capture.item().sha256())));
        }
        var request = receiver.requests().getFirst();
        assertThat(request.method()).isEqualTo("PUT");
        assertThat(request.header("Content-Length")).isEqualTo("3");
        assertThat(request.header("Content-Type")).isEqualTo("image/jpeg");
        assertThat(request.header("Idempotency-Key")).matches("[0-9a-f]{64}");
        assertThat(request.header("Camspool-Sha256")).isEqualTo(capture.item().sha256());
        assertThat(request.header("Camspool-Camera")).isEqualTo("gate-1");
        assertThat(request.header("Camspool-Time")).isEqualTo("2026-11-23T12:00:00Z");
        assertThat(request.header("Camspool-Alert")).isEqualTo("alert-1");
        assertThat(request.header("Camspool-Key")).isEqualTo(capture.key());
    }

    @Test
    void headersHoldOtherLettersPercentEncoded() {
        var plain = capture(1, new byte[] {1});
        var named = new Sent(plain.item(), "东门 %_c1.jpg", plain.content());
        try (var sink = sink()) {
            sink.send(batch(named));
        }
        assertThat(receiver.requests().getFirst().header("Camspool-Key"))
                .isEqualTo("%E4%B8%9C%E9%97%A8%20%25_c1.jpg");
    }

    @Test
    void alertsGoInOneCompressedBatchWhoseRepeatHasTheSameKey() {
        try (var sink = sink()) {
            sink.send(alerts(3));
            sink.send(alerts(3));
            sink.send(alerts(2));
        }
        var requests = receiver.requests();
        assertThat(requests).hasSize(3);
        var first = requests.getFirst();
        assertThat(first.method()).isEqualTo("POST");
        assertThat(first.header("Content-Type")).isEqualTo("application/cloudevents-batch+json");
        assertThat(first.header("Content-Encoding")).isEqualTo("gzip");
        assertThat(first.header("Idempotency-Key"))
                .isNotBlank()
                .isEqualTo(requests.get(1).header("Idempotency-Key"))
                .isNotEqualTo(requests.get(2).header("Idempotency-Key"));
    }

    @Test
    void whatTheAnswerDoesNotNameIsNotDelivered() {
        receiver.next(
                Answer.of(
                        200,
                        "{\"accepted\":[\"a1\"],\"refused\":[{\"id\":\"a3\",\"reason\":\"no zone\"}]}"));
        try (var sink = sink()) {
            var outcomes = sink.send(alerts(3));
            assertThat(outcomes.get(0)).isInstanceOf(Outcome.Delivered.class);
            assertThat(outcomes.get(1))
                    .isEqualTo(
                            new Outcome.SinkFault("answered 200, and the answer didn't name it"));
            assertThat(outcomes.get(2))
                    .isEqualTo(new Outcome.ItemRefused("no zone", "answered 200"));
        }
    }

    @Test
    void ofABatchRefusedAsAWholeOnlyTheCulpritIsRefused() {
        receiver.always(
                request ->
                        new String(Receiver.unpacked(request), StandardCharsets.UTF_8)
                                        .contains("\"id\":\"a5\"")
                                ? Answer.of(422, "bad \"zone\"")
                                : receiver.take(request));
        try (var sink = sink()) {
            var outcomes = sink.send(alerts(8));
            for (var i = 0; i < 8; i++) {
                if (i == 4) {
                    assertThat(outcomes.get(i))
                            .isEqualTo(new Outcome.ItemRefused("answered 422", "bad \"zone\""));
                } else {
                    assertThat(outcomes.get(i)).isInstanceOf(Outcome.Delivered.class);
                }
            }
        }
        assertThat(receiver.held()).hasSize(7);
    }

    @Test
    void aLostAnswerIsANetworkFaultAndItsRepeatTheSame() {
        var capture = capture(1, new byte[] {1});
        receiver.loseNextAnswer();
        try (var sink = sink()) {
            assertThat(sink.send(batch(capture)).getFirst())
                    .isInstanceOf(Outcome.NetworkFault.class);
            assertThat(sink.send(batch(capture)).getFirst()).isInstanceOf(Outcome.Delivered.class);
        }
        assertThat(receiver.held()).hasSize(1);
        assertThat(
                        receiver.requests().stream()
                                .map(one -> one.header("Idempotency-Key"))
                                .distinct())
                .hasSize(1);
    }

    @Test
    void aReceiverThatAcceptsAndHangsIsANetworkFault() throws IOException {
        var shortly = Duration.ofMillis(100);
        try (var hanging = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var url = "http://127.0.0.1:" + hanging.getLocalPort();
            var impatient =
                    HttpSettings.of(HttpImages.to(url + "/{key}"))
                            .withConnection(
                                    HttpConnection.DEFAULTS.withTimeouts(
                                            Duration.ofSeconds(10), shortly, shortly));
            try (var sink = Sinks.http(impatient)) {
                assertThat(sink.send(batch(capture(1, new byte[] {1}))))
                        .containsExactly(new Outcome.NetworkFault("no answer in 100 ms"));
                // More than the buffers of both ends hold.
                assertThat(sink.send(batch(capture(2, new byte[64_000_000]))))
                        .containsExactly(
                                new Outcome.NetworkFault("less than 1 kB got through in 100 ms"));
            }
        }
    }

    @Test
    void manyThreadsSendAtOnce() throws Exception {
        var threads = 16;
        var together = new CountDownLatch(threads);
        receiver.always(
                request -> {
                    together.countDown();
                    try {
                        together.await();
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                    return receiver.take(request);
                });
        try (var sink = sink();
                var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var sent =
                    IntStream.range(0, threads)
                            .mapToObj(
                                    i ->
                                            pool.submit(
                                                    () ->
                                                            sink.send(
                                                                    batch(
                                                                            capture(
                                                                                    i,
                                                                                    new byte[] {
                                                                                        (byte) i
                                                                                    })))))
                            .toList();
            for (var one : sent) {
                assertThat(one.get().getFirst()).isInstanceOf(Outcome.Delivered.class);
            }
            assertThat(sink.batching(ItemKind.CAPTURE).maxParallel()).isEqualTo(16);
        }
        assertThat(receiver.held()).hasSize(threads);
    }

    @Test
    void aSinkWithoutAnAddressForImagesSaysSo() {
        try (var sink = Sinks.http(HttpSettings.of(HttpAlerts.to(receiver.url() + "/alerts")))) {
            assertThat(sink.takes(ItemKind.ALERT)).isTrue();
            assertThat(sink.takes(ItemKind.CAPTURE)).isFalse();
            assertThat(sink.send(batch(capture(1, new byte[] {1}))))
                    .containsExactly(new Outcome.SinkFault("there is no http.images-url for it"));
        }
        assertThat(receiver.requests()).isEmpty();
    }

    @Test
    void aProbeIsAHead() {
        try (var sink = sink()) {
            assertThat(sink.probe()).contains(new Outcome.Delivered("answered 200"));
            receiver.next(Answer.of(503).with("Retry-After", "7"));
            assertThat(sink.probe().orElseThrow())
                    .isInstanceOfSatisfying(
                            Outcome.SinkFault.class,
                            fault ->
                                    assertThat(fault.retryAfter()).contains(Duration.ofSeconds(7)));
        }
        assertThat(receiver.requests()).allMatch(request -> request.method().equals("HEAD"));
    }

    @Test
    void ofABatchThatIsHalvedNothingMoreIsSentAfterAFault() {
        receiver.next(Answer.of(400));
        receiver.always(_ -> Answer.of(503).with("Retry-After", "60"));
        try (var sink = sink()) {
            assertThat(sink.send(alerts(8)))
                    .hasSize(8)
                    .allMatch(outcome -> outcome instanceof Outcome.SinkFault);
        }
        assertThat(receiver.requests()).hasSize(2);
    }
}
