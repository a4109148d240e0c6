package io.camspool.internal.retention;

import io.camspool.internal.ledger.HeldItem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Which items are old enough to go; pure.
///
/// @param delivered may go
/// @param undelivered may go only as a drop
record Plan(List<HeldItem> delivered, List<HeldItem> undelivered) {
    /// An item is old when its own time and the time of its acceptance both are: one alone may come
    /// from a wrong clock. One that was accepted before the clock was set has no age of its own; it
    /// is older than what was accepted after it.
    ///
    /// @param cutoff old is what is before it
    /// @param lastOldSeq the newest item that was accepted before the cutoff by a clock that was
    ///   set; 0: none
    /// @param localOnly nothing will ever be delivered: everything counts as if it were
    static Plan of(List<HeldItem> items, Instant cutoff, long lastOldSeq, boolean localOnly) {
        var delivered = new ArrayList<HeldItem>();
        var undelivered = new ArrayList<HeldItem>();
        for (var item : items) {
            if (isOld(item, cutoff, lastOldSeq)) {
                (localOnly || item.delivered() ? delivered : undelivered).add(item);
            }
        }
        return new Plan(List.copyOf(delivered), List.copyOf(undelivered));
    }

    private static boolean isOld(HeldItem item, Instant cutoff, long lastOldSeq) {
        return item.time().isBefore(cutoff)
                && (isAgeless(item) ? item.seq() < lastOldSeq : item.acceptedAt().isBefore(cutoff));
    }

    /// Whether it was accepted before the clock was set.
    static boolean isAgeless(HeldItem item) {
        return item.acceptedAt().isBefore(HeldItem.SET_CLOCK);
    }
}
