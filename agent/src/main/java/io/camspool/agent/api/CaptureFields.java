package io.camspool.agent.api;

import io.camspool.Capture;
import io.camspool.Content;
import io.camspool.ItemId;
import io.camspool.agent.http.Problem;
import io.camspool.agent.http.ProblemException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// What is said of a capture, read before its content comes.
record CaptureFields(
        String camera,
        Optional<String> alert,
        Optional<Instant> time,
        Map<String, String> labels,
        int priority) {
    static CaptureFields of(ItemFields fields) {
        return of(fields, fields);
    }

    /// Of a capture in a form, which has the camera, time and priority of the request where it
    /// names none.
    static CaptureFields of(ItemFields fields, ItemFields request) {
        return new CaptureFields(
                fields.camera().or(request::camera).orElseThrow(CaptureFields::noCamera),
                fields.alert(),
                fields.time().or(request::time),
                fields.labels(),
                fields.priority().or(request::priority).orElse(Capture.DEFAULT_PRIORITY));
    }

    Capture with(Content content, Optional<ItemId> id) {
        return new Capture(
                camera, content, alert, time, labels, priority, Optional.empty(), id, false);
    }

    private static ProblemException noCamera() {
        return new ProblemException(
                Problem.invalid("camera", "", "a name")
                        .hint("name its camera by camera in the query, or by Camspool-Camera"));
    }
}
