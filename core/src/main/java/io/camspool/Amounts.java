package io.camspool;

import io.camspool.Balance.Amount;

/// Amounts of both kinds.
public record Amounts(Amount captures, Amount alerts) {
    public static final Amounts NONE = new Amounts(Amount.NONE, Amount.NONE);

    public Amount total() {
        return captures.plus(alerts);
    }

    /// These and some more of one kind.
    public Amounts plus(ItemKind kind, Amount more) {
        return switch (kind) {
            case CAPTURE -> new Amounts(captures.plus(more), alerts);
            case ALERT -> new Amounts(captures, alerts.plus(more));
        };
    }
}
