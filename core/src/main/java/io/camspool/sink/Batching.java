package io.camspool.sink;

import io.camspool.CamspoolException;
import java.time.Duration;

/// How much a sink wants at once of one kind of item.
///
/// @param maxItems deliveries a batch, 1 to 10,000
/// @param maxBytes bytes a batch; a single larger delivery goes alone
/// @param maxParallel batches under way at once, 1 to 64; from 2 on, `send` is called by several
///   threads at once. How many really are follows the link
/// @param linger how long a batch that isn't full waits for more, zero to 1 hour
/// @param sealed whether a batch becomes one object at the sink: then its members and its key are
///   committed before the first try, and it is sent unchanged until it is answered for
public record Batching(
        int maxItems, long maxBytes, int maxParallel, Duration linger, boolean sealed) {
    public static final int MAX_PARALLEL = 64;
    private static final Duration LONGEST_LINGER = Duration.ofHours(1);

    public Batching {
        if (maxItems < 1 || maxItems > 10_000) {
            throw CamspoolException.invalid("batch items", maxItems, "1 to 10000");
        }
        if (maxBytes < 1) {
            throw CamspoolException.invalid("batch bytes", maxBytes, "at least 1");
        }
        if (maxParallel < 1 || maxParallel > MAX_PARALLEL) {
            throw CamspoolException.invalid("parallel", maxParallel, "1 to " + MAX_PARALLEL);
        }
        if (linger.isNegative() || linger.compareTo(LONGEST_LINGER) > 0) {
            throw CamspoolException.invalid("linger", linger, "0 to 1 hour");
        }
    }

    /// One batch at a time, sent as soon as something is due, each delivery an object of its own.
    public static Batching of(int maxItems, long maxBytes) {
        return new Batching(maxItems, maxBytes, 1, Duration.ZERO, false);
    }

    public Batching withParallel(int batches) {
        return new Batching(maxItems, maxBytes, batches, linger, sealed);
    }

    public Batching withLinger(Duration longest) {
        return new Batching(maxItems, maxBytes, maxParallel, longest, sealed);
    }

    public Batching asSealed() {
        return new Batching(maxItems, maxBytes, maxParallel, linger, true);
    }
}
