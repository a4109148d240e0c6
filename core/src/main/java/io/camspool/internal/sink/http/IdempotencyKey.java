package io.camspool.internal.sink.http;

import io.camspool.internal.disk.Sha256;
import io.camspool.internal.sink.http.Request.Header;
import io.camspool.sink.Delivery;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/// Tells a receiver that a request is a repeat: the same for the same deliveries with the same
/// bytes. Ids alone would not do: those that callers give come again from another box, from one
/// that was installed anew, and long after their items are gone.
final class IdempotencyKey {
    private IdempotencyKey() {}

    /// As a header, for a request that carries these.
    static Header of(List<Delivery> deliveries) {
        var digest = Sha256.newDigest();
        for (var delivery : deliveries) {
            var line = delivery.item().sha256() + " " + delivery.key() + "\n";
            digest.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return Header.of("Idempotency-Key", HexFormat.of().formatHex(digest.digest()));
    }
}
