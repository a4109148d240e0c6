package io.camspool.internal.intake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Some named threads that take work from one queue. The queue needs no bound of its own: what may
/// enter is bounded by the [Budget]. A stage empties its queue before it stops, and never
/// interrupts its threads: an interrupt would close the file that one is writing.
final class Stage<T> {
    /// What a thread does, and what it lets go of in the end.
    interface Worker<T> extends AutoCloseable {
        /// Handles all of the work, at least one piece; must not throw.
        void handle(List<T> work);

        @Override
        default void close() {}
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /// Of nodes: an array that can't grow for want of memory would lose what it holds.
    private final Queue<T> queue = new ConcurrentLinkedQueue<>();

    private final List<Thread> threads = new ArrayList<>();
    private final int mostAtOnce;
    private boolean stopping;

    /// @param mostAtOnce pieces of work that one thread takes together
    Stage(String name, int threadCount, int mostAtOnce, Supplier<Worker<T>> workers) {
        this.mostAtOnce = mostAtOnce;
        for (var i = 1; i <= threadCount; i++) {
            threads.add(
                    Thread.ofPlatform()
                            .name("camspool-" + name + "-" + i)
                            .daemon()
                            .start(() -> run(workers)));
        }
    }

    /// Throws where nobody may be left to do it.
    void add(T work) {
        lock.lock();
        try {
            if (stopping) {
                throw new RejectedExecutionException("the spool closes");
            }
            queue.add(work);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run(Supplier<Worker<T>> workers) {
        try (var worker = workers.get()) {
            for (var work = take(); !work.isEmpty(); work = take()) {
                worker.handle(work);
            }
        }
    }

    /// Waits for work; empty: there will be none.
    private List<T> take() {
        lock.lock();
        try {
            while (queue.isEmpty() && !stopping) {
                changed.awaitUninterruptibly();
            }
            var work = new ArrayList<T>();
            while (!queue.isEmpty() && work.size() < mostAtOnce) {
                work.add(queue.remove());
            }
            return work;
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
