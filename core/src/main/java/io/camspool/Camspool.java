package io.camspool;

import io.camspool.internal.engine.Engine;
import io.camspool.sink.PullSink;
import java.time.Duration;
import java.util.List;

/// A durable spool for camera captures and alerts: the front door. One owner per data folder;
/// thread-safe.
public interface Camspool extends SpoolReader {
    /// How long [#close()] waits for what is under way.
    Duration CLOSE_DEADLINE = Duration.ofSeconds(30);

    /// Opens the data folder, makes it if there is none, and heals what a crash left behind. Throws
    /// a [CamspoolException]: LOCKED with the holder's pid, FORMAT when a newer version wrote the
    /// folder, STORAGE.
    static Camspool open(CamspoolConfig config) {
        return Engine.open(config);
    }

    /// Accepts a capture. Returns when its memory, or its file, has been copied, so that the caller
    /// may reuse it; may wait up to [IntakeLimits#admissionWait] when the intake is full. Throws a
    /// [CamspoolException] with reason INVALID, INTAKE_FULL, STORAGE or CLOSED: then nothing was
    /// accepted.
    Receipt save(Capture capture);

    /// Accepts an alert; errors as above. Alerts have a budget of their own and never queue behind
    /// frames.
    Receipt save(Alert alert);

    /// Accepts an alert and its captures, which are stored together or not at all. Captures that
    /// name no alert get the alert's id. The receipts are in order: the alert's, then the
    /// captures'.
    List<Receipt> save(Alert alert, List<Capture> captures);

    /// Removes one item; it is never implied that something undelivered may go.
    Removal remove(ItemId id, Undelivered policy);

    /// Removes what is old, delivered before undelivered; what is undelivered stays unless the
    /// order says otherwise, and what is being sent stays in any case. Runs on the caller's thread,
    /// in steps between which saves and deliveries go on; cost grows with what is old. Throws a
    /// [CamspoolException]: CLOSED; TIMEOUT when the thread is interrupted; STORAGE. What it had
    /// begun is finished then by the upkeep or the next open.
    Cleaned cleanup(Cleanup cleanup);

    /// Drops everything undelivered, whatever its age, when it is exactly so many items:
    /// [#undelivered] names the loss, and nobody clears more than was seen. Throws INVALID with
    /// both numbers when it isn't. What is saved meanwhile stays, what is being sent stays too, and
    /// what is delivered meanwhile counts as removed. Otherwise as [#cleanup].
    Cleaned clear(long undeliveredItems);

    /// The pull sink of this name; INVALID when none such is configured.
    PullSink pull(String id);

    /// Has nothing sent to a sink until [#resumeSink], also after the next open; it is owed what
    /// comes meanwhile. What is being sent ends first. INVALID where there is no such sink.
    void pauseSink(String id);

    /// Ends [#pauseSink].
    void resumeSink(String id);

    /// Has a sink sent at once what waits for its batch to fill, and tried again now where it is
    /// down. INVALID where no such sink is sent to here.
    void syncSink(String id);

    /// Gives up all deliveries that a sink is owed, waiting or rejected, when it is exactly so many
    /// items, and the sink with them: [SinkStatus#owed] names the loss. The items stay. Throws
    /// INVALID with both numbers when it isn't so many, and for a sink that is configured in this
    /// spool: take it out of the configuration first. Runs on the caller's thread, in steps between
    /// which saves and deliveries go on; from the first of them on the sink is gone, and what ends
    /// it in between is finished by the upkeep or the next open.
    ///
    /// @return the loss
    Balance.Amount forgetSink(String id, long owedItems);

    /// Has a sink that rejected these items sent them again, as if it had never refused them; at
    /// most 1,000.
    ///
    /// @return how many of them it had rejected
    long retryRejected(String sink, List<ItemId> items);

    /// As above, for all that it has rejected, in steps; each once, whatever becomes of it
    /// meanwhile.
    long retryRejected(String sink);

    /// Gives up for good what a sink has rejected of these items, at most 1,000, when it is exactly
    /// so many: then they count as no longer owed to it, and stay held. Throws INVALID with both
    /// numbers when it isn't.
    ///
    /// @return the loss
    Balance.Amount dropRejected(String sink, List<ItemId> items, long rejectedItems);

    /// As above, for all that it has rejected, in steps: [SinkStatus#rejected] names the loss. No
    /// more than that many go, though more may be rejected meanwhile.
    Balance.Amount dropRejected(String sink, long rejectedItems);

    /// Waits until nothing is owed to any sink that is configured and enabled; false when the limit
    /// came first.
    boolean awaitDelivered(Duration limit);

    /// What has been measured since this open; constant cost.
    Measures measures();

    /// Tells what happens from now on; see [EventFeed]. Costs nothing where nobody listens. Throws
    /// a [CamspoolException]: INVALID, CLOSED.
    ///
    /// @param capacity events that may wait to be read, 1 to 100,000
    EventFeed events(int capacity);

    /// Stops accepting, stores what was accepted, stops sending, and lets the folder go. What the
    /// deadline left unfinished is named.
    Unfinished close(Duration deadline);

    /// As [#close(Duration)] with [#CLOSE_DEADLINE]; throws a [CamspoolException] when something is
    /// unfinished.
    @Override
    void close();
}
