package io.camspool.internal.engine;

import io.camspool.ItemKind;
import io.camspool.sink.Batch;
import io.camspool.sink.Batching;
import io.camspool.sink.Outcome;
import io.camspool.sink.Sink;
import java.util.List;

/// Stands in a configuration for a sink that programs drain; nothing is ever sent to it.
enum Pulled implements Sink {
    SINK;

    @Override
    public Batching batching(ItemKind kind) {
        return Batching.of(1, 1);
    }

    @Override
    public List<Outcome> send(Batch batch) {
        throw new UnsupportedOperationException("programs drain it");
    }

    @Override
    public void close() {}
}
