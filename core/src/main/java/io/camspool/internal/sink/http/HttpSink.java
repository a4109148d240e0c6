package io.camspool.internal.sink.http;

import io.camspool.ItemKind;
import io.camspool.StoredAlert;
import io.camspool.StoredCapture;
import io.camspool.internal.disk.Disk;
import io.camspool.internal.sink.http.AlertRequests.Read;
import io.camspool.sink.Batch;
import io.camspool.sink.Batching;
import io.camspool.sink.Delivery;
import io.camspool.sink.HttpAlerts;
import io.camspool.sink.HttpSettings;
import io.camspool.sink.Outcome;
import io.camspool.sink.Sink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;

/// A receiver over HTTP: alerts in batches, images one by one. Thread-safe.
///
/// Each request is made once; only a token that is refused is got anew and the request repeated. A
/// batch that is refused as a whole is halved until only those are refused that must be.
public final class HttpSink implements Sink {
    private static final long ANY_BYTES = Long.MAX_VALUE;
    private static final int SHOWN_BYTES = 2_000;

    private final Exchange exchange;
    private final Credentials credentials;
    private final Signer signer;
    private final Answers answers;
    private final Optional<AlertRequests> alerts;
    private final Optional<ImageRequests> images;
    private final Optional<Draft> probe;
    private final Batching alertBatching;
    private final Batching imageBatching;

    /// Fails where the settings hold a template that can't be filled.
    ///
    /// @param nonces words that are never used twice
    public HttpSink(
            HttpSettings settings, Disk disk, InstantSource clock, Supplier<String> nonces) {
        this.exchange = new Exchange(settings.connection(), disk);
        this.answers = new Answers(settings.answers(), clock);
        this.credentials = new Credentials(settings.access(), disk, exchange, answers);
        this.signer = new Signer(settings, credentials, clock, nonces);
        this.alerts = settings.alerts().map(AlertRequests::new);
        this.images = settings.images().map(ImageRequests::new);
        this.probe =
                settings.probeUrl()
                        .map(
                                url ->
                                        new Draft(
                                                "HEAD",
                                                Addresses.template(
                                                        "http.probe-url", url, Signer.STAMPS),
                                                _ -> Json.Value.NULL,
                                                List.of(),
                                                RequestBody.EMPTY));
        this.alertBatching =
                settings.alerts().map(HttpAlerts::batching).orElse(Batching.of(1, ANY_BYTES));
        this.imageBatching =
                Batching.of(1, ANY_BYTES)
                        .withParallel(settings.images().map(any -> any.parallel()).orElse(1));
    }

    @Override
    public boolean takes(ItemKind kind) {
        return switch (kind) {
            case ALERT -> alerts.isPresent();
            case CAPTURE -> images.isPresent();
        };
    }

    @Override
    public Batching batching(ItemKind kind) {
        return switch (kind) {
            case ALERT -> alertBatching;
            case CAPTURE -> imageBatching;
        };
    }

    @Override
    public List<Outcome> send(Batch batch) {
        var outcomes = new IdentityHashMap<Delivery, Outcome>();
        var read = new ArrayList<Read>();
        for (var delivery : batch.deliveries()) {
            switch (delivery.item()) {
                case StoredCapture capture -> outcomes.put(delivery, sendImage(delivery, capture));
                case StoredAlert alert -> {
                    try (var json = delivery.open()) {
                        read.add(new Read(delivery, alert, json.readAllBytes()));
                    } catch (IOException e) {
                        outcomes.put(delivery, Upload.unreadable(e).outcome());
                    }
                }
            }
        }
        if (alerts.isEmpty()) {
            read.forEach(alert -> outcomes.put(alert.delivery(), notTaken("alerts-url")));
        } else if (alerts.get().isSingle()) {
            read.forEach(alert -> sendAlerts(alerts.get(), List.of(alert), outcomes));
        } else {
            sendAlerts(alerts.get(), read, outcomes);
        }
        return batch.deliveries().stream()
                .map(delivery -> Objects.requireNonNull(outcomes.get(delivery)))
                .toList();
    }

    private Outcome sendImage(Delivery delivery, StoredCapture capture) {
        if (images.isEmpty()) {
            return notTaken("images-url");
        }
        try {
            var reply = answer(images.get().draft(delivery, capture));
            return ImageProof.isThere(reply, capture)
                    ? new Outcome.Delivered("answered " + reply.status() + ": it is there already")
                    : answers.outcome(reply).orElseGet(() -> ImageProof.outcome(reply, capture));
        } catch (FaultException e) {
            return e.outcome();
        }
    }

    private static Outcome notTaken(String setting) {
        return new Outcome.SinkFault("there is no http." + setting + " for it");
    }

    /// Answers the fault that it ended with: a receiver at fault is not asked for the rest.
    private Optional<Outcome> sendAlerts(
            AlertRequests requests, List<Read> alerts, Map<Delivery, Outcome> outcomes) {
        if (alerts.isEmpty()) {
            return Optional.empty();
        }
        try {
            var reply = answer(requests.draft(alerts));
            var whole = answers.outcome(reply);
            if (whole.isEmpty()) {
                var naming = new Naming(reply);
                alerts.forEach(
                        alert -> outcomes.put(alert.delivery(), naming.outcome(alert.delivery())));
                return Optional.empty();
            } else if (whole.get() instanceof Outcome.ItemRefused && alerts.size() > 1) {
                var middle = alerts.size() / 2;
                var rest = alerts.subList(middle, alerts.size());
                var fault = sendAlerts(requests, alerts.subList(0, middle), outcomes);
                return fault.isEmpty()
                        ? sendAlerts(requests, rest, outcomes)
                        : answered(rest, fault.get(), outcomes);
            } else {
                return answered(alerts, whole.get(), outcomes);
            }
        } catch (FaultException e) {
            return answered(alerts, e.outcome(), outcomes);
        }
    }

    private static Optional<Outcome> answered(
            List<Read> alerts, Outcome outcome, Map<Delivery, Outcome> outcomes) {
        alerts.forEach(alert -> outcomes.put(alert.delivery(), outcome));
        return switch (outcome) {
            case Outcome.Delivered _, Outcome.ItemRefused _ -> Optional.empty();
            case Outcome.SinkFault _, Outcome.NetworkFault _ -> Optional.of(outcome);
        };
    }

    /// The answer to a request, with a new token where the one at hand holds no longer.
    private Reply answer(Draft draft) throws FaultException {
        try {
            var token = credentials.token(null);
            var reply = exchange.send(signer.sign(draft, token));
            if (!credentials.isRefused(reply)) {
                return reply;
            }
            var fresh = credentials.token(token);
            if (!fresh.equals(token)) {
                reply = exchange.send(signer.sign(draft, fresh));
            }
            if (credentials.isRefused(reply)) {
                throw FaultException.ofSink(
                        "answered " + reply.status() + ": a new token is refused too");
            }
            return reply;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw FaultException.ofNetwork("interrupted");
        }
    }

    @Override
    public Optional<Outcome> probe() {
        return probe.map(
                draft -> {
                    try {
                        var reply = answer(draft);
                        return reply.status() / 100 == 2 && !reply.isHtml()
                                ? new Outcome.Delivered("answered " + reply.status())
                                : answers.fault(reply);
                    } catch (FaultException e) {
                        return e.outcome();
                    }
                });
    }

    @Override
    public List<String> describe(Delivery delivery) {
        try {
            var draft = draft(delivery);
            if (draft.isEmpty()) {
                return List.of();
            }
            var requests = new ArrayList<String>();
            var signIn = credentials.maskedSignIn();
            if (signIn.isPresent()) {
                requests.add(shown(signIn.get()));
            }
            requests.add(shown(signer.sign(draft.get(), Credentials.MASK)));
            return requests;
        } catch (IOException e) {
            return List.of(Upload.unreadable(e).outcome().toString());
        } catch (FaultException e) {
            return List.of(e.outcome().toString());
        }
    }

    private Optional<Draft> draft(Delivery delivery) throws FaultException, IOException {
        return switch (delivery.item()) {
            case StoredCapture capture ->
                    images.isEmpty()
                            ? Optional.empty()
                            : Optional.of(images.get().draft(delivery, capture));
            case StoredAlert alert -> {
                if (alerts.isEmpty()) {
                    yield Optional.empty();
                }
                try (var json = delivery.open()) {
                    var read = new Read(delivery, alert, json.readAllBytes());
                    yield Optional.of(alerts.get().draft(List.of(read)));
                }
            }
        };
    }

    private static String shown(Request request) throws IOException {
        var text = new StringBuilder(request + "\n");
        request.headers().forEach(header -> text.append(header).append('\n'));
        text.append("Content-Length: ").append(request.body().length()).append("\n\n");
        try (var body = readable(request)) {
            var shown = body.readNBytes(SHOWN_BYTES);
            text.append(isText(shown) ? new String(shown, StandardCharsets.UTF_8) : "(no text)");
        }
        return text.toString();
    }

    /// What people can read of a body.
    private static InputStream readable(Request request) throws IOException {
        var body = request.body().openToCheck();
        return request.headers().contains(AlertRequests.GZIP) ? new GZIPInputStream(body) : body;
    }

    private static boolean isText(byte[] bytes) {
        for (var one : bytes) {
            if (one >= 0 && one < ' ' && one != '\n' && one != '\r' && one != '\t') {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        exchange.close();
    }
}
