package io.camspool.agent.config;

import io.camspool.sink.AnswerRule;
import io.camspool.sink.Batching;
import io.camspool.sink.HttpAccess;
import io.camspool.sink.HttpAlerts;
import io.camspool.sink.HttpAnswers;
import io.camspool.sink.HttpConnection;
import io.camspool.sink.HttpImages;
import io.camspool.sink.HttpSettings;
import io.camspool.sink.HttpSignature;
import io.camspool.sink.Secret;
import io.camspool.sink.Sink;
import io.camspool.sink.Sinks;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Reads what stands below a sink of type `http`.
final class HttpSinkReader {
    private static final List<String> ACCESS = List.of("bearer", "bearer-file", "basic", "sign-in");

    private final Section section;

    HttpSinkReader(Section section) {
        this.section = section;
    }

    Optional<Sink> read() {
        var alerts = alerts();
        var images = images();
        var answers = new HttpAnswers(rules("success"), rules("refused"), rules("retry"));
        var access = access();
        var signature = section.section("signature").flatMap(HttpSinkReader::signature);
        var headers = section.secrets("headers");
        var connection = connection();
        var probeUrl = section.text("probe-url");
        if (isBroken("alerts-url", alerts) || isBroken("images-url", images)) {
            return Optional.empty();
        }
        return connection.flatMap(
                reached ->
                        section.made(
                                () ->
                                        Sinks.http(
                                                new HttpSettings(
                                                        alerts, images, answers, access, signature,
                                                        headers, reached, probeUrl))));
    }

    /// Whether it was given, and what is wrong with it has been said already.
    private boolean isBroken(String url, Optional<?> made) {
        return section.has(url) && made.isEmpty();
    }

    /// Names keys that say nothing without another.
    private void refuseWithout(String needed, String... keys) {
        for (var key : keys) {
            if (section.has(key) && !section.has(needed)) {
                section.problem(key, "only beside " + needed);
            }
        }
    }

    private Optional<HttpAlerts> alerts() {
        refuseWithout(
                "alerts-url",
                "alerts-items",
                "alerts-bytes",
                "alerts-parallel",
                "alerts-linger",
                "alerts-gzip",
                "alerts-body");
        var url = section.text("alerts-url");
        var items = section.number("alerts-items", 1, 10_000);
        var bytes = section.bytes("alerts-bytes", 1, 64_000_000);
        var parallel = section.number("alerts-parallel", 1, Batching.MAX_PARALLEL);
        var linger = section.duration("alerts-linger");
        var gzip = section.flag("alerts-gzip");
        var body = section.text("alerts-body");
        if (body.isPresent() && gzip.orElse(false)) {
            section.problem("alerts-gzip", true, "false beside alerts-body");
        }
        return url.flatMap(
                address ->
                        section.made(
                                () -> {
                                    var alerts = HttpAlerts.to(address);
                                    var by = alerts.batching();
                                    alerts =
                                            alerts.withBatching(
                                                    new Batching(
                                                            items.map(Math::toIntExact)
                                                                    .orElse(by.maxItems()),
                                                            bytes.orElse(by.maxBytes()),
                                                            parallel.map(Math::toIntExact)
                                                                    .orElse(by.maxParallel()),
                                                            linger.orElse(by.linger()),
                                                            false));
                                    if (gzip.isPresent()) {
                                        alerts = alerts.withGzip(gzip.get());
                                    }
                                    return body.isPresent() ? alerts.withBody(body.get()) : alerts;
                                }));
    }

    private Optional<HttpImages> images() {
        refuseWithout(
                "images-url",
                "images-method",
                "images-parallel",
                "images-json",
                "images-multipart");
        var url = section.text("images-url");
        var method = section.oneOf("images-method", List.of("PUT", "POST"));
        var parallel = section.number("images-parallel", 1, Batching.MAX_PARALLEL);
        var json = section.text("images-json");
        var multipart = section.section("images-multipart").flatMap(HttpSinkReader::multipart);
        if (json.isPresent() && multipart.isPresent()) {
            section.problem("images-json", "not beside images-multipart");
        }
        return url.flatMap(
                address ->
                        section.made(
                                () -> {
                                    var images = HttpImages.to(address);
                                    if (json.isPresent()) {
                                        images = images.withForm(new HttpImages.Json(json.get()));
                                    }
                                    if (multipart.isPresent()) {
                                        images = images.withForm(multipart.get());
                                    }
                                    if (method.isPresent()) {
                                        images = images.withMethod(method.get());
                                    }
                                    return parallel.isPresent()
                                            ? images.withParallel(Math.toIntExact(parallel.get()))
                                            : images;
                                }));
    }

    private static Optional<HttpImages.Multipart> multipart(Section section) {
        var file = section.required("file");
        var fields = section.map("fields");
        section.end();
        return file.flatMap(name -> section.made(() -> new HttpImages.Multipart(name, fields)));
    }

    private List<AnswerRule> rules(String key) {
        return section.list(key).stream()
                .flatMap(
                        rule -> {
                            var status = rule.text("status").orElse("*");
                            var json = rule.text("json");
                            var in = rule.texts("in");
                            rule.end();
                            return rule.made(() -> new AnswerRule(status, json, in)).stream();
                        })
                .toList();
    }

    private HttpAccess access() {
        var given = ACCESS.stream().filter(section::has).toList();
        if (given.size() > 1) {
            section.problem(given.get(1), "only one of " + String.join(", ", given));
        }
        var bearer = secret(section, "bearer").<HttpAccess>map(HttpAccess.Bearer::new);
        var bearerFile = section.path("bearer-file").<HttpAccess>map(HttpAccess.BearerFile::new);
        var basic = section.section("basic").<HttpAccess>flatMap(HttpSinkReader::basic);
        var signIn = section.section("sign-in").<HttpAccess>flatMap(this::signIn);
        return Stream.of(bearer, bearerFile, basic, signIn)
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(new HttpAccess.None());
    }

    private static Optional<HttpAccess.Basic> basic(Section section) {
        var user = section.required("user");
        var password = requiredSecret(section, "password");
        section.end();
        return user.flatMap(
                name ->
                        password.flatMap(
                                secret -> section.made(() -> new HttpAccess.Basic(name, secret))));
    }

    private Optional<HttpAccess.SignIn> signIn(Section signIn) {
        var url = signIn.required("url");
        var body = signIn.text("body");
        var username = signIn.required("username");
        var password = requiredSecret(signIn, "password");
        var token = signIn.required("token");
        var header = signIn.text("header");
        var value = signIn.text("value");
        var expired = new HttpSinkReader(signIn).rules("expired");
        signIn.end();
        if (url.isEmpty() || username.isEmpty() || password.isEmpty() || token.isEmpty()) {
            return Optional.empty();
        }
        return signIn.made(
                () -> {
                    var access =
                            HttpAccess.SignIn.at(
                                    url.get(), username.get(), password.get(), token.get());
                    return new HttpAccess.SignIn(
                            access.url(),
                            body.orElse(access.body()),
                            access.username(),
                            access.password(),
                            access.token(),
                            header.orElse(access.header()),
                            value.orElse(access.value()),
                            expired);
                });
    }

    private static Optional<HttpSignature> signature(Section section) {
        var header = section.required("header");
        var secret = requiredSecret(section, "secret");
        var algorithm = section.oneOf("algorithm", List.of("hmac-sha256", "md5"));
        var template = section.text("template");
        var encoding = section.oneOf("encoding", List.of("hex", "base64"));
        var prefix = section.text("prefix");
        section.end();
        if (header.isEmpty() || secret.isEmpty()) {
            return Optional.empty();
        }
        return section.made(
                () -> {
                    var signature = HttpSignature.ofBody(header.get(), secret.get());
                    return new HttpSignature(
                            signature.header(),
                            algorithm
                                    .map(HttpSinkReader::constant)
                                    .map(HttpSignature.Algorithm::valueOf)
                                    .orElse(signature.algorithm()),
                            signature.secret(),
                            template.orElse(signature.template()),
                            encoding.map(HttpSinkReader::constant)
                                    .map(HttpSignature.Encoding::valueOf)
                                    .orElse(signature.encoding()),
                            prefix.orElse(signature.prefix()));
                });
    }

    private static String constant(String word) {
        return word.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private Optional<HttpConnection> connection() {
        var connect = section.duration("connect-timeout");
        var answer = section.duration("answer-timeout");
        var stall = section.duration("stall-timeout");
        var proxy = section.section("proxy").flatMap(HttpSinkReader::proxy);
        var ca = section.path("ca");
        var certificate = section.section("certificate").flatMap(HttpSinkReader::certificate);
        var defaults = HttpConnection.DEFAULTS;
        return section.made(
                () ->
                        new HttpConnection(
                                connect.orElse(defaults.connectTimeout()),
                                answer.orElse(defaults.answerTimeout()),
                                stall.orElse(defaults.stallTimeout()),
                                proxy,
                                ca,
                                certificate));
    }

    private static Optional<HttpConnection.Proxy> proxy(Section section) {
        var host = section.required("host");
        var port = section.number("port", 1, 65_535);
        var basic =
                section.has("user") || section.has("password")
                        ? basic(section)
                        : Optional.<HttpAccess.Basic>empty();
        section.end();
        return host.flatMap(
                name ->
                        section.made(
                                () ->
                                        new HttpConnection.Proxy(
                                                name,
                                                port.map(Math::toIntExact).orElse(3128),
                                                basic)));
    }

    private static Optional<HttpConnection.ClientCertificate> certificate(Section section) {
        if (!section.has("file")) {
            section.required("file");
        }
        var file = section.path("file");
        var password = secret(section, "password");
        section.end();
        return file.map(path -> new HttpConnection.ClientCertificate(path, password));
    }

    private static Optional<Secret> secret(Section section, String key) {
        return section.secret(key).flatMap(value -> section.made(key, () -> new Secret(value)));
    }

    private static Optional<Secret> requiredSecret(Section section, String key) {
        if (!section.has(key)) {
            section.required(key);
        }
        return secret(section, key);
    }
}
