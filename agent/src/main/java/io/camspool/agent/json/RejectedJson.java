package io.camspool.agent.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.camspool.Rejected;
import java.io.IOException;

/// A delivery that was given up on; its item stands around it.
public final class RejectedJson {
    private RejectedJson() {}

    public static void write(JsonGenerator json, Rejected rejected) throws IOException {
        json.writeStringField("reason", rejected.reason());
        json.writeStringField("answer", rejected.answer());
        json.writeNumberField("refusals", rejected.refusals());
        json.writeStringField("rejected_at", rejected.when().toString());
    }
}
