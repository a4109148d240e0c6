package io.camspool.agent.api;

import java.net.http.HttpResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What an answer says.
final class Answer {
    private static final JsonMapper JSON = new JsonMapper();

    private Answer() {}

    static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }

    static String text(HttpResponse<String> response, String pointer) {
        return json(response).at(pointer).asString();
    }

    static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}
