package io.camspool.internal.ledger;

import io.camspool.ItemId;
import io.camspool.ItemKind;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Makes items to commit.
final class Items {
    private Items() {}

    static NewItem item(
            ItemKind kind, String id, Instant time, int priority, Map<String, String> labels) {
        var isAlert = kind == ItemKind.ALERT;
        return new NewItem(
                new ItemId(id),
                kind,
                Optional.of("gate-1"),
                Optional.of("alert-42"),
                time,
                time,
                labels,
                priority,
                isAlert ? "application/json" : "image/jpeg",
                2,
                64,
                48,
                Optional.empty(),
                new byte[32],
                new byte[32],
                id,
                isAlert ? new byte[] {'{', '}'} : null,
                false,
                false);
    }

    /// The same under an id of the caller's.
    static NewItem withCallersId(NewItem item) {
        return with(item, true, item.deliveredBefore());
    }

    /// The same, owed to no sink.
    static NewItem deliveredBefore(NewItem item) {
        return with(item, item.hasCallerId(), true);
    }

    private static NewItem with(NewItem item, boolean hasCallerId, boolean deliveredBefore) {
        return new NewItem(
                item.id(),
                item.kind(),
                item.camera(),
                item.alertId(),
                item.time(),
                item.acceptedAt(),
                item.labels(),
                item.priority(),
                item.mediaType(),
                item.bytes(),
                item.width(),
                item.height(),
                item.change(),
                item.inputSha256(),
                item.sha256(),
                item.path(),
                item.json(),
                hasCallerId,
                deliveredBefore);
    }
}
