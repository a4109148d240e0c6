package io.camspool.internal.engine;

import java.util.List;

/// Wakes loops that wait for something to be committed. Thread-safe.
final class WakeUps {
    private volatile List<Loop> loops = List.of();

    void connect(List<Loop> sleepers) {
        loops = List.copyOf(sleepers);
    }

    void wakeAll() {
        loops.forEach(Loop::wake);
    }
}
