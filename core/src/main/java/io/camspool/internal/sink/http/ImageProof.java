package io.camspool.internal.sink.http;

import io.camspool.StoredCapture;
import io.camspool.sink.Outcome;
import java.util.List;
import java.util.Optional;

/// What shows that the receiver holds an image, or another in its place.
final class ImageProof {
    private ImageProof() {}

    /// What a 2xx counts as that no rule speaks of.
    static Outcome outcome(Reply reply, StoredCapture capture) {
        var status = reply.status();
        if (status != 200 && status != 201 && status != 204) {
            return new Outcome.SinkFault(
                    "answered %d, which is no proof that it is stored; allowed: 200, 201, 204"
                            .formatted(status));
        }
        var held = sha256(reply);
        if (held.isPresent() && !held.get().equals(capture.sha256())) {
            return new Outcome.SinkFault(
                    "answered %d with the hash of other bytes: %s".formatted(status, held.get()));
        }
        return new Outcome.Delivered("answered " + status + shown(reply));
    }

    /// Whether what the receiver holds already is this image.
    static boolean isThere(Reply reply, StoredCapture capture) {
        return (reply.status() == 409 || reply.status() == 412)
                && (sha256(reply).equals(Optional.of(capture.sha256()))
                        || reply.header("ETag")
                                .map(tag -> tag.replaceAll("^W/|\"", ""))
                                .equals(Optional.of(capture.sha256())));
    }

    private static String shown(Reply reply) {
        for (var name : List.of("ETag", "Location")) {
            var value = reply.header(name);
            if (value.isPresent()) {
                return ", " + name + " " + value.get();
            }
        }
        return sha256(reply).map(hash -> ", SHA-256 " + hash).orElse("");
    }

    /// Only what is said of the stored bytes: a digest header speaks of the answer's own.
    private static Optional<String> sha256(Reply reply) {
        return reply.header("Camspool-Sha256");
    }
}
