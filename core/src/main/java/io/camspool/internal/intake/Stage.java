package io.camspool.internal.intake;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Some named threads that take work from one queue. The queue needs no bound of its own: what may
/// enter is bounded by the [Budget]. A stage empties its queue before it stops, and never
/// interrupts its threads: an interrupt would close the file that one is writing.
///
/// Nothing that is thrown ends a thread, and no piece is lost where memory is: to queue one takes
/// none.
final class Stage<T extends Stage.Piece<T>> {
    /// A piece of work, in one queue at a time.
    abstract static class Piece<T extends Piece<T>> {
        private @Nullable T next;
    }

    /// What a thread does, and what it lets go of in the end.
    interface Worker<T> extends AutoCloseable {
        /// Looks at all that its thread took together, at least one piece, before it handles each.
        default void begin(List<T> pieces) {}

        /// Handles a piece and hands it on, as the last that it does: where it throws, it has not.
        void handle(T piece);

        /// Hands on, as failed, what [#handle] has thrown at; called again until it doesn't throw.
        void fail(T piece);

        @Override
        default void close() {}
    }

    private static final System.Logger LOG = System.getLogger(Stage.class.getName());

    /// Until [Worker#fail] is tried again, which is where there is no memory.
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Thread> threads = new ArrayList<>();
    private final int mostAtOnce;
    private @Nullable T first;
    private @Nullable T last;
    private final Worker<T> failing;
    private boolean stopping;

    /// @param mostAtOnce pieces of work that one thread takes together
    Stage(String name, int threadCount, int mostAtOnce, Supplier<Worker<T>> workers) {
        this.mostAtOnce = mostAtOnce;
        this.failing = workers.get();
        for (var i = 1; i <= threadCount; i++) {
            var worker = workers.get();
            var taken = new ArrayList<T>(mostAtOnce);
            threads.add(
                    Thread.ofPlatform()
                            .name("camspool-" + name + "-" + i)
                            .daemon()
                            .start(() -> run(worker, taken)));
        }
    }

    /// Takes a piece of work, or fails it where nobody may be left to do it. Never throws.
    void add(T piece) {
        if (!enqueue(piece)) {
            fail(failing, piece);
        }
    }

    private boolean enqueue(T piece) {
        lock.lock();
        try {
            if (stopping) {
                return false;
            }
            if (last == null) {
                first = piece;
            } else {
                ((Piece<T>) last).next = piece;
            }
            last = piece;
            changed.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void run(Worker<T> worker, List<T> taken) {
        try (worker) {
            while (take(taken)) {
                handle(worker, taken);
                taken.clear();
            }
        }
    }

    private static <T> void handle(Worker<T> worker, List<T> taken) {
        var begun = false;
        try {
            worker.begin(taken);
            begun = true;
        } catch (Throwable e) {
            log(e);
        }
        for (var i = 0; i < taken.size(); i++) {
            if (begun) {
                handle(worker, taken.get(i));
            } else {
                fail(worker, taken.get(i));
            }
        }
    }

    /// Has a worker handle a piece, or fail it, on the present thread; never throws.
    static <T> void handle(Worker<T> worker, T piece) {
        try {
            worker.handle(piece);
        } catch (Throwable e) {
            log(e);
            fail(worker, piece);
        }
    }

    private static <T> void fail(Worker<T> worker, T piece) {
        while (true) {
            try {
                worker.fail(piece);
                return;
            } catch (Throwable _) {
                LockSupport.parkNanos(PAUSE);
            }
        }
    }

    private static void log(Throwable e) {
        try {
            LOG.log(Level.WARNING, "what was on its way has failed", e);
        } catch (Throwable _) {
            // there is no memory for it; its receipt says that it failed
        }
    }

    /// Waits for work; false: there will be none.
    private boolean take(List<T> taken) {
        lock.lock();
        try {
            while (first == null && !stopping) {
                changed.awaitUninterruptibly();
            }
            for (var piece = first; piece != null && taken.size() < mostAtOnce; piece = first) {
                taken.add(piece);
                first = ((Piece<T>) piece).next;
                ((Piece<T>) piece).next = null;
            }
            if (first == null) {
                last = null;
            }
            return !taken.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// Stops when the queue is empty, or leaves the threads behind at the limit: then false.
    boolean stop(Duration limit) throws InterruptedException {
        lock.lock();
        try {
            stopping = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        var end = System.nanoTime() + limit.toNanos();
        var ended = true;
        for (var thread : threads) {
            ended &= thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
        }
        return ended;
    }
}
