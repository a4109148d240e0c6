package io.camspool;

import java.time.Duration;
import java.util.Optional;

/// What happens in a running spool from [Camspool#events] on, in memory, for one reader. The spool
/// never waits for a reader: where as many events wait as the feed has room for, further ones are
/// passed over and counted. Thread-safe.
public interface EventFeed extends AutoCloseable {
    /// The next event; empty when none came within the limit. Throws a [CamspoolException]: CLOSED
    /// when the feed is closed, or when the spool is and everything has been read; TIMEOUT when the
    /// thread is interrupted.
    Optional<SpoolEvent> next(Duration limit);

    /// Events that were passed over since the feed was opened, because the reader was slow.
    long missed();

    /// Lets go of what has not been read; who waits in [#next] is woken.
    @Override
    void close();
}
