package io.camspool.agent.api;

import io.camspool.Camspool;
import io.camspool.Receipt;
import io.camspool.agent.http.RequestBody;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;

/// Stores one capture a request. Thread-safe.
final class CapturesIntake {
    private final Camspool spool;
    private final CaptureBodies bodies;
    private final SavedAnswers answers;

    CapturesIntake(Camspool spool, CaptureBodies bodies, SavedAnswers answers) {
        this.spool = spool;
        this.bodies = bodies;
        this.answers = answers;
    }

    void save(ServerRequest request, ServerResponse response) throws IOException {
        answers.one(request, response, receipt(request));
    }

    /// What the body took is free again when this returns: the spool has its own copy.
    private Receipt receipt(ServerRequest request) throws IOException {
        var fields = ItemFields.of(request, CaptureBodies.FIELDS);
        var key = IntakeRequest.key(request);
        var capture = CaptureFields.of(fields);
        try (var body =
                bodies.receive(
                        IntakeRequest.mediaType(request),
                        fields,
                        IntakeRequest.length(request),
                        maxBytes -> RequestBody.of(request, maxBytes))) {
            return spool.save(capture.with(body.content(), key.map(CallersId::ofKey)));
        }
    }
}
