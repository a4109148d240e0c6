package io.camspool.internal.sync;

import io.camspool.ItemKind;
import io.camspool.sink.Sink;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;

/// How many sends of a sink may be under way. Alerts and captures have slots of their own, so that
/// alerts never wait for images; but a sink that takes one batch at a time of either gets one at a
/// time of all. Confined to one thread.
final class Slots {
    static final List<ItemKind> KINDS = List.of(ItemKind.ALERT, ItemKind.CAPTURE);

    private final Map<ItemKind, Concurrency> concurrencies = new EnumMap<>(ItemKind.class);
    private final LongSupplier nanoTime;
    private final boolean isSerial;

    /// @param nanoTime as [System#nanoTime]
    Slots(Sink sink, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        for (var kind : KINDS) {
            concurrencies.put(kind, new Concurrency(sink.batching(kind).maxParallel()));
        }
        this.isSerial = concurrencies.values().stream().allMatch(kind -> kind.most() == 1);
    }

    /// Whether it takes one batch at a time of all kinds.
    boolean isSerial() {
        return isSerial;
    }

    /// Whether one more of a kind may start.
    boolean hasOne(ItemKind kind, Collection<Send> underWay) {
        return isSerial ? underWay.isEmpty() : count(kind, underWay) < of(kind).limit();
    }

    /// Whether a probe may start: what hangs must not keep it from showing that the sink is back.
    boolean hasOneForProbe(ItemKind kind, Collection<Send> underWay) {
        return isSerial ? underWay.isEmpty() : count(kind, underWay) < of(kind).most();
    }

    void started(ItemKind kind, Collection<Send> underWay) {
        of(kind).started(count(kind, underWay), nanoTime.getAsLong());
    }

    void finished(ItemKind kind, long bytes) {
        of(kind).finished(bytes, nanoTime.getAsLong());
    }

    void networkFault(ItemKind kind) {
        of(kind).networkFault(nanoTime.getAsLong());
    }

    /// The sink is back.
    void restart() {
        concurrencies.values().forEach(kind -> kind.restart(nanoTime.getAsLong()));
    }

    private Concurrency of(ItemKind kind) {
        return Objects.requireNonNull(concurrencies.get(kind));
    }

    private static int count(ItemKind kind, Collection<Send> underWay) {
        return (int) underWay.stream().filter(send -> send.kind() == kind).count();
    }
}
