package io.camspool.agent.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;

/// Around every route: checks the request, and sees to it that the connection is either at the
/// start of the next request afterwards, or closed.
///
/// Helidon says `Connection: close` but reads on: what is left of a body would be taken for a
/// request. So here the rest is read, up to a size where a new connection is cheaper, and else the
/// connection is closed after a drain.
final class Outermost implements Filter {
    private static final System.Logger LOG = System.getLogger(Outermost.class.getName());

    /// Up to this much of an unread body is read to keep the connection.
    private static final long MAX_REST_BYTES = 64 << 10;

    private final Gate gate;
    private final ProblemAnswers problems;

    Outermost(Gate gate, ProblemAnswers problems) {
        this.gate = gate;
        this.problems = problems;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        var connection = GuardedConnection.current();
        ProblemAnswers.setDefaults(response.headers());
        response.beforeSend(
                () -> {
                    if (isUnread(request) && !isShort(request)) {
                        response.headers().set(HeaderValues.CONNECTION_CLOSE);
                    }
                });
        try {
            answer(chain, request, response);
        } catch (CloseConnectionException e) {
            connection.gone();
            logIfOurs(e);
            throw e;
        }
        if (response.headers().containsToken(HeaderValues.CONNECTION_CLOSE)) {
            if (isUnread(request) && !awaitsContinue(request)) {
                connection.drain();
            }
            throw new CloseConnectionException("answered");
        }
        if (isUnread(request)) {
            readRest(request, connection);
        }
        connection.answered();
    }

    private void answer(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        try {
            gate.check(request);
        } catch (ProblemException refused) {
            problems.answer(request, response, refused);
            return;
        }
        chain.proceed();
    }

    private static void readRest(ServerRequest request, GuardedConnection connection) {
        try {
            request.content().consume();
        } catch (RuntimeException e) { // whatever Helidon's parser stumbled over
            connection.drain();
            throw new CloseConnectionException("the rest of the body can't be read", e);
        }
    }

    private static boolean isUnread(ServerRequest request) {
        return request.content().hasEntity() && !request.content().consumed();
    }

    private static boolean isShort(ServerRequest request) {
        var length = RequestBody.length(request);
        return length >= 0 && length <= MAX_REST_BYTES && !awaitsContinue(request);
    }

    /// Its client sends the body only when told to.
    private static boolean awaitsContinue(ServerRequest request) {
        return request.headers().contains(HeaderNames.EXPECT) && !request.continueSent();
    }

    /// An answer that broke off: the client sees that much, and only the log can say why.
    private static void logIfOurs(CloseConnectionException e) {
        var cause = e.getCause();
        if ((cause instanceof RuntimeException
                        && !(cause instanceof UncheckedIOException)
                        && !(cause instanceof CloseConnectionException))
                || cause instanceof Error) {
            LOG.log(Level.WARNING, "an answer broke off", cause);
        }
    }
}
