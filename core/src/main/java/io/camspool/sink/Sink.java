package io.camspool.sink;

import io.camspool.ItemKind;
import java.util.List;
import java.util.Optional;

/// A destination. It tries once and classifies; it never retries, waits or logs. `send` is called
/// by one thread at a time where its [Batching] says so for both kinds; else by as many as it says
/// for each of them, at once. Every sink passes the contract suite.
public interface Sink extends AutoCloseable {
    /// How much it wants at once; the same at each call.
    Batching batching(ItemKind kind);

    /// Called once before anything else, where it is sent to.
    ///
    /// @param hasDelivered whether it has confirmed anything before under its id, in whatever run
    default void begin(boolean hasDelivered) {}

    /// Sends a batch of one kind and answers for each delivery, in order. What it throws counts as
    /// a fault of the sink.
    List<Outcome> send(Batch batch);

    /// Whether it has a place for this kind of item; the same at each call. It is owed none of a
    /// kind it has no place for.
    default boolean takes(ItemKind kind) {
        return true;
    }

    /// The requests that would be made for this delivery, in order, for people: what is secret is
    /// masked, a long body cut. Sends nothing. Empty: it has no such thing.
    default List<String> describe(Delivery delivery) {
        return List.of();
    }

    /// One cheap try whether the sink can take something; empty: none, send the smallest delivery
    /// instead.
    default Optional<Outcome> probe() {
        return Optional.empty();
    }

    @Override
    default void close() {}
}
