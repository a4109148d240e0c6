package io.camspool.internal.ledger;

import io.camspool.ItemKind;

/// The numbers that kinds have in the ledger; they never change.
final class Kinds {
    static final int CAPTURE = 0;
    static final int ALERT = 1;

    private Kinds() {}

    static int number(ItemKind kind) {
        return switch (kind) {
            case CAPTURE -> CAPTURE;
            case ALERT -> ALERT;
        };
    }

    static ItemKind of(int number) {
        return switch (number) {
            case CAPTURE -> ItemKind.CAPTURE;
            case ALERT -> ItemKind.ALERT;
            default -> throw new IllegalStateException("the ledger has an item of kind " + number);
        };
    }
}
