package io.camspool.agent.api;

import io.camspool.ItemId;
import io.camspool.agent.Sha256;
import java.nio.charset.StandardCharsets;

/// The item id that follows from what a caller tells items apart by, the same at each repeat.
final class CallersId {
    /// 160 bits of a SHA-256: nobody finds two keys with the same.
    private static final int DIGITS = 40;

    private CallersId() {}

    /// Of an `Idempotency-Key`: itself where it can be an id. Quotes around it, as some clients
    /// send, are not part of it.
    static ItemId ofKey(String key) {
        var bare = unquoted(key);
        return ItemId.isValid(bare) ? new ItemId(bare) : derived("key-", bare);
    }

    /// Of one alert of a batch.
    ///
    /// @param place from 0
    static ItemId ofKey(String key, int place) {
        return derived("key-", place + " " + unquoted(key));
    }

    /// Of a CloudEvent: no two have both in common.
    static ItemId ofEvent(String source, String id) {
        return derived("event-", source.length() + " " + source + id);
    }

    private static String unquoted(String key) {
        return key.length() > 2 && key.startsWith("\"") && key.endsWith("\"")
                ? key.substring(1, key.length() - 1)
                : key;
    }

    private static ItemId derived(String prefix, String text) {
        var hash = Sha256.of(text.getBytes(StandardCharsets.UTF_8));
        return new ItemId(prefix + hash.substring(0, DIGITS));
    }
}
