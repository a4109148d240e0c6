package io.camspool.agent.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.camspool.SinkStatus;
import io.camspool.Status;
import java.io.IOException;

/// How one sink stands.
public final class SinkJson {
    /// What [#state] says of a sink that takes what it is sent.
    public static final String UP = "up";

    private SinkJson() {}

    public static void write(JsonGenerator json, SinkStatus sink, Status status)
            throws IOException {
        json.writeStringField("id", sink.id());
        json.writeStringField("state", state(sink, status));
        json.writeBooleanField("required", sink.required());
        json.writeBooleanField("configured", sink.configured());
        json.writeBooleanField("enabled", sink.enabled());
        json.writeBooleanField("paused", sink.paused());
        Json.amount(json, "backlog", sink.backlog());
        Json.amount(json, "delivered", sink.delivered());
        Json.amount(json, "rejected", sink.rejected());
        Json.amount(json, "dropped", sink.dropped());
        Json.time(json, "oldest", sink.oldest());
        if (sink.rate().isPresent()) {
            json.writeObjectFieldStart("rate");
            json.writeNumberField("items", sink.rate().get().items());
            json.writeNumberField("bytes", sink.rate().get().bytes());
            json.writeEndObject();
        }
        if (sink.timeToDrain().isPresent()) {
            json.writeNumberField("drain_seconds", sink.timeToDrain().get().toSeconds());
        }
        Json.time(json, "next_try", sink.nextProbe());
        Json.optional(json, "trouble", sink.trouble());
    }

    /// Whether it is up only the process that sends to it can tell.
    public static String state(SinkStatus sink, Status status) {
        if (!sink.configured()) {
            return "no longer configured";
        }
        if (!sink.enabled()) {
            return "disabled";
        }
        if (sink.paused()) {
            return "paused";
        }
        if (sink.nextProbe().isPresent() || sink.trouble().isPresent()) {
            return "down";
        }
        return status.intake().isPresent() ? UP : "unknown";
    }
}
