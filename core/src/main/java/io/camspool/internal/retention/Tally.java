package io.camspool.internal.retention;

import io.camspool.Amounts;
import io.camspool.Balance.Amount;
import io.camspool.Cleaned;
import io.camspool.internal.ledger.HeldItem;

/// Counts what becomes of items. Confined to one thread.
final class Tally {
    private Amounts removed = Amounts.NONE;
    private Amounts dropped = Amounts.NONE;
    private Amounts keptUndelivered = Amounts.NONE;
    private Amount keptLeased = Amount.NONE;
    private long imagesLeft;

    void removed(HeldItem item) {
        removed = removed.plus(item.kind(), amount(item));
    }

    void dropped(HeldItem item) {
        dropped = dropped.plus(item.kind(), amount(item));
    }

    void keptUndelivered(HeldItem item) {
        keptUndelivered = keptUndelivered.plus(item.kind(), amount(item));
    }

    void keptLeased(HeldItem item) {
        keptLeased = keptLeased.plus(amount(item));
    }

    void imagesLeft(int images) {
        imagesLeft += images;
    }

    private static Amount amount(HeldItem item) {
        return new Amount(1, item.bytes());
    }

    Cleaned cleaned() {
        return new Cleaned(removed, dropped, keptUndelivered, keptLeased, imagesLeft);
    }
}
