package io.camspool.internal.sync;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// Open while a sink is at fault: nothing is sent to it but one probe a step, whatever the backlog.
/// A step is a wait that no clock's jump changes; the waits of one outage grow. Confined to one
/// thread.
final class Breaker {
    /// The longest step that jitter is drawn from: how late a sink that is back may be noticed.
    static final Duration LONGEST_STEP = Duration.ofMinutes(5);

    /// A sink that asks for more patience is probed after this.
    static final Duration LONGEST_ASKED = Duration.ofHours(1);

    private final Backoff backoff;
    private final LongSupplier nanoTime;
    private boolean isOpen;
    private boolean isProbing;
    private long stepEnd;

    /// @param nanoTime as [System#nanoTime]
    Breaker(RandomGenerator random, LongSupplier nanoTime) {
        this.backoff = new Backoff(random, LONGEST_STEP);
        this.nanoTime = nanoTime;
    }

    /// Goes on with a step that an earlier run began; when it is over, a probe is due. More than
    /// any step takes shows that the clock was set back.
    void resume(Duration left) {
        isOpen = true;
        wait(
                left.isNegative()
                        ? Duration.ZERO
                        : left.compareTo(LONGEST_ASKED) > 0 ? LONGEST_STEP : left);
    }

    /// Begins a step: the sink is at fault, or the probe has shown that it still is.
    ///
    /// @param asked how long the sink wants to be left alone
    void open(Duration asked) {
        // What is left was asked for while the probe was under way.
        wait(longer(rest(), step(backoff, asked)));
        isOpen = true;
        isProbing = false;
    }

    /// What was under way when it opened asks for more time: part of the same step.
    void prolong(Duration asked) {
        wait(longer(rest(), bounded(asked)));
    }

    /// Ends the step: its owner wants to know now.
    void hurry() {
        wait(Duration.ZERO);
    }

    boolean isOpen() {
        return isOpen;
    }

    /// Whether it is time for a probe, and none is under way.
    boolean wantsProbe() {
        return isOpen && !isProbing && rest().isZero();
    }

    void beginProbe() {
        isProbing = true;
    }

    /// The probe has shown nothing; another may follow at once.
    void endProbe() {
        isProbing = false;
    }

    void close() {
        isOpen = false;
        isProbing = false;
        backoff.reset();
    }

    /// What is left of the present step.
    Duration rest() {
        return isOpen
                ? Duration.ofNanos(Math.max(0, stepEnd - nanoTime.getAsLong()))
                : Duration.ZERO;
    }

    private void wait(Duration step) {
        stepEnd = nanoTime.getAsLong() + step.toNanos();
    }

    /// The next step of a backoff, or what the sink asks for, where that is longer.
    static Duration step(Backoff backoff, Duration asked) {
        return longer(backoff.next(), bounded(asked));
    }

    private static Duration bounded(Duration asked) {
        return asked.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : asked;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
