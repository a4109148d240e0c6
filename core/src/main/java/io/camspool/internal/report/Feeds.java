package io.camspool.internal.report;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.EventFeed;
import io.camspool.SpoolEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Hands events to those who listen. Thread-safe; to tell one waits for nothing but a reader that
/// takes one from its queue at the same moment.
final class Feeds implements AutoCloseable {
    /// Events that one feed may hold: some tens of megabytes at most.
    private static final int MOST_EVENTS = 100_000;

    private final List<Feed> feeds = new CopyOnWriteArrayList<>();
    private boolean closed;

    /// @param capacity events that may wait to be read
    synchronized EventFeed listen(int capacity) {
        if (capacity < 1 || capacity > MOST_EVENTS) {
            throw CamspoolException.invalid("events", capacity, "1 to " + MOST_EVENTS);
        }
        if (closed) {
            throw new CamspoolException(Reason.CLOSED, "the spool is closed");
        }
        var feed = new Feed(capacity);
        feeds.add(feed);
        return feed;
    }

    /// Whether anybody listens; else no event need be made.
    boolean isHeard() {
        return !feeds.isEmpty();
    }

    void tell(SpoolEvent event) {
        feeds.forEach(feed -> feed.offer(event));
    }

    /// Nothing more will happen: feeds end when they are read.
    @Override
    public synchronized void close() {
        closed = true;
        feeds.forEach(Feed::end);
        feeds.clear();
    }

    private final class Feed implements EventFeed {
        private final int capacity;
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private final ArrayDeque<SpoolEvent> events = new ArrayDeque<>();
        private long missed;
        private boolean ended;

        Feed(int capacity) {
            this.capacity = capacity;
        }

        void offer(SpoolEvent event) {
            lock.lock();
            try {
                if (ended) {
                    return;
                }
                if (events.size() < capacity) {
                    events.add(event);
                    changed.signal();
                } else {
                    missed++;
                }
            } finally {
                lock.unlock();
            }
        }

        void end() {
            lock.lock();
            try {
                ended = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public Optional<SpoolEvent> next(Duration limit) {
            lock.lock();
            try {
                var left = TimeUnit.NANOSECONDS.convert(limit);
                while (events.isEmpty() && !ended && left > 0) {
                    left = changed.awaitNanos(left);
                }
                if (events.isEmpty() && ended) {
                    throw new CamspoolException(
                            Reason.CLOSED, "the feed of events has ended; open another");
                }
                return Optional.ofNullable(events.poll());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CamspoolException(
                        Reason.TIMEOUT, "interrupted while waiting for the next event", e);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public long missed() {
            lock.lock();
            try {
                return missed;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            feeds.remove(this);
            lock.lock();
            try {
                events.clear();
                end();
            } finally {
                lock.unlock();
            }
        }
    }
}
