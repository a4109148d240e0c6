package io.camspool;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// An alert held here; [SpoolReader#read] gives its JSON.
public record StoredAlert(
        ItemId id,
        long seq,
        Optional<String> camera,
        Optional<String> alertId,
        Instant time,
        Map<String, String> labels,
        int priority,
        long bytes,
        String sha256,
        int confirmations,
        boolean deliveredBefore)
        implements StoredItem {
    @Override
    public ItemKind kind() {
        return ItemKind.ALERT;
    }
}
