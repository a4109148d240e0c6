package io.camspool.internal.engine;

import io.camspool.CamspoolException;
import io.camspool.internal.intake.Niceness;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Runs one step again and again on a thread of its own; the step says how long to wait before the
/// next. A step that throws is logged, shown as trouble, and tried again after a pause that no
/// wake-up cuts short. Thread-safe.
final class Loop {
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    /// How often a trouble that stays the same is logged.
    private static final Duration LOG_AGAIN = Duration.ofMinutes(1);

    private static final System.Logger LOG = System.getLogger(Loop.class.getName());

    private final String name;
    private final Supplier<Duration> step;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;
    private volatile @Nullable String trouble;
    private final String unsaid;
    private @Nullable String logged;
    private long loggedAt;
    private boolean awake;
    private boolean stopping;

    private Loop(String name, Supplier<Duration> step, boolean standsBack) {
        this.name = name;
        this.step = step;
        this.unsaid = name + ": failed, and there was no memory to say why";
        this.thread =
                Thread.ofPlatform()
                        .name("camspool-" + name)
                        .daemon()
                        .unstarted(standsBack ? Niceness.standingBack(this::run) : this::run);
    }

    static Loop start(String name, Supplier<Duration> step) {
        return started(new Loop(name, step, false));
    }

    /// One that stands back for whatever a save waits for.
    static Loop startBackground(String name, Supplier<Duration> step) {
        return started(new Loop(name, step, true));
    }

    private static Loop started(Loop loop) {
        loop.thread.start();
        return loop;
    }

    private void run() {
        while (true) {
            try {
                if (isStopping()) {
                    return;
                }
                pause(runStep());
            } catch (Throwable _) { // no memory to say so either
                trouble = unsaid;
                LockSupport.parkNanos(PAUSE_AFTER_FAILURE.toNanos());
            }
        }
    }

    private Duration runStep() {
        try {
            var wait = step.get();
            trouble = null;
            return wait;
        } catch (Throwable e) { // an error of one step must not end the loop unseen
            if (!isStopping()) {
                trouble = name + ": " + CamspoolException.causeInWords(e);
                log(trouble);
            }
            return PAUSE_AFTER_FAILURE;
        }
    }

    private void log(String text) {
        var now = System.nanoTime();
        if (!text.equals(logged) || now - loggedAt >= LOG_AGAIN.toNanos()) {
            LOG.log(Level.WARNING, text);
            logged = text;
            loggedAt = now;
        }
    }

    private void pause(Duration wait) {
        lock.lock();
        try {
            var left = TimeUnit.NANOSECONDS.convert(wait);
            while (left > 0 && !stopping && (trouble != null || !awake)) {
                left = changed.awaitNanos(left);
            }
            awake = false;
        } catch (InterruptedException _) {
            // nobody interrupts it but a JVM that ends
        } finally {
            lock.unlock();
        }
    }

    /// Ends the present wait, or skips the next; a pause after a failure stays as it is.
    void wake() {
        lock.lock();
        try {
            awake = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /// What the last step threw, in words.
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    private boolean isStopping() {
        lock.lock();
        try {
            return stopping;
        } finally {
            lock.unlock();
        }
    }

    /// Lets the present step end; false when it did not by the limit.
    boolean stop(Duration limit) throws InterruptedException {
        lock.lock();
        try {
            stopping = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        return thread.join(limit.isPositive() ? limit : Duration.ofMillis(1));
    }
}
