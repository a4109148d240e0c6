package io.camspool.internal.ledger;

import io.camspool.ItemId;
import io.camspool.Undelivered;
import java.util.List;
import java.util.Optional;

/// Which items to mark as removing, and on what terms.
///
/// @param localOnly nothing will ever be delivered: everything may go and counts as removed
/// @param reason what the record of a drop says
/// @param at when it is, in milliseconds since 1970
/// @param event what tells the sinks of what is dropped; empty: nothing does
public record RemovalOrder(
        List<ItemId> ids,
        Undelivered policy,
        boolean localOnly,
        String reason,
        long at,
        Optional<DropEvent> event) {
    public RemovalOrder {
        ids = List.copyOf(ids);
    }

    /// The name of an event that may be made.
    ///
    /// @param path as of an alert, below its prefix at a sink
    public record DropEvent(ItemId id, String path) {}
}
