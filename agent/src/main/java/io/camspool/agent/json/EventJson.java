package io.camspool.agent.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.camspool.ItemId;
import io.camspool.ItemKind;
import io.camspool.SpoolEvent;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/// Something that has happened.
public final class EventJson {
    /// Of the notice that a slow reader has missed some.
    public static final String MISSED = "missed";

    /// All that [#type] answers.
    public static final List<String> TYPES =
            List.of("stored", "delivered", "rejected", "dropped", "sink-down", "sink-up");

    private EventJson() {}

    public static String type(SpoolEvent event) {
        return switch (event) {
            case SpoolEvent.Stored _ -> "stored";
            case SpoolEvent.Delivered _ -> "delivered";
            case SpoolEvent.Rejected _ -> "rejected";
            case SpoolEvent.Dropped _ -> "dropped";
            case SpoolEvent.SinkDown _ -> "sink-down";
            case SpoolEvent.SinkUp _ -> "sink-up";
        };
    }

    /// One event.
    ///
    /// @param at when it is told
    public static void write(JsonGenerator json, SpoolEvent event, Instant at) throws IOException {
        json.writeStringField("type", type(event));
        json.writeStringField("at", at.toString());
        switch (event) {
            case SpoolEvent.Stored stored -> {
                item(json, stored.id(), stored.kind());
                json.writeNumberField("seq", stored.seq());
                Json.optional(json, "camera", stored.camera());
                Json.optional(json, "alert", stored.alertId());
                json.writeStringField("time", stored.time().toString());
                json.writeNumberField("bytes", stored.bytes());
            }
            case SpoolEvent.Delivered delivered -> {
                item(json, delivered.id(), delivered.kind());
                json.writeStringField("sink", delivered.sink());
            }
            case SpoolEvent.Rejected rejected -> {
                item(json, rejected.id(), rejected.kind());
                json.writeStringField("sink", rejected.sink());
                json.writeStringField("reason", rejected.reason());
            }
            case SpoolEvent.Dropped dropped -> {
                item(json, dropped.id(), dropped.kind());
                json.writeStringField("reason", dropped.reason());
            }
            case SpoolEvent.SinkDown down -> {
                json.writeStringField("sink", down.sink());
                json.writeStringField("reason", down.reason());
            }
            case SpoolEvent.SinkUp up -> json.writeStringField("sink", up.sink());
        }
    }

    public static void missed(JsonGenerator json, long events, Instant at) throws IOException {
        json.writeStringField("type", MISSED);
        json.writeStringField("at", at.toString());
        json.writeNumberField("missed", events);
    }

    private static void item(JsonGenerator json, ItemId id, ItemKind kind) throws IOException {
        json.writeStringField("id", id.value());
        json.writeStringField("kind", Json.word(kind));
    }
}
