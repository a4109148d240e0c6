package io.camspool.agent.http;

import io.camspool.CamspoolException;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpException;
import io.helidon.http.Method;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Answers with a problem whatever fails: a route, or Helidon before there is one.
final class ProblemAnswers {
    private static final System.Logger LOG = System.getLogger(ProblemAnswers.class.getName());
    private static final Duration SOON = Duration.ofSeconds(1);

    /// All that a problem takes over from the answer that its route could not give.
    private static final List<HeaderName> KEPT = List.of(HeaderNames.ALLOW, HeaderNames.CONNECTION);

    private final Refusals refusals;

    ProblemAnswers(Refusals refusals) {
        this.refusals = refusals;
    }

    void answer(ServerRequest request, ServerResponse response, Throwable failure) {
        var problem = problem(request, failure);
        count(problem.type());
        var headers = response.headers();
        var kept = KEPT.stream().flatMap(name -> headers.find(name).stream()).toList();
        headers.clear();
        kept.forEach(headers::set);
        setDefaults(headers);
        if (problem.type() == ProblemType.UNAUTHORIZED) {
            response.header(HeaderNames.WWW_AUTHENTICATE, "Bearer");
        }
        if (problem.type() == ProblemType.BAD_BODY || problem.type() == ProblemType.TOO_LARGE) {
            response.header(HeaderValues.CONNECTION_CLOSE);
        }
        Answers.problem(request, response, problem);
    }

    /// For what Helidon refuses by itself.
    DirectHandlers direct() {
        var handlers = DirectHandlers.builder();
        for (var type : DirectHandler.EventType.values()) {
            handlers.addHandler(type, this::direct);
        }
        return handlers.build();
    }

    private DirectHandler.TransportResponse direct(
            DirectHandler.TransportRequest request,
            DirectHandler.EventType event,
            Status status,
            ServerResponseHeaders headers,
            @Nullable String message) {
        var problem = direct(status.code());
        count(problem.type());
        setDefaults(headers);
        headers.set(HeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE);
        problem.retryAfter()
                .ifPresent(
                        delay ->
                                headers.set(
                                        HeaderNames.RETRY_AFTER, Long.toString(delay.toSeconds())));
        var answer =
                DirectHandler.TransportResponse.builder()
                        .status(Status.create(problem.status()))
                        .headers(headers)
                        .keepAlive(event.keepAlive());
        return request.method().equals(Method.HEAD.text())
                ? answer.build()
                : answer.entity(problem.json()).build();
    }

    private static Problem direct(int status) {
        return switch (status) {
            case 400 ->
                    GuardedConnection.current().headerIsTooLarge()
                            ? Problem.of(
                                    ProblemType.HEADER_TOO_LARGE,
                                    "the header of the request is too large")
                            : Problem.of(ProblemType.BAD_REQUEST, "this is no HTTP/1.1 request");
            case 404 -> notFound();
            case 413 -> Problem.of(ProblemType.TOO_LARGE, "the body or a chunk of it is too large");
            case 414 -> Problem.of(ProblemType.LINE_TOO_LONG, "the request line is too long");
            case 415 ->
                    Problem.of(
                            ProblemType.ENCODING_NOT_ALLOWED,
                            "send the body without Content-Encoding");
            case 501 ->
                    Problem.of(
                            ProblemType.UNSUPPORTED_TRANSFER,
                            "send the body with Content-Length, or chunked");
            case 503 ->
                    Problem.of(ProblemType.BUSY, "as many requests as allowed are being answered")
                            .retryAfter(SOON);
            case 505 -> Problem.of(ProblemType.VERSION_NOT_SUPPORTED, "ask with HTTP/1.1");
            default -> internal();
        };
    }

    /// What every answer says unless its route knows better.
    static void setDefaults(ServerResponseHeaders headers) {
        headers.set(HeaderNames.CACHE_CONTROL, "no-store");
        headers.set(HeaderNames.create("X-Content-Type-Options"), "nosniff");
    }

    private static Problem problem(ServerRequest request, Throwable failure) {
        return switch (failure) {
            case ProblemException known -> known.problem();
            case CamspoolException known -> Problem.of(known);
            case HttpException known when known.status().code() == 404 -> notFound();
            case HttpException known when known.status().code() < 500 ->
                    Problem.of(ProblemType.BAD_REQUEST, "the request can't be read");
            case InterruptedException _ ->
                    Problem.of(ProblemType.CLOSED, "the agent is stopping").retryAfter(SOON);
            default -> {
                LOG.log(Level.ERROR, request.prologue().method() + " failed", failure);
                yield internal();
            }
        };
    }

    private static Problem notFound() {
        return Problem.of(ProblemType.NOT_FOUND, "there is nothing at this path");
    }

    private static Problem internal() {
        return Problem.of(ProblemType.INTERNAL, "the agent failed; its log says more");
    }

    private void count(ProblemType type) {
        switch (type) {
            case BAD_REQUEST, ENCODING_NOT_ALLOWED, UNSUPPORTED_TRANSFER, VERSION_NOT_SUPPORTED ->
                    refusals.add(Refusal.BAD_REQUEST);
            case TOO_LARGE, LINE_TOO_LONG, HEADER_TOO_LARGE -> refusals.add(Refusal.TOO_LARGE);
            case BAD_BODY -> refusals.add(Refusal.BAD_BODY);
            case BUSY -> refusals.add(Refusal.BUSY);
            case WRONG_HOST -> refusals.add(Refusal.WRONG_HOST);
            case CROSS_SITE -> refusals.add(Refusal.CROSS_SITE);
            case UNAUTHORIZED -> refusals.add(Refusal.UNAUTHORIZED);
            case INVALID,
                    NOT_FOUND,
                    METHOD_NOT_ALLOWED,
                    CONFLICT,
                    UNDELIVERED,
                    BEING_SENT,
                    MEDIA_TYPE_NOT_ALLOWED,
                    NO_IMAGE,
                    UNREADABLE,
                    RANGE_NOT_SATISFIABLE,
                    INTAKE_FULL,
                    INTERNAL,
                    STORAGE,
                    DAMAGED,
                    CLOSED,
                    UNKNOWN_OUTCOME,
                    TIMEOUT,
                    DISK_FULL -> {
                // an answer about the spool, or about what was asked of it
            }
        }
    }
}
