package io.camspool.internal.sink.http;

import io.camspool.CamspoolException;
import io.camspool.internal.disk.Disk;
import io.camspool.internal.sink.http.Json.Value;
import io.camspool.internal.sink.http.Request.Header;
import io.camspool.sink.HttpAccess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/// What shows a receiver who asks. A token is got once for all requests that need it, also when
/// getting it fails: a wrong password must not be tried by each. Thread-safe.
final class Credentials {
    /// What stands for a token where it is shown.
    static final String MASK = "***";

    private final HttpAccess access;
    private final Disk disk;
    private final Optional<SignInCall> signIn;
    private final Template header;
    private @Nullable String current;
    private @Nullable FutureTask<String> underWay;

    Credentials(HttpAccess access, Disk disk, Exchange exchange, Answers answers) {
        this.access = access;
        this.disk = disk;
        this.signIn =
                access instanceof HttpAccess.SignIn settings
                        ? Optional.of(new SignInCall(settings, exchange, answers))
                        : Optional.empty();
        this.header =
                new Template(
                        "http.sign-in.value",
                        access instanceof HttpAccess.SignIn settings
                                ? settings.value()
                                : "Bearer ${token}",
                        Template.Use.TEXT,
                        Set.of("token"));
    }

    /// The token to use.
    ///
    /// @param refused one that holds no longer; null: none
    String token(@Nullable String refused) throws FaultException, InterruptedException {
        FutureTask<String> task;
        boolean isMine;
        synchronized (this) {
            if (current != null && !current.equals(refused)) {
                return current;
            }
            isMine = underWay == null;
            task = underWay != null ? underWay : new FutureTask<>(this::fresh);
            underWay = task;
        }
        if (isMine) {
            task.run();
            synchronized (this) {
                underWay = null;
                current = task.state() == FutureTask.State.SUCCESS ? task.resultNow() : null;
            }
        }
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InterruptedException && isMine) {
                throw new InterruptedException();
            }
            throw e.getCause() instanceof FaultException fault
                    ? fault
                    : FaultException.ofNetwork("sign-in: " + e.getCause());
        }
    }

    private String fresh() throws FaultException, InterruptedException {
        return switch (access) {
            case HttpAccess.Bearer bearer -> bearer.token().value();
            case HttpAccess.BearerFile file -> read(file);
            case HttpAccess.SignIn _ -> signIn.orElseThrow().token();
            case HttpAccess.Basic _, HttpAccess.None _ -> "";
        };
    }

    /// The sign-in without its password, to be shown; empty: there is none.
    Optional<Request> maskedSignIn() {
        return signIn.map(call -> call.request(MASK));
    }

    private String read(HttpAccess.BearerFile bearer) throws FaultException {
        try (var in = disk.open(bearer.file())) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw FaultException.ofSink("the token: " + CamspoolException.causeInWords(e));
        }
    }

    /// Whether an answer says that the token holds no longer, and another may be had.
    boolean isRefused(Reply reply) {
        return switch (access) {
            case HttpAccess.BearerFile _ -> reply.status() == 401;
            case HttpAccess.SignIn settings ->
                    reply.status() == 401 || Answers.matchesAny(settings.expired(), reply);
            case HttpAccess.Bearer _, HttpAccess.Basic _, HttpAccess.None _ -> false;
        };
    }

    List<Header> headers(String token) {
        return switch (access) {
            case HttpAccess.None _ -> List.of();
            case HttpAccess.Basic basic ->
                    List.of(
                            Header.secret(
                                    "Authorization",
                                    Exchange.basic(basic.user(), basic.password().value()),
                                    "Basic " + MASK));
            case HttpAccess.SignIn settings -> List.of(tokenHeader(settings.header(), token));
            case HttpAccess.Bearer _, HttpAccess.BearerFile _ ->
                    List.of(tokenHeader("Authorization", token));
        };
    }

    private Header tokenHeader(String name, String token) {
        return Header.secret(
                name, header.fill(_ -> Value.string(token)), header.fill(_ -> Value.string(MASK)));
    }
}
