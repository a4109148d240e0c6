package io.camspool.sink;

import java.util.List;

/// What a platform's answers count as, where statuses alone don't tell. The first that matches
/// decides, in the order refused, retry, success; then the status. Redirects and HTML are never
/// success.
///
/// @param success once there is one, no other answer is success; the receiver then need not name
///   the alerts that it took
/// @param refused the item will never be taken
/// @param retry a fault of the receiver that may pass
public record HttpAnswers(
        List<AnswerRule> success, List<AnswerRule> refused, List<AnswerRule> retry) {
    public static final HttpAnswers DEFAULTS = new HttpAnswers(List.of(), List.of(), List.of());

    public HttpAnswers {
        success = List.copyOf(success);
        refused = List.copyOf(refused);
        retry = List.copyOf(retry);
    }

    public HttpAnswers withSuccess(AnswerRule... rules) {
        return new HttpAnswers(List.of(rules), refused, retry);
    }

    public HttpAnswers withRefused(AnswerRule... rules) {
        return new HttpAnswers(success, List.of(rules), retry);
    }

    public HttpAnswers withRetry(AnswerRule... rules) {
        return new HttpAnswers(success, refused, List.of(rules));
    }
}
