package io.camspool;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// An alert held here; [SpoolReader#read] gives its JSON.
///
/// @param event empty: a caller's alert; else the CloudEvents type of an event of the spool's own
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
        boolean deliveredBefore,
        Optional<String> event)
        implements StoredItem {
    /// A caller's alert.
    public StoredAlert(
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
            boolean deliveredBefore) {
        this(
                id,
                seq,
                camera,
                alertId,
                time,
                labels,
                priority,
                bytes,
                sha256,
                confirmations,
                deliveredBefore,
                Optional.empty());
    }

    @Override
    public ItemKind kind() {
        return ItemKind.ALERT;
    }
}
