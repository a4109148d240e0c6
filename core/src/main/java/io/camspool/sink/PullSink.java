package io.camspool.sink;

import io.camspool.ItemId;
import java.time.Duration;
import java.util.List;

/// A sink that programs drain themselves: they take what is due, bring it where it belongs by their
/// own means, and confirm. Thread-safe: concurrent callers never get the same delivery at once.
///
/// What is due is leased to its caller. A lease ends when it is answered for, by itself when its
/// time is over, and when the spool closes. Leases are held in memory, so only the process that
/// owns the folder can give them: there is no command for it, other processes ask the agent over
/// its HTTP API. What was leased and never confirmed comes again, with the same id, key and bytes:
/// the receiver must take a repeat as such.
///
/// [Sinks#pull] makes one, for all items or one kind of them. What a required one is owed stays
/// until it is confirmed; if nobody drains it, forever.
///
/// All throw a [io.camspool.CamspoolException]: CLOSED; STORAGE or UNKNOWN_OUTCOME when the ledger
/// can't be read or written, after which a repeat of the call is safe.
public interface PullSink {
    /// How long a lease lasts when the caller doesn't say.
    Duration LEASE = Duration.ofMinutes(5);

    /// Longest lease.
    Duration MAX_LEASE = Duration.ofDays(1);

    /// Most deliveries at once, and most that are leased at a time.
    int MAX_ITEMS = 10_000;

    String id();

    /// As [#due(int, Duration)], for [#LEASE].
    default List<Delivery> due(int items) {
        return due(items, LEASE);
    }

    /// Leases up to so many deliveries: alerts first, then by priority, then by order of
    /// acceptance. Empty when nothing is due. Each was read and compared with its hash: what is
    /// damaged is rejected instead, and what can't be read now comes later. The time of a lease
    /// begins when this returns.
    ///
    /// @param items 1 to [#MAX_ITEMS]
    /// @param leaseFor 1 second to [#MAX_LEASE]
    List<Delivery> due(int items, Duration leaseFor);

    /// Notes that an item was delivered; durable when it returns. Counts also after its lease has
    /// ended, and ends the lease that somebody else has got meanwhile. False when it is not owed
    /// (any more): somebody has confirmed it already, or it was removed or rejected.
    ///
    /// @param proof what shows it, for the log of confirmations: an address, an answer; its first
    ///   1,000 characters are kept
    default boolean confirm(ItemId id, String proof) {
        return confirm(List.of(id), proof) == 1;
    }

    /// Notes that items were delivered; answers how many were owed. What has been noted stays so
    /// when the rest fails.
    ///
    /// @param proof as in [#confirm(ItemId, String)]
    int confirm(List<ItemId> ids, String proof);

    /// Ends the lease of a delivery that [#due] has given: it is due again at once. False when that
    /// lease has ended before; whoever has the item now keeps it.
    boolean release(Delivery delivery);

    /// Notes that the destination will never take this item, whatever the network does. It waits
    /// and comes again, and is rejected at the fifth refusal: kept, visible, and no longer due.
    /// False, and nothing is noted, when the lease of this delivery has ended before.
    ///
    /// @param reason in words; its first 1,000 characters are kept
    boolean refuse(Delivery delivery, String reason);
}
