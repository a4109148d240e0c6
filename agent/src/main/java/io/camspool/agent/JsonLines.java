package io.camspool.agent;

import io.camspool.agent.json.Json;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/// Prints one JSON object a line, at once.
final class JsonLines {
    private JsonLines() {}

    static void print(PrintWriter out, Json.Fields fields) {
        out.println(new String(Json.object(fields), StandardCharsets.UTF_8));
        out.flush();
    }
}
