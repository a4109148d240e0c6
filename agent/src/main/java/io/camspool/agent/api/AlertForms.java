package io.camspool.agent.api;

import io.camspool.Alert;
import io.camspool.Camspool;
import io.camspool.Capture;
import io.camspool.NearestWord;
import io.camspool.Receipt;
import io.camspool.agent.api.CaptureBodies.Received;
import io.camspool.agent.api.Multipart.Part;
import io.camspool.agent.http.Problem;
import io.camspool.agent.http.ProblemException;
import io.camspool.agent.http.RequestBody;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Stores an alert and its captures from the parts of one form, all of them or none. Thread-safe.
final class AlertForms {
    private static final String ALERT = "alert";
    private static final String CAPTURE = "capture";
    private static final List<String> NAMES = List.of(ALERT, CAPTURE);

    private final Camspool spool;
    private final CaptureBodies bodies;
    private final IntakeSettings settings;

    AlertForms(Camspool spool, CaptureBodies bodies, IntakeSettings settings) {
        this.spool = spool;
        this.bodies = bodies;
        this.settings = settings;
    }

    /// The receipts, the alert's first.
    List<Receipt> save(
            ServerRequest request, MediaType type, ItemFields fields, Optional<String> key)
            throws IOException {
        try (var form = new Form(fields, key)) {
            var parts = Multipart.of(RequestBody.of(request, settings.maxOpaqueBytes()), type);
            for (var part = parts.next(); part.isPresent(); part = parts.next()) {
                form.add(part.get());
            }
            return form.save();
        }
    }

    /// What has come of one.
    private final class Form implements AutoCloseable {
        private final ItemFields fields;
        private final Optional<String> key;
        private final List<Received> received = new ArrayList<>();
        private final List<Capture> captures = new ArrayList<>();
        private @Nullable Alert alert;

        Form(ItemFields fields, Optional<String> key) {
            this.fields = fields;
            this.key = key;
        }

        void add(Part part) throws IOException {
            switch (part.name()) {
                case ALERT -> addAlert(part);
                case CAPTURE -> addCapture(part);
                default -> throw unknown(part.name());
            }
        }

        private void addAlert(Part part) throws IOException {
            if (alert != null) {
                throw refused(ALERT, "two parts", "one part");
            }
            var type = part.mediaType();
            type.ifPresent(MediaType::requireUtf8);
            var json = part.content().readNBytes(settings.maxAlertBytes() + 1);
            if (json.length > settings.maxAlertBytes()) {
                throw Uploads.tooLarge(settings.maxAlertBytes());
            }
            var body = new AlertBody(json);
            var isEvent = type.filter(is -> is.name().equals(AlertsIntake.EVENT)).isPresent();
            alert =
                    AlertsIntake.alert(
                            body,
                            isEvent ? body.event(settings.maxAlertDepth()) : body.alert(),
                            fields,
                            key.map(CallersId::ofKey));
        }

        private void addCapture(Part part) throws IOException {
            if (captures.size() == settings.maxGroupCaptures()) {
                throw refused(
                        CAPTURE,
                        "more than " + settings.maxGroupCaptures() + " parts",
                        "at most " + settings.maxGroupCaptures() + " parts");
            }
            var own = ItemFields.of(part::all);
            var capture = CaptureFields.of(own, fields);
            var body =
                    bodies.receive(
                            part.mediaType().orElse(MediaType.of("")),
                            own,
                            -1,
                            _ -> part.content());
            received.add(body);
            captures.add(capture.with(body.content(), Optional.empty()));
        }

        List<Receipt> save() {
            if (alert == null) {
                throw refused(ALERT, "", "a part with the alert's JSON");
            }
            return spool.save(alert, captures);
        }

        @Override
        public void close() {
            received.forEach(Received::close);
        }
    }

    private static ProblemException unknown(String name) {
        var problem = Problem.invalid(name, name, String.join(", ", NAMES));
        return new ProblemException(
                NearestWord.meant(name, NAMES)
                        .map(
                                nearest ->
                                        problem.hint(
                                                "unknown part; did you mean '" + nearest + "'?"))
                        .orElse(problem.hint("unknown part")));
    }

    private static ProblemException refused(String field, String value, String allowed) {
        return new ProblemException(Problem.invalid(field, value, allowed));
    }
}
