package io.camspool.agent.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.camspool.StoredAlert;
import io.camspool.StoredCapture;
import io.camspool.StoredItem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;

/// An item held here.
///
/// @param path how the path of a capture's file is shown
public record ItemJson(Function<Path, String> path) {
    /// Paths as they are.
    public static final ItemJson PLAIN = new ItemJson(Path::toString);

    public void write(JsonGenerator json, StoredItem item) throws IOException {
        json.writeStringField("id", item.id().value());
        json.writeStringField("kind", Json.word(item.kind()));
        json.writeNumberField("seq", item.seq());
        switch (item) {
            case StoredCapture capture -> write(json, capture);
            case StoredAlert alert -> {
                Json.optional(json, "camera", alert.camera());
                Json.optional(json, "event", alert.event());
            }
        }
        Json.optional(json, "alert", item.alertId());
        json.writeStringField("time", item.time().toString());
        json.writeNumberField("priority", item.priority());
        json.writeNumberField("bytes", item.bytes());
        json.writeStringField("sha256", item.sha256());
        json.writeNumberField("confirmations", item.confirmations());
        json.writeBooleanField("delivered_before", item.deliveredBefore());
        json.writeObjectFieldStart("labels");
        for (var label : item.labels().entrySet()) {
            json.writeStringField(label.getKey(), label.getValue());
        }
        json.writeEndObject();
    }

    private void write(JsonGenerator json, StoredCapture capture) throws IOException {
        json.writeStringField("camera", capture.camera());
        json.writeStringField("path", path.apply(capture.path()));
        json.writeStringField("media_type", capture.mediaType());
        if (capture.sides().isPresent()) {
            json.writeNumberField("width", capture.sides().get().width());
            json.writeNumberField("height", capture.sides().get().height());
        }
        Json.optional(json, "input_sha256", capture.inputSha256());
        Json.optional(json, "change", capture.change());
    }
}
