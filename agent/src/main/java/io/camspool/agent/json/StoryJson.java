package io.camspool.agent.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.camspool.Story;
import java.io.IOException;
import java.util.List;

/// What became of an item at each sink.
public final class StoryJson {
    private StoryJson() {}

    public static void write(JsonGenerator json, List<Story.AtSink> sinks) throws IOException {
        json.writeArrayFieldStart("sinks");
        for (var at : sinks) {
            json.writeStartObject();
            json.writeStringField("sink", at.sink());
            json.writeStringField("state", state(at));
            Json.time(json, "when", at.when());
            json.writeNumberField("refusals", at.refusals());
            Json.optional(json, "key", at.key());
            Json.optional(json, "proof", at.proof());
            Json.optional(json, "reason", at.reason());
            Json.optional(json, "answer", at.answer());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /// `not-owed`
    public static String state(Story.AtSink at) {
        return Json.word(at.state());
    }
}
