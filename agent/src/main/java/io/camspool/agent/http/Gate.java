package io.camspool.agent.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.ServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Who may ask: checked of every request, before it meets a route.
final class Gate {
    /// No name that a stranger's name server could point at this machine.
    private static final Pattern ADDRESS =
            Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-fA-F:.]+]");

    private static final Pattern PORT = Pattern.compile(":[0-9]*$");

    /// What reads as another path once it is decoded: dot, slash, backslash, control characters.
    private static final Pattern MISLEADING =
            Pattern.compile("%(2[ef]|5c|[01][0-9a-f]|7f)", Pattern.CASE_INSENSITIVE);

    private static final Set<Method> READING = Set.of(Method.GET, Method.HEAD, Method.OPTIONS);
    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");
    private static final String SCHEME = "bearer ";

    private final Set<String> hosts;
    private final Optional<Supplier<String>> token;
    private final HttpLimits limits;

    Gate(HttpServerConfig config) {
        this.hosts = config.hosts();
        this.token = config.token();
        this.limits = config.limits();
    }

    /// Throws [ProblemException].
    void check(ServerRequest request) {
        checkHost(request);
        checkOrigin(request);
        checkToken(request);
        if (MISLEADING.matcher(request.prologue().uriPath().rawPath()).find()) {
            throw refused(
                    ProblemType.BAD_REQUEST,
                    "a path must not hold encoded dots, slashes or control characters");
        }
        if (RequestBody.length(request) > limits.maxBodyBytes()) {
            throw RequestBody.tooLarge(limits.maxBodyBytes());
        }
    }

    /// Against a page whose name is made to point here after it was loaded.
    private void checkHost(ServerRequest request) {
        var host = PORT.matcher(request.authority()).replaceFirst("").toLowerCase(Locale.ROOT);
        if (!host.equals("localhost")
                && !ADDRESS.matcher(host).matches()
                && hosts.stream().noneMatch(host::equalsIgnoreCase)) {
            throw new ProblemException(
                    Problem.of(ProblemType.WRONG_HOST, "this server does not go by that name")
                            .hint("ask for localhost or its address, or configure the name"));
        }
    }

    /// Browsers send a page's requests along with what their user may do here; only they tell where
    /// the page came from.
    private static void checkOrigin(ServerRequest request) {
        if (READING.contains(request.prologue().method())) {
            return;
        }
        var headers = request.headers();
        var site = headers.first(HeaderNames.create("Sec-Fetch-Site"));
        var origin = headers.first(HeaderNames.ORIGIN);
        if ((site.isPresent() && !OWN_SITE.contains(site.get()))
                || (origin.isPresent() && !isOwn(origin.get(), request.authority()))) {
            throw refused(
                    ProblemType.CROSS_SITE, "a page of another site may not change anything here");
        }
    }

    private static boolean isOwn(String origin, String authority) {
        return origin.equalsIgnoreCase("http://" + authority)
                || origin.equalsIgnoreCase("https://" + authority);
    }

    private void checkToken(ServerRequest request) {
        if (token.isEmpty()) {
            return;
        }
        var given = request.headers().first(HeaderNames.AUTHORIZATION).orElse("");
        if (!given.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                || !isSame(given.substring(SCHEME.length()).strip(), token.get().get())) {
            throw new ProblemException(
                    Problem.of(
                                    ProblemType.UNAUTHORIZED,
                                    given.isEmpty() ? "there is no token" : "the token is wrong")
                            .hint("send the header Authorization: Bearer <token>"));
        }
    }

    /// Takes as long whatever is the same of them.
    private static boolean isSame(String given, String expected) {
        return !expected.isEmpty() && MessageDigest.isEqual(sha256(given), sha256(expected));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static ProblemException refused(ProblemType type, String detail) {
        return new ProblemException(Problem.of(type, detail));
    }
}
