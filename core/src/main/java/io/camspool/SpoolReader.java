package io.camspool;

import io.camspool.internal.engine.Engine;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongConsumer;

/// Reads a spool, also while another process owns its folder. Thread-safe.
public interface SpoolReader extends AutoCloseable {
    /// Opens an existing data folder for reading only; takes no lock and changes nothing.
    static SpoolReader open(Path data) {
        return Engine.read(data);
    }

    Optional<StoredItem> find(ItemId id);

    /// The newest capture of this camera and alert, of whatever date.
    Optional<StoredCapture> find(String camera, String alertId);

    Page<StoredCapture> captures(Query query);

    Page<StoredAlert> alerts(Query query);

    /// The bytes of a capture's image or of an alert's JSON; reason NOT_FOUND where it isn't held,
    /// DAMAGED where its file is gone.
    InputStream read(ItemId id);

    Status status();

    /// What a sink has rejected, in the order it would be sent in.
    ///
    /// @param sink its configured name; it may be away
    /// @param limit at most so many, 1 to 1,000
    /// @param cursor where to go on, from [Page#next]
    Page<Rejected> rejected(String sink, int limit, Optional<String> cursor);

    /// What became of an item at each sink; empty where it isn't held. What was delivered is in the
    /// log for 90 days, and while it is among the last 100,000.
    Optional<Story> story(ItemId id);

    /// What is held and would be lost if it went now: some required sink has not confirmed it, or
    /// there is none. Nothing for the owner of a folder that is [CamspoolConfig#localOnly]. Cost
    /// grows with what is held.
    Amounts undelivered();

    /// Checks the balance, and every stored byte against its hash; looks for files that nobody
    /// knows. Cost grows with what is held.
    ///
    /// @param progress told how many items have been checked so far
    default Verification verify(LongConsumer progress) {
        return verify(Long.MAX_VALUE, progress);
    }

    /// As above, reading no faster than this, so that a running detector keeps its disk.
    ///
    /// @param bytesPerSecond at least 1,000
    Verification verify(long bytesPerSecond, LongConsumer progress);

    @Override
    void close();
}
