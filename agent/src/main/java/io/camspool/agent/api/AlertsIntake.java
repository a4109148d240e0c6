package io.camspool.agent.api;

import io.camspool.Alert;
import io.camspool.Camspool;
import io.camspool.CamspoolException;
import io.camspool.Capture;
import io.camspool.ItemId;
import io.camspool.agent.api.AlertBody.Document;
import io.camspool.agent.api.SavedAnswers.Attempt;
import io.camspool.agent.http.RequestBody;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Stores an alert, a batch of them, or one with its captures. Thread-safe.
final class AlertsIntake {
    static final String EVENT = "application/cloudevents+json";

    private static final String JSON = "application/json";
    private static final String EVENTS = "application/cloudevents-batch+json";
    private static final String FORM = "multipart/form-data";
    private static final String ALLOWED = String.join(", ", JSON, EVENT, EVENTS, FORM);

    /// What a body that does not say how long it is gets at first.
    private static final int FIRST_BYTES = 16 << 10;

    private final Camspool spool;
    private final IntakeSettings settings;
    private final AlertForms forms;
    private final SavedAnswers answers;
    private final BodyMemory memory;

    AlertsIntake(
            Camspool spool, CaptureBodies captures, SavedAnswers answers, IntakeSettings settings) {
        this.spool = spool;
        this.settings = settings;
        this.forms = new AlertForms(spool, captures, settings);
        this.answers = answers;
        this.memory = new BodyMemory(settings.alertMemory(), settings.memoryWait());
    }

    void save(ServerRequest request, ServerResponse response) throws IOException {
        var type = IntakeRequest.mediaType(request);
        var fields = ItemFields.of(request, List.of());
        switch (type.name()) {
            case FORM ->
                    answers.group(
                            request,
                            response,
                            forms.save(request, type, fields, IntakeRequest.key(request)));
            case JSON, EVENT, EVENTS -> json(request, response, type.requireUtf8(), fields);
            default -> throw MediaType.notAllowed(type.name(), ALLOWED);
        }
    }

    private void json(
            ServerRequest request, ServerResponse response, MediaType type, ItemFields fields)
            throws IOException {
        Runnable answer;
        try (var share = memory.share()) {
            var body = new AlertBody(read(request, share));
            answer = save(request, response, type.name(), body, fields);
        }
        answer.run(); // without the memory: the spool has copies, and this may wait for long
    }

    private Runnable save(
            ServerRequest request,
            ServerResponse response,
            String type,
            AlertBody body,
            ItemFields fields) {
        var key = IntakeRequest.key(request);
        if (type.equals(EVENTS) || (type.equals(JSON) && body.isArray())) {
            var attempts = batch(body, type.equals(EVENTS), fields, key);
            return () -> answers.batch(request, response, attempts);
        }
        var document = type.equals(EVENT) ? body.event(settings.maxAlertDepth()) : body.alert();
        requireSize(document);
        var receipt = spool.save(alert(body, document, fields, key.map(CallersId::ofKey)));
        return () -> answers.one(request, response, receipt);
    }

    private void requireSize(Document document) {
        if (document.to() - document.from() > settings.maxAlertBytes()) {
            throw Uploads.tooLarge(settings.maxAlertBytes());
        }
    }

    private List<Attempt> batch(
            AlertBody body, boolean events, ItemFields fields, Optional<String> key) {
        var documents = body.batch(events, settings);
        for (var document : documents) {
            var _ = alert(new byte[0], document, fields, Optional.empty());
        }
        var attempts = new ArrayList<Attempt>();
        for (var i = 0; i < documents.size(); i++) {
            var place = i;
            attempts.add(
                    attempt(
                            alert(
                                    body,
                                    documents.get(i),
                                    fields,
                                    key.map(text -> CallersId.ofKey(text, place)))));
        }
        return attempts;
    }

    private Attempt attempt(Alert alert) {
        try {
            return new Attempt.Admitted(spool.save(alert));
        } catch (CamspoolException e) {
            return new Attempt.Refused(e);
        }
    }

    static Alert alert(
            AlertBody body, Document document, ItemFields fields, Optional<ItemId> callersId) {
        return alert(body.bytes(document), document, fields, callersId);
    }

    /// What is said beside the JSON goes before what it says itself.
    private static Alert alert(
            byte[] json, Document document, ItemFields fields, Optional<ItemId> callersId) {
        return new Alert(
                json,
                fields.alert().or(document::alert),
                fields.camera(),
                fields.time().or(document::time),
                fields.labels(),
                fields.priority().orElse(Capture.DEFAULT_PRIORITY),
                callersId.or(document::id),
                false);
    }

    private byte[] read(ServerRequest request, BodyMemory.Share share) throws IOException {
        var length = IntakeRequest.length(request);
        var in = RequestBody.of(request, settings.maxBatchBytes());
        if (length >= 0) {
            share.take(length);
            var body = new byte[(int) length];
            var come = in.readNBytes(body, 0, body.length);
            return come == body.length ? body : Arrays.copyOf(body, come);
        }
        return readGrowing(in, share);
    }

    /// Takes memory as more comes, so that few bytes take little.
    private static byte[] readGrowing(InputStream in, BodyMemory.Share share) throws IOException {
        share.take(FIRST_BYTES);
        var body = new byte[FIRST_BYTES];
        var length = 0;
        for (var count = in.read(body); count >= 0; ) {
            length += count;
            if (length == body.length) {
                share.take(body.length);
                body = Arrays.copyOf(body, 2 * body.length);
            }
            count = in.read(body, length, body.length - length);
        }
        return Arrays.copyOf(body, length);
    }
}
