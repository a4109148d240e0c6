package io.camspool.agent.http;

import io.camspool.CamspoolException;
import java.time.Duration;

/// What one listener grants its clients.
///
/// @param maxLineBytes longest request line
/// @param maxHeaderBytes largest header block of a request
/// @param maxBodyBytes largest body of a request; a route may allow less
/// @param maxConnections open at a time; more wait unanswered until one closes. Well above
///   `maxRequests`, as most connections are idle
/// @param maxRequests answered at a time, event streams included; more are answered 503
/// @param headerDeadline from the first byte of a request to the end of its header
/// @param stall longest wait for the next bytes of a body, or for a client to take an answer's
/// @param minBytesPerSecond of a transfer, once it has been waited for [#GRACE] in all; slower is
///   cut off
/// @param idle longest pause between two requests of a connection
/// @param drain how long a body that nobody wants is still read, so that its client reads the
///   answer and not a reset
public record HttpLimits(
        int maxLineBytes,
        int maxHeaderBytes,
        long maxBodyBytes,
        int maxConnections,
        int maxRequests,
        Duration headerDeadline,
        Duration stall,
        int minBytesPerSecond,
        Duration idle,
        Duration drain) {
    /// A client at the far end of a bad radio link must pass, a thousand idle ones must not.
    public static final HttpLimits DEFAULTS =
            new HttpLimits(
                    16 << 10,
                    16 << 10,
                    64L << 20,
                    256,
                    128,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(15),
                    1_000,
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(1));

    /// Waiting that is forgiven a transfer before its rate counts, so that a pause at its start
    /// ends nothing.
    static final Duration GRACE = Duration.ofSeconds(5);

    /// One chunk of a chunked body lies in memory whole.
    static final int MAX_CHUNK_BYTES = 1 << 20;

    /// With another largest body.
    public HttpLimits withMaxBodyBytes(long bytes) {
        return new HttpLimits(
                maxLineBytes,
                maxHeaderBytes,
                bytes,
                maxConnections,
                maxRequests,
                headerDeadline,
                stall,
                minBytesPerSecond,
                idle,
                drain);
    }

    public HttpLimits {
        atLeastOne("max-line-bytes", maxLineBytes);
        atLeastOne("max-header-bytes", maxHeaderBytes);
        atLeastOne("max-body-bytes", maxBodyBytes);
        atLeastOne("max-connections", maxConnections);
        atLeastOne("max-requests", maxRequests);
        atLeastOne("min-bytes-per-second", minBytesPerSecond);
        positive("header-deadline", headerDeadline);
        positive("stall", stall);
        positive("idle", idle);
        positive("drain", drain);
    }

    /// How often connections are looked at: often enough that no limit is overrun by much.
    Duration checkPeriod() {
        var shortest =
                Math.min(
                        Math.min(headerDeadline.toMillis(), stall.toMillis()),
                        Math.min(idle.toMillis(), drain.toMillis()));
        return Duration.ofMillis(Math.max(10, shortest / 4));
    }

    private static void atLeastOne(String name, long value) {
        if (value < 1) {
            throw CamspoolException.invalid(name, value, "1 or more");
        }
    }

    private static void positive(String name, Duration value) {
        if (!value.isPositive()) {
            throw CamspoolException.invalid(name, value, "a time above 0");
        }
    }
}
