package io.camspool.agent.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.camspool.Cleaned;
import java.io.IOException;

/// What a cleanup or a clear did, or would do.
public final class CleanedJson {
    private CleanedJson() {}

    public static void write(JsonGenerator json, Cleaned cleaned) throws IOException {
        Json.amounts(json, "removed", cleaned.removed());
        Json.amounts(json, "dropped", cleaned.dropped());
        Json.amounts(json, "kept_undelivered", cleaned.keptUndelivered());
        Json.amount(json, "kept_leased", cleaned.keptLeased());
        json.writeNumberField("images_left", cleaned.imagesLeft());
    }
}
