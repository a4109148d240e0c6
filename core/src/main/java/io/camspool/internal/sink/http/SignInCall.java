package io.camspool.internal.sink.http;

import com.fasterxml.jackson.core.JsonPointer;
import io.camspool.internal.sink.http.Json.Value;
import io.camspool.internal.sink.http.Request.Header;
import io.camspool.sink.HttpAccess.SignIn;
import io.camspool.sink.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/// The request that gives a token.
final class SignInCall {
    private final SignIn settings;
    private final Exchange exchange;
    private final Answers answers;
    private final Template body;

    SignInCall(SignIn settings, Exchange exchange, Answers answers) {
        this.settings = settings;
        this.exchange = exchange;
        this.answers = answers;
        this.body =
                new Template(
                        "http.sign-in.body",
                        settings.body(),
                        Template.Use.JSON,
                        Set.of("password", "username"));
    }

    Request request(String password) {
        var json =
                body.fill(
                        name ->
                                Value.string(
                                        name.equals("username") ? settings.username() : password));
        return new Request(
                "POST",
                settings.url(),
                Signer.masked(settings.url()),
                List.of(Header.of("Content-Type", "application/json")),
                RequestBody.of(json.getBytes(StandardCharsets.UTF_8)));
    }

    /// What fails says nothing of the answer's text: it may hold a token.
    String token() throws FaultException, InterruptedException {
        var reply = exchange.send(request(settings.password().value()));
        if (reply.status() / 100 != 2) {
            throw new FaultException(
                    new Outcome.SinkFault(
                            "sign-in: answered " + reply.status(), answers.retryAfter(reply)));
        }
        var token = Json.at(reply.body(), JsonPointer.compile(settings.token()));
        if (token == null || token.text().isBlank()) {
            throw FaultException.ofSink(
                    "sign-in: answered %d without a token at %s"
                            .formatted(reply.status(), settings.token()));
        }
        return token.text();
    }
}
