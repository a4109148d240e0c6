package io.camspool.agent.api;

import io.camspool.agent.http.Fields;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.util.Optional;

/// What a request that hands something in says of itself, and not of the item.
final class IntakeRequest {
    private static final int MAX_LENGTH = 255;

    private IntakeRequest() {}

    static Optional<String> key(ServerRequest request) {
        return Fields.header(request, "Idempotency-Key", MAX_LENGTH);
    }

    static MediaType mediaType(ServerRequest request) {
        return MediaType.of(Fields.header(request, "Content-Type", MAX_LENGTH).orElse(""));
    }

    /// The bytes of its body; -1: it does not say.
    static long length(ServerRequest request) {
        return request.headers().contains(HeaderNames.CONTENT_LENGTH)
                ? request.headers().contentLength().orElse(-1)
                : -1;
    }
}
