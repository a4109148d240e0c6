package io.camspool.internal.ledger;

import io.camspool.StoredItem;
import io.camspool.sink.CaptureLink;
import java.util.List;

/// A delivery that may be sent now.
///
/// @param source box and spool as they were when the item was accepted: a repeat carries the same
///   bytes, also when the box was renamed meanwhile
/// @param refusals how often the sink has refused the item
/// @param captures what was saved with it, if it is an alert, whether it is still held or not
/// @param isIncomplete whether some of them are not at the sink that it waited for
public record DueDelivery(
        StoredItem item,
        String path,
        String key,
        String source,
        int refusals,
        List<CaptureLink> captures,
        boolean isIncomplete) {
    public DueDelivery {
        captures = List.copyOf(captures);
    }
}
