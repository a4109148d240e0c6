package io.camspool.internal.sink.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.CamspoolException;
import io.camspool.internal.disk.Disk;
import io.camspool.sink.AnswerRule;
import io.camspool.sink.Batch;
import io.camspool.sink.HttpAnswers;
import io.camspool.sink.HttpImages;
import io.camspool.sink.HttpSettings;
import io.camspool.sink.Outcome;
import io.camspool.sink.Receiver;
import io.camspool.sink.Receiver.Answer;
import io.camspool.sink.SinkContract.Sent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What answers count as.
final class HttpAnswersTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final HttpAnswers BY_CODE =
            HttpAnswers.DEFAULTS
                    .withSuccess(AnswerRule.of("2xx", "/code", "0"))
                    .withRefused(AnswerRule.of("2xx", "/code", "400", "413"))
                    .withRetry(AnswerRule.of("*", "/code", "500"));

    private final Sent capture = Deliveries.capture(new byte[] {1});
    private final Receiver receiver = new Receiver();

    @AfterEach
    void stop() {
        receiver.close();
    }

    private Outcome outcome(HttpAnswers rules, Answer answer) {
        receiver.next(answer);
        var settings =
                HttpSettings.of(HttpImages.to(receiver.url() + "/images/{key}")).withAnswers(rules);
        try (var sink = new HttpSink(settings, Disk.real(), InstantSource.fixed(NOON), () -> "n")) {
            return sink.send(new Batch(List.of(capture))).getFirst();
        }
    }

    private Outcome outcome(Answer answer) {
        return outcome(HttpAnswers.DEFAULTS, answer);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 204})
    void theseAreSuccess(int status) {
        assertThat(outcome(Answer.of(status))).isInstanceOf(Outcome.Delivered.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 413, 415, 422, 409, 412})
    void theseRefuseTheItem(int status) {
        assertThat(outcome(Answer.of(status, "why")))
                .isInstanceOfSatisfying(
                        Outcome.ItemRefused.class,
                        refused -> {
                            assertThat(refused.reason()).contains("answered " + status);
                            assertThat(refused.answer()).isEqualTo("why");
                        });
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                202, 206, 301, 302, 307, 401, 403, 404, 405, 407, 408, 410, 418, 425, 429, 500, 502,
                503, 504
            })
    void theseAreFaultsOfTheSink(int status) {
        assertThat(outcome(Answer.of(status)))
                .isInstanceOfSatisfying(
                        Outcome.SinkFault.class, fault -> assertThat(fault.retryAfter()).isEmpty());
    }

    @Test
    void retryAfterIsHonouredInSecondsAndAsADate() {
        assertThat(outcome(Answer.of(429).with("Retry-After", "120")))
                .isEqualTo(
                        new Outcome.SinkFault(
                                "answered 429: no body", Optional.of(Duration.ofMinutes(2))));
        assertThat(outcome(Answer.of(503).with("Retry-After", "Mon, 23 Nov 2026 12:00:30 GMT")))
                .isEqualTo(
                        new Outcome.SinkFault(
                                "answered 503: no body", Optional.of(Duration.ofSeconds(30))));
        assertThat(outcome(Answer.of(503).with("Retry-After", "soon")))
                .isEqualTo(new Outcome.SinkFault("answered 503: no body"));
    }

    @Test
    void aRedirectIsAFaultAndNotFollowed() {
        assertThat(outcome(Answer.of(302).with("Location", receiver.url() + "/login?session=1")))
                .isEqualTo(
                        new Outcome.SinkFault(
                                "a redirect to %s/login: captive portal or wrong URL?"
                                        .formatted(receiver.url())));
        assertThat(receiver.requests()).hasSize(1);
    }

    @Test
    void aPageForPeopleIsNeverSuccess() {
        var portal = "<!DOCTYPE html><html>Accept our terms {\"code\":0}</html>";
        var anything = HttpAnswers.DEFAULTS.withSuccess(AnswerRule.of("2xx"));
        for (var rules : List.of(HttpAnswers.DEFAULTS, anything)) {
            assertThat(outcome(rules, Answer.of(200, portal)))
                    .isInstanceOf(Outcome.SinkFault.class);
            assertThat(outcome(rules, Answer.of(200).with("Content-Type", "text/html;charset=x")))
                    .isInstanceOf(Outcome.SinkFault.class);
        }
    }

    @Test
    void aFieldOfTheAnswerTells() {
        assertThat(outcome(BY_CODE, Answer.of(200, "{\"msg\":{\"code\":500},\"code\":0}")))
                .isInstanceOf(Outcome.Delivered.class);
        assertThat(outcome(BY_CODE, Answer.of(200, "{\"code\":\"0\"}")))
                .isInstanceOf(Outcome.Delivered.class);
        assertThat(outcome(BY_CODE, Answer.of(200, "{\"code\":413}")))
                .isInstanceOf(Outcome.ItemRefused.class);
        assertThat(outcome(BY_CODE, Answer.of(200, "{\"code\":500}").with("Retry-After", "9")))
                .isInstanceOfSatisfying(
                        Outcome.SinkFault.class,
                        fault -> assertThat(fault.retryAfter()).contains(Duration.ofSeconds(9)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"code\":7}", "{\"Code\":0}", "{}", "", "ok", "[0]", "{\"code\":"})
    void whatNoRuleCallsSuccessIsAFault(String body) {
        assertThat(outcome(BY_CODE, Answer.of(200, body)))
                .isInstanceOfSatisfying(
                        Outcome.SinkFault.class,
                        fault ->
                                assertThat(fault.cause())
                                        .startsWith("answered 200, which no rule calls success"));
    }

    @Test
    void anAnswerIsReadAndKeptInParts() {
        assertThat(outcome(Answer.of(422, "x".repeat(10_000_000))))
                .isInstanceOfSatisfying(
                        Outcome.ItemRefused.class,
                        refused -> assertThat(refused.answer()).hasSize(1_000));
    }

    @Test
    void theSameBytesAlreadyThereAreDelivered() {
        var hash = capture.item().sha256();
        assertThat(outcome(Answer.of(412).with("ETag", '"' + hash + '"')))
                .isInstanceOf(Outcome.Delivered.class);
        assertThat(outcome(Answer.of(409).with("Camspool-Sha256", hash)))
                .isInstanceOf(Outcome.Delivered.class);
        assertThat(outcome(Answer.of(412).with("ETag", "\"1234\"")))
                .isInstanceOf(Outcome.ItemRefused.class);
    }

    @Test
    void theHashOfOtherBytesIsNoProof() {
        assertThat(outcome(Answer.of(201).with("Camspool-Sha256", "0".repeat(64))))
                .isInstanceOf(Outcome.SinkFault.class);
    }

    @Test
    void aDigestOfTheAnswerItselfIsNotTakenForTheImages() {
        assertThat(outcome(Answer.of(201, "ok").with("Repr-Digest", "sha-256=:AAAA=:")))
                .isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void noHostAndNoListenerAreFaultsOfTheNetwork() {
        receiver.goAway();
        assertThat(outcome(Answer.of(200))).isInstanceOf(Outcome.NetworkFault.class);
        try (var sink =
                new HttpSink(
                        HttpSettings.of(HttpImages.to("http://nowhere.invalid/{key}")),
                        Disk.real(),
                        InstantSource.fixed(NOON),
                        () -> "n")) {
            assertThat(sink.send(new Batch(List.of(capture))))
                    .containsExactly(new Outcome.NetworkFault("unknown host"));
        }
        receiver.comeBack();
    }

    @Test
    void rulesAreChecked() {
        assertThatThrownBy(() -> AnswerRule.of("20x")).isInstanceOf(CamspoolException.class);
        assertThatThrownBy(() -> AnswerRule.of("2xx", "code", "0"))
                .isInstanceOf(CamspoolException.class)
                .hasMessageContaining("JSON pointer");
        assertThatThrownBy(() -> AnswerRule.of("2xx", "/code"))
                .isInstanceOf(CamspoolException.class);
    }
}
