package io.camspool.sink;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/// What became of one delivery. The sink classifies; the pump alone decides about retries. Of a
/// proof, a reason and an answer the first 1,000 characters are kept.
public sealed interface Outcome {
    /// Taken, with positive proof.
    ///
    /// @param proof what shows it: a path, an ETag, an offset
    record Delivered(String proof) implements Outcome {
        public Delivered {
            Objects.requireNonNull(proof, "proof");
        }
    }

    /// The sink will never take this item, whatever the network does.
    record ItemRefused(String reason, String answer) implements Outcome {
        public ItemRefused {
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(answer, "answer");
        }
    }

    /// The sink itself is at fault: credentials, a missing folder or bucket, busy. Never counts
    /// against the item.
    record SinkFault(String cause, Optional<Duration> retryAfter) implements Outcome {
        public SinkFault {
            Objects.requireNonNull(cause, "cause");
            Objects.requireNonNull(retryAfter, "retryAfter");
        }

        public SinkFault(String cause) {
            this(cause, Optional.empty());
        }
    }

    /// Not reached, or the connection broke. Never counts against the item.
    record NetworkFault(String cause) implements Outcome {
        public NetworkFault {
            Objects.requireNonNull(cause, "cause");
        }
    }
}
