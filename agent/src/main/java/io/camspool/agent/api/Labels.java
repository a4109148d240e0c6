package io.camspool.agent.api;

import io.camspool.agent.http.Problem;
import io.camspool.agent.http.ProblemException;
import io.helidon.webserver.http.ServerRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Labels as they stand in a query: `label=name=value`, repeated.
final class Labels {
    static final String FIELD = "label";

    private Labels() {}

    static Map<String, String> ofQuery(ServerRequest request) {
        return request.query().contains(FIELD)
                ? parse(FIELD, request.query().all(FIELD))
                : Map.of();
    }

    static Map<String, String> parse(String field, List<String> texts) {
        var labels = new LinkedHashMap<String, String>();
        for (var text : texts) {
            var split = text.indexOf('=');
            if (split < 1) {
                throw new ProblemException(Problem.invalid(field, text, "name=value"));
            }
            if (labels.put(text.substring(0, split), text.substring(split + 1)) != null) {
                throw new ProblemException(Problem.invalid(field, text, "each name once"));
            }
        }
        return labels;
    }
}
