package io.camspool.internal.ledger;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What waits for the writer. What a save or a caller waits for goes first, all together;
/// background work goes in small steps while nothing else waits, and, beside a load that never
/// rests, in each fourth round. Thread-safe.
final class WaitingChanges {
    /// Changes a round: bounds how long the first of them waits.
    private static final int MAX_CHANGES = 1_000;

    /// Bytes a round, as far as its changes say: with the write-ahead log they must fit into the
    /// reserve. One change may be larger.
    private static final long MAX_BYTES = 1_000_000;

    /// Rounds that background work lets pass.
    private static final int MAX_PASSED = 3;

    /// Steps of background work a round, so that whoever comes meanwhile waits for no more than
    /// some milliseconds.
    private static final int MAX_STEPS = 8;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition isMore = lock.newCondition();
    private final Queue<Request<?>> first = new ArrayDeque<>();
    private final Queue<Request<?>> background = new ArrayDeque<>();
    private int passed;

    void add(Request<?> request) {
        lock.lock();
        try {
            (request.isBackground() ? background : first).add(request);
            isMore.signal();
        } finally {
            lock.unlock();
        }
    }

    /// False when it has been taken.
    boolean withdraw(Request<?> request) {
        lock.lock();
        try {
            return first.remove(request) || background.remove(request);
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return first.isEmpty() && background.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// Begins a round: waits for something, and adds what goes together.
    void take(List<Request<?>> round) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (first.isEmpty() && background.isEmpty()) {
                isMore.await();
            }
            var bytes = 0L;
            while (!first.isEmpty() && fits(round, bytes, first.element())) {
                bytes += first.element().bytes();
                round.add(first.remove());
            }
            if (background.isEmpty()) {
                passed = 0;
            } else if (round.isEmpty()
                    || (passed >= MAX_PASSED && fits(round, bytes, background.element()))) {
                round.add(background.remove());
                passed = 0;
            } else {
                passed++;
            }
        } finally {
            lock.unlock();
        }
    }

    /// One more step for a round that does background work; empty: it is to be committed.
    Optional<Request<?>> takeStep(List<Request<?>> round) {
        lock.lock();
        try {
            var steps = round.stream().filter(Request::isBackground).count();
            var bytes = round.stream().mapToLong(Request::bytes).sum();
            if (steps == 0
                    || steps >= MAX_STEPS
                    || !first.isEmpty()
                    || background.isEmpty()
                    || !fits(round, bytes, background.element())) {
                return Optional.empty();
            }
            return Optional.of(background.remove());
        } finally {
            lock.unlock();
        }
    }

    private static boolean fits(List<Request<?>> round, long bytes, Request<?> next) {
        return round.isEmpty() || (round.size() < MAX_CHANGES && bytes + next.bytes() <= MAX_BYTES);
    }

    /// Takes everything.
    List<Request<?>> takeAll() {
        lock.lock();
        try {
            var all = new ArrayList<Request<?>>(first);
            all.addAll(background);
            first.clear();
            background.clear();
            return all;
        } finally {
            lock.unlock();
        }
    }
}
