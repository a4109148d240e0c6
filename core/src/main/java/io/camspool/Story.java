package io.camspool;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What became of one item at each sink.
///
/// @param sinks one for each sink that was ever configured and not forgotten
public record Story(StoredItem item, Instant acceptedAt, List<AtSink> sinks) {
    /// How one item stands with one sink.
    public enum State {
        /// Owed, due at once or being sent.
        PENDING,
        /// Owed, and not due before a time: the sink refused it, or it is an alert that waits for
        /// its captures at another sink.
        WAITING,
        /// Given up on after the sink refused the item itself.
        REJECTED,
        /// Confirmed. Where the log no longer has it there is neither time nor proof.
        DELIVERED,
        /// Rejected, and then dropped by the owner.
        DROPPED,
        /// Never owed: it came before the sink, or was delivered before it came here.
        NOT_OWED
    }

    /// At one sink.
    ///
    /// @param when confirmed, rejected or dropped; of one that waits: until when; empty: pending,
    ///   or no longer in the log
    /// @param refusals how often the sink has refused the item; tries that ended in a fault of sink
    ///   or network are not counted
    /// @param key where it goes; empty: its delivery has not been made, or is no longer in the log
    /// @param proof what shows that it was taken
    /// @param reason the last refusal or hindrance, or why it was dropped
    /// @param answer what the sink answered then
    public record AtSink(
            String sink,
            State state,
            Optional<Instant> when,
            int refusals,
            Optional<String> key,
            Optional<String> proof,
            Optional<String> reason,
            Optional<String> answer) {
        /// Without details.
        public static AtSink without(String sink, State state) {
            return new AtSink(
                    sink,
                    state,
                    Optional.empty(),
                    0,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        /// Tries that the sink has answered for.
        public int attempts() {
            return refusals + (state == State.DELIVERED ? 1 : 0);
        }
    }

    public Story {
        sinks = List.copyOf(sinks);
    }
}
