package io.camspool.internal.ledger;

import io.camspool.ItemId;
import io.camspool.Undelivered;
import java.util.List;

/// Which items to mark as removing, and on what terms.
///
/// @param localOnly nothing will ever be delivered: everything may go and counts as removed
/// @param reason what the record of a drop says
/// @param at when it is, in milliseconds since 1970
public record RemovalOrder(
        List<ItemId> ids, Undelivered policy, boolean localOnly, String reason, long at) {
    public RemovalOrder {
        ids = List.copyOf(ids);
    }
}
