package io.camspool.agent.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.PathMatchers;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/// What one path can do. Any other method there is answered 405, with those that are allowed; where
/// GET is, HEAD is too.
public final class Routes {
    private final String path;
    private final Map<Method, Handler> handlers = new LinkedHashMap<>();

    private Routes(String path) {
        this.path = path;
    }

    /// Begins the routes of a path.
    ///
    /// @param path as `/v1/items/{id}`
    public static Routes at(String path) {
        return new Routes(path);
    }

    /// The handler answers HEAD too: through [Answers] or [Ranges], which send no body then.
    public Routes get(Handler handler) {
        return on(Method.GET, handler);
    }

    public Routes post(Handler handler) {
        return on(Method.POST, handler);
    }

    public Routes put(Handler handler) {
        return on(Method.PUT, handler);
    }

    public Routes patch(Handler handler) {
        return on(Method.PATCH, handler);
    }

    public Routes delete(Handler handler) {
        return on(Method.DELETE, handler);
    }

    private Routes on(Method method, Handler handler) {
        handlers.put(method, handler);
        return this;
    }

    public void addTo(HttpRouting.Builder routing) {
        var allowed = new TreeSet<String>();
        handlers.forEach(
                (method, handler) -> {
                    allowed.add(method.text());
                    var methods = Method.predicate(method);
                    if (method.equals(Method.GET)) {
                        allowed.add(Method.HEAD.text());
                        methods = Method.predicate(Method.GET, Method.HEAD);
                    }
                    routing.route(methods, PathMatchers.create(path), handler);
                });
        var names = String.join(", ", allowed);
        routing.any(
                path,
                (request, response) -> {
                    response.header(HeaderNames.ALLOW, names);
                    throw new ProblemException(
                            Problem.of(
                                    ProblemType.METHOD_NOT_ALLOWED,
                                    request.prologue().method().text()
                                            + " is not allowed here; allowed: "
                                            + names));
                });
    }
}
