package io.camspool.agent.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.Receipt;
import io.camspool.Stored;
import io.camspool.agent.http.Answers;
import io.camspool.agent.http.Problem;
import io.camspool.agent.http.ProblemException;
import io.camspool.agent.json.Json;
import io.camspool.agent.json.ReceiptJson;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Answers for what was handed in: once it is durable, or at once where the client prefers that.
final class SavedAnswers {
    private static final int CREATED = 201;
    private static final int ADMITTED = 202;
    private static final int MIXED = 207;
    private static final String ASYNC = "respond-async";

    private final ReceiptJson shape;
    private final Duration durableWait;

    SavedAnswers(ReceiptJson shape, Duration durableWait) {
        this.shape = shape;
        this.durableWait = durableWait;
    }

    /// What became of one of many.
    private sealed interface Outcome {
        record Done(Receipt receipt, Stored stored) implements Outcome {}

        record Failed(Problem problem) implements Outcome {}
    }

    /// What the spool said to one of many.
    sealed interface Attempt {
        record Admitted(Receipt receipt) implements Attempt {}

        record Refused(CamspoolException why) implements Attempt {}
    }

    void one(ServerRequest request, ServerResponse response, Receipt receipt) {
        var async = prefersAsync(request);
        var stored = async ? null : await(receipt, deadline());
        locate(response, receipt);
        if (stored == null) {
            apply(response);
            send(request, response, ADMITTED, json -> shape.write(json, receipt));
        } else {
            send(request, response, CREATED, json -> shape.write(json, receipt, stored));
        }
    }

    /// Of items that are stored together or not at all; the first is the one to look at.
    void group(ServerRequest request, ServerResponse response, List<Receipt> receipts) {
        if (prefersAsync(request)) {
            locate(response, receipts.getFirst());
            admitted(request, response, receipts);
            return;
        }
        var deadline = deadline();
        var stored = new ArrayList<Stored>();
        for (var receipt : receipts) {
            stored.add(await(receipt, deadline));
        }
        locate(response, receipts.getFirst());
        send(
                request,
                response,
                CREATED,
                json -> {
                    json.writeArrayFieldStart("items");
                    for (var i = 0; i < receipts.size(); i++) {
                        json.writeStartObject();
                        shape.write(json, receipts.get(i), stored.get(i));
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                });
    }

    /// Of items that have nothing to do with each other. Where all failed alike, that is the
    /// answer.
    void batch(ServerRequest request, ServerResponse response, List<Attempt> attempts) {
        var receipts =
                attempts.stream()
                        .filter(Attempt.Admitted.class::isInstance)
                        .map(attempt -> ((Attempt.Admitted) attempt).receipt())
                        .toList();
        if (prefersAsync(request) && receipts.size() == attempts.size()) {
            admitted(request, response, receipts);
            return;
        }
        var deadline = deadline();
        var outcomes = attempts.stream().map(attempt -> outcome(attempt, deadline)).toList();
        var problems =
                outcomes.stream()
                        .filter(Outcome.Failed.class::isInstance)
                        .map(outcome -> ((Outcome.Failed) outcome).problem())
                        .toList();
        if (!problems.isEmpty()
                && problems.size() == outcomes.size()
                && problems.stream().map(Problem::type).distinct().count() == 1) {
            throw new ProblemException(problems.getFirst());
        }
        send(
                request,
                response,
                problems.isEmpty() ? CREATED : MIXED,
                json -> {
                    json.writeArrayFieldStart("items");
                    for (var outcome : outcomes) {
                        write(json, outcome);
                    }
                    json.writeEndArray();
                });
    }

    private Outcome outcome(Attempt attempt, long deadline) {
        return switch (attempt) {
            case Attempt.Refused(var why) -> new Outcome.Failed(Problem.of(why));
            case Attempt.Admitted(var receipt) -> {
                try {
                    yield new Outcome.Done(receipt, await(receipt, deadline));
                } catch (CamspoolException e) {
                    yield new Outcome.Failed(Problem.of(e));
                } catch (ProblemException e) {
                    yield new Outcome.Failed(e.problem());
                }
            }
        };
    }

    private void write(JsonGenerator json, Outcome outcome) throws IOException {
        json.writeStartObject();
        switch (outcome) {
            case Outcome.Done(var receipt, var stored) -> shape.write(json, receipt, stored);
            case Outcome.Failed(var problem) -> problem.write(json);
        }
        json.writeEndObject();
    }

    private void admitted(ServerRequest request, ServerResponse response, List<Receipt> receipts) {
        apply(response);
        send(
                request,
                response,
                ADMITTED,
                json -> {
                    json.writeArrayFieldStart("items");
                    for (var receipt : receipts) {
                        json.writeStartObject();
                        shape.write(json, receipt);
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                });
    }

    private long deadline() {
        return System.nanoTime() + durableWait.toNanos();
    }

    /// Where the outcome stays open, says how to learn it.
    private static Stored await(Receipt receipt, long deadline) {
        try {
            return receipt.await(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        } catch (CamspoolException e) {
            if (e.reason() == Reason.TIMEOUT || e.reason() == Reason.UNKNOWN_OUTCOME) {
                throw new ProblemException(
                        Problem.of(e)
                                .hint(
                                        "GET /v1/items/%s says whether it is stored; what has an Idempotency-Key can be repeated at any time"
                                                .formatted(receipt.id())));
            }
            throw e;
        }
    }

    private static boolean prefersAsync(ServerRequest request) {
        for (var value : request.headers().all(HeaderNames.create("Prefer"), List::of)) {
            for (var preference : value.split(",", -1)) {
                if (preference.replaceFirst(";.*", "").strip().equalsIgnoreCase(ASYNC)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static void apply(ServerResponse response) {
        response.header(HeaderNames.create("Preference-Applied"), ASYNC);
    }

    private static void locate(ServerResponse response, Receipt receipt) {
        response.header(HeaderNames.LOCATION, "/v1/items/" + receipt.id());
    }

    private static void send(
            ServerRequest request, ServerResponse response, int status, Json.Fields fields) {
        Answers.json(request, response, status, Json.object(fields));
    }
}
