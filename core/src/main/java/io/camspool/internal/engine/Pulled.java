package io.camspool.internal.engine;

import io.camspool.ItemKind;
import io.camspool.sink.Batch;
import io.camspool.sink.Batching;
import io.camspool.sink.Outcome;
import io.camspool.sink.Sink;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Stands in a configuration for a sink that programs drain; a spool sends nothing to it.
enum Pulled implements Sink {
    ALL(null),
    CAPTURES(ItemKind.CAPTURE),
    ALERTS(ItemKind.ALERT);

    private final @Nullable ItemKind only;

    Pulled(@Nullable ItemKind only) {
        this.only = only;
    }

    static Pulled only(ItemKind kind) {
        return switch (kind) {
            case CAPTURE -> CAPTURES;
            case ALERT -> ALERTS;
        };
    }

    @Override
    public boolean takes(ItemKind kind) {
        return only == null || only == kind;
    }

    @Override
    public Batching batching(ItemKind kind) {
        return Batching.of(1, 1);
    }

    @Override
    public List<Outcome> send(Batch batch) {
        return Collections.nCopies(
                batch.deliveries().size(),
                new Outcome.SinkFault("programs drain it; nothing is sent to it"));
    }

    @Override
    public void close() {}
}
