package io.camspool.agent.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.camspool.CamspoolException.Reason;
import io.camspool.Status;
import io.camspool.Status.IntakeStatus;
import java.io.IOException;
import java.util.TreeMap;

/// The state of a spool.
public final class StatusJson {
    /// What whoever only reads a folder says of its owner's health: a reader's status carries no
    /// intake, and can't tell whether something can be stored.
    public static final String UNKNOWN = "unknown";

    private StatusJson() {}

    public static void write(JsonGenerator json, Status status) throws IOException {
        json.writeStringField("data", status.data().toString());
        json.writeStringField("box", status.box());
        json.writeStringField("spool", status.spoolId());
        json.writeStringField("health", health(status));
        json.writeObjectFieldStart("turned_away");
        for (var count : new TreeMap<>(status.turnedAway()).entrySet()) {
            json.writeNumberField(inWords(count.getKey()), count.getValue());
        }
        json.writeEndObject();
        json.writeArrayFieldStart("reasons");
        for (var reason : status.reasons()) {
            json.writeString(reason);
        }
        json.writeEndArray();
        Json.balance(json, "captures", status.captures());
        Json.balance(json, "alerts", status.alerts());
        json.writeBooleanField("balanced", isBalanced(status));
        if (status.intake().isPresent()) {
            json.writeObjectFieldStart("intake");
            write(json, status.intake().get());
            json.writeEndObject();
        }
        json.writeArrayFieldStart("sinks");
        for (var sink : status.sinks()) {
            json.writeStartObject();
            SinkJson.write(json, sink, status);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, IntakeStatus intake) throws IOException {
        json.writeNumberField("pending_bytes", intake.pendingBytes());
        json.writeNumberField("max_pending_bytes", intake.maxPendingBytes());
        json.writeNumberField("waited", intake.waited());
        json.writeNumberField("refused", intake.refused());
        json.writeNumberField("failed", intake.failed());
        json.writeStringField("codec", intake.codec());
        json.writeArrayFieldStart("pools");
        for (var pool : intake.pools()) {
            json.writeStartObject();
            json.writeStringField("name", pool.name());
            json.writeNumberField("used_bytes", pool.usedBytes());
            json.writeNumberField("max_bytes", pool.maxBytes());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /// `green`, or that it is [#UNKNOWN].
    public static String health(Status status) {
        return status.intake().isPresent() ? Json.word(status.health()) : UNKNOWN;
    }

    public static boolean isBalanced(Status status) {
        return status.captures().holds() && status.alerts().holds();
    }

    /// `intake-full`
    public static String inWords(Reason reason) {
        return Json.word(reason);
    }
}
