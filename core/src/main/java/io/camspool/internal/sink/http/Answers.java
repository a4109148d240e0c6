package io.camspool.internal.sink.http;

import com.fasterxml.jackson.core.JsonPointer;
import io.camspool.sink.AnswerRule;
import io.camspool.sink.HttpAnswers;
import io.camspool.sink.Outcome;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/// What an answer counts as, by its status and by rules.
final class Answers {
    /// A receiver that asks for more is taken at its word up to here.
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    private final HttpAnswers rules;
    private final InstantSource clock;

    Answers(HttpAnswers rules, InstantSource clock) {
        this.rules = rules;
        this.clock = clock;
    }

    /// What it counts as; empty: a 2xx that no rule speaks of, whose proof must stand in the answer
    /// itself.
    Optional<Outcome> outcome(Reply reply) {
        var status = reply.status();
        if (reply.isRedirect()) {
            return fault(
                    reply,
                    "a redirect to %s: captive portal or wrong URL?"
                            .formatted(withoutQuery(reply.header("Location").orElse("nowhere"))));
        }
        if (status / 100 == 2 && reply.isHtml()) {
            return fault(reply, "answered " + status + " with HTML: captive portal or wrong URL?");
        }
        if (matchesAny(rules.refused(), reply)) {
            return Optional.of(refused(reply));
        }
        if (matchesAny(rules.retry(), reply)) {
            return fault(reply, "answered " + status + ", to be tried again: " + brief(reply));
        }
        if (matchesAny(rules.success(), reply)) {
            return Optional.of(new Outcome.Delivered("answered " + status + ": " + brief(reply)));
        }
        if (status / 100 == 2) {
            return rules.success().isEmpty()
                    ? Optional.empty()
                    : fault(
                            reply,
                            "answered %d, which no rule calls success: %s"
                                    .formatted(status, brief(reply)));
        }
        return switch (status) {
            case 400, 413, 415, 422 -> Optional.of(refused(reply));
            case 409, 412 ->
                    Optional.of(
                            new Outcome.ItemRefused(
                                    "foreign object (answered " + status + ")", reply.text()));
            default -> fault(reply, "answered " + status + ": " + brief(reply));
        };
    }

    /// What an answer counts as that is no success and concerns no item.
    Outcome fault(Reply reply) {
        return outcome(reply)
                .filter(outcome -> outcome instanceof Outcome.SinkFault)
                .orElseGet(
                        () ->
                                new Outcome.SinkFault(
                                        "answered " + reply.status(), retryAfter(reply)));
    }

    private static Outcome refused(Reply reply) {
        return new Outcome.ItemRefused("answered " + reply.status(), reply.text());
    }

    private Optional<Outcome> fault(Reply reply, String cause) {
        return Optional.of(new Outcome.SinkFault(cause, retryAfter(reply)));
    }

    private static String brief(Reply reply) {
        var text = reply.isHtml() ? "HTML" : reply.text().replaceAll("\\s+", " ");
        return text.isEmpty() ? "no body" : text.length() <= 200 ? text : text.substring(0, 200);
    }

    private static String withoutQuery(String address) {
        return address.replaceAll("[?#].*", "");
    }

    static boolean matchesAny(List<AnswerRule> rules, Reply reply) {
        return rules.stream().anyMatch(rule -> matches(rule, reply));
    }

    private static boolean matches(AnswerRule rule, Reply reply) {
        if (!rule.matchesStatus(reply.status())) {
            return false;
        }
        if (rule.json().isEmpty()) {
            return true;
        }
        var value = Json.at(reply.body(), JsonPointer.compile(rule.json().get()));
        return value != null && rule.in().contains(value.text());
    }

    /// In seconds or as an HTTP date.
    Optional<Duration> retryAfter(Reply reply) {
        return reply.header("Retry-After").flatMap(this::wait);
    }

    private Optional<Duration> wait(String text) {
        try {
            var wait =
                    text.strip().matches("\\d{1,9}")
                            ? Duration.ofSeconds(Long.parseLong(text.strip()))
                            : Duration.between(
                                    clock.instant(),
                                    ZonedDateTime.parse(
                                                    text.strip(),
                                                    DateTimeFormatter.RFC_1123_DATE_TIME)
                                            .toInstant());
            return wait.isNegative()
                    ? Optional.of(Duration.ZERO)
                    : Optional.of(wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT);
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }
}
