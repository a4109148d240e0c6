package io.camspool.agent.demo;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/// Items stored a second, over the last seconds. Confined to one thread.
final class StoredRate {
    private static final Duration WINDOW = Duration.ofSeconds(3);

    private final Deque<Sample> samples = new ArrayDeque<>();

    private record Sample(Duration time, long stored) {}

    /// Takes note of how many are stored by now.
    double at(Duration time, long stored) {
        samples.addLast(new Sample(time, stored));
        while (samples.getFirst().time.plus(WINDOW).compareTo(time) < 0) {
            samples.removeFirst();
        }
        var first = samples.getFirst();
        var seconds = time.minus(first.time).toMillis() / 1000.0;
        return seconds == 0 ? 0 : (stored - first.stored) / seconds;
    }
}
