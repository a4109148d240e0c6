package io.camspool.agent.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/// Sends answers. For HEAD only their header: Helidon would send the bytes too, and the client take
/// them for the next answer.
public final class Answers {
    private Answers() {}

    public static void send(
            ServerRequest request,
            ServerResponse response,
            int status,
            String mediaType,
            byte[] body) {
        response.status(Status.create(status));
        response.header(HeaderNames.CONTENT_TYPE, mediaType);
        response.contentLength(body.length);
        if (isHead(request)) {
            response.send();
        } else {
            response.send(body);
        }
    }

    public static void json(
            ServerRequest request, ServerResponse response, int status, byte[] body) {
        send(request, response, status, "application/json", body);
    }

    /// Without a body.
    public static void none(ServerResponse response, int status) {
        response.status(Status.create(status));
        response.send();
    }

    static void problem(ServerRequest request, ServerResponse response, Problem problem) {
        problem.retryAfter()
                .ifPresent(
                        delay ->
                                response.header(
                                        HeaderNames.RETRY_AFTER,
                                        Long.toString(Math.max(1, delay.toSeconds()))));
        send(request, response, problem.status(), Problem.MEDIA_TYPE, problem.json());
    }

    static boolean isHead(ServerRequest request) {
        return request.prologue().method().equals(Method.HEAD);
    }
}
