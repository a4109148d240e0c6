package io.camspool.internal.ledger;

import io.camspool.ItemId;
import io.camspool.ItemKind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An item about to be committed.
///
/// @param inputSha256 of what was handed in; null for a raw frame without an id of the caller's
/// @param width in pixels; 0, as the height, where there is none
/// @param path of a capture below the archive; of an alert below its prefix at a sink
/// @param json of an alert
/// @param hasCallerId whether a repeat under its id is to be known also when it is gone
/// @param deliveredBefore whether no sink is ever owed it
@SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
public record NewItem(
        ItemId id,
        ItemKind kind,
        Optional<String> camera,
        Optional<String> alertId,
        Instant time,
        Instant acceptedAt,
        Map<String, String> labels,
        int priority,
        String mediaType,
        long bytes,
        int width,
        int height,
        Optional<String> change,
        byte @Nullable [] inputSha256,
        byte[] sha256,
        String path,
        byte @Nullable [] json,
        boolean hasCallerId,
        boolean deliveredBefore) {
    /// What a row costs besides its JSON, with its entries in the indexes, in bytes.
    private static final long ROW_BYTES = 1_000;

    /// What it adds to the ledger, roughly.
    long ledgerBytes() {
        return ROW_BYTES + ownBytes();
    }

    /// What its content and its names take of that.
    long ownBytes() {
        return (json == null ? 0 : json.length) + nameBytes(camera, alertId, labels) + utf8(path);
    }

    /// What names and labels of an item take, in UTF-8.
    public static long nameBytes(
            Optional<String> camera, Optional<String> alertId, Map<String, String> labels) {
        var bytes = camera.map(NewItem::utf8).orElse(0L) + alertId.map(NewItem::utf8).orElse(0L);
        for (var label : labels.entrySet()) {
            bytes += utf8(label.getKey()) + utf8(label.getValue());
        }
        return bytes;
    }

    private static long utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
