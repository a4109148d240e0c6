package io.camspool.sink;

import io.camspool.ItemId;
import io.camspool.ItemKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// A sink that remembers what it is sent and answers as a test says. Thread-safe.
public final class ScriptedSink implements Sink {
    private final Batching batching;
    private volatile Set<ItemKind> kinds = Set.of(ItemKind.values());
    private final List<List<Sent>> batches = new ArrayList<>();
    private final List<Sent> delivered = new ArrayList<>();
    private volatile Function<Batch, List<Outcome>> script = ScriptedSink::takeAll;
    private volatile Optional<Outcome> probe = Optional.empty();

    /// What was in a batch.
    @SuppressWarnings("ArrayRecordComponent") // compared one by one where it matters
    public record Sent(ItemId id, String key, String source, byte[] content) {}

    public ScriptedSink() {
        this(Batching.of(64, 16_000_000));
    }

    public ScriptedSink(Batching batching) {
        this.batching = batching;
    }

    /// Has a place for these kinds only; before it is opened.
    public ScriptedSink onlyFor(ItemKind... only) {
        kinds = Set.of(only);
        return this;
    }

    @Override
    public boolean takes(ItemKind kind) {
        return kinds.contains(kind);
    }

    /// Takes all from now on.
    public void comeBack() {
        script = ScriptedSink::takeAll;
    }

    /// Can't be reached from now on.
    public void goAway() {
        answerEach(_ -> new Outcome.NetworkFault("no route to host"));
    }

    /// Answers each delivery so from now on.
    public void answerEach(Function<Delivery, Outcome> answers) {
        script = batch -> batch.deliveries().stream().map(answers).toList();
    }

    /// Answers each batch so from now on; may throw.
    public void answer(Function<Batch, List<Outcome>> answers) {
        script = answers;
    }

    /// Answers probes so from now on.
    public void answerProbes(Optional<Outcome> outcome) {
        probe = outcome;
    }

    @Override
    public Optional<Outcome> probe() {
        return probe;
    }

    private static List<Outcome> takeAll(Batch batch) {
        return batch.deliveries().stream().map(ScriptedSink::taken).toList();
    }

    public static Outcome taken(Delivery delivery) {
        return new Outcome.Delivered("proof of " + delivery.item().id());
    }

    @Override
    public Batching batching(ItemKind kind) {
        return batching;
    }

    @Override
    public List<Outcome> send(Batch batch) {
        var sent = batch.deliveries().stream().map(ScriptedSink::read).toList();
        synchronized (batches) {
            batches.add(sent);
        }
        var outcomes = script.apply(batch);
        synchronized (batches) {
            for (var i = 0; i < Math.min(outcomes.size(), sent.size()); i++) {
                if (outcomes.get(i) instanceof Outcome.Delivered) {
                    delivered.add(sent.get(i));
                }
            }
        }
        return outcomes;
    }

    private static Sent read(Delivery delivery) {
        try (var in = delivery.open()) {
            return new Sent(
                    delivery.item().id(), delivery.key(), delivery.source(), in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// All batches it was sent, whatever it answered.
    public List<List<Sent>> batches() {
        synchronized (batches) {
            return List.copyOf(batches);
        }
    }

    /// All it was sent, whatever it answered.
    public List<Sent> sent() {
        return batches().stream().flatMap(List::stream).toList();
    }

    /// What it took.
    public List<Sent> delivered() {
        synchronized (batches) {
            return List.copyOf(delivered);
        }
    }

    /// The ids of what it took.
    public List<ItemId> deliveredIds() {
        return delivered().stream().map(Sent::id).toList();
    }
}
