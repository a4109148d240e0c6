package io.camspool;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// An item held here.
public sealed interface StoredItem permits StoredCapture, StoredAlert {
    ItemId id();

    /// Order of acceptance, without gaps, from 1.
    long seq();

    ItemKind kind();

    Optional<String> alertId();

    /// When it was taken or happened.
    Instant time();

    Map<String, String> labels();

    int priority();

    /// Size of what is stored, in bytes.
    long bytes();

    /// SHA-256 of what is stored, 64 lower-case hexadecimal digits.
    String sha256();

    /// Deliveries that required sinks have confirmed.
    int confirmations();

    /// Whether it was delivered before it came here, see [Capture#asDeliveredBefore].
    boolean deliveredBefore();
}
