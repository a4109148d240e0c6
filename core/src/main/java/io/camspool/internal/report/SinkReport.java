package io.camspool.internal.report;

import io.camspool.ItemId;
import io.camspool.ItemKind;
import io.camspool.Measures.AtSink;
import io.camspool.Measures.Deliveries;
import io.camspool.SpoolEvent;
import io.camspool.sink.Outcome;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// What became of deliveries to one sink. Thread-safe; to count takes no memory.
public final class SinkReport {
    private final String sink;
    private final LongSupplier nanoTime;
    private final Feeds feeds;
    private final Histogram sends = new Histogram();
    private final Counts captures = new Counts();
    private final Counts alerts = new Counts();
    private final AtomicBoolean isDown = new AtomicBoolean();

    private static final class Counts {
        private final AtomicLong delivered = new AtomicLong();
        private final AtomicLong refused = new AtomicLong();
        private final AtomicLong rejected = new AtomicLong();
        private final AtomicLong networkFaults = new AtomicLong();
        private final AtomicLong sinkFaults = new AtomicLong();

        Deliveries deliveries() {
            return new Deliveries(
                    delivered.get(),
                    refused.get(),
                    rejected.get(),
                    networkFaults.get(),
                    sinkFaults.get());
        }
    }

    SinkReport(String sink, LongSupplier nanoTime, Feeds feeds) {
        this.sink = sink;
        this.nanoTime = nanoTime;
        this.feeds = feeds;
    }

    /// The present moment, for [#sent].
    public long now() {
        return nanoTime.getAsLong();
    }

    /// The sink has answered for a batch, or has thrown.
    ///
    /// @param began when it was sent, as [#now] said
    public void sent(long began) {
        sends.record(now() - began);
    }

    /// What the sink has answered for one delivery; what it confirms counts when it is booked.
    public void answered(ItemKind kind, Outcome outcome) {
        switch (outcome) {
            case Outcome.Delivered _ -> {
                // see delivered
            }
            case Outcome.ItemRefused _ -> counts(kind).refused.getAndIncrement();
            case Outcome.NetworkFault _ -> counts(kind).networkFaults.getAndIncrement();
            case Outcome.SinkFault _ -> counts(kind).sinkFaults.getAndIncrement();
        }
    }

    /// Booked as confirmed.
    public void delivered(ItemId id, ItemKind kind) {
        counts(kind).delivered.getAndIncrement();
        if (feeds.isHeard()) {
            feeds.tell(new SpoolEvent.Delivered(sink, id, kind));
        }
    }

    /// Booked as given up on.
    public void rejected(ItemId id, ItemKind kind, String reason) {
        counts(kind).rejected.getAndIncrement();
        if (feeds.isHeard()) {
            feeds.tell(new SpoolEvent.Rejected(sink, id, kind, reason));
        }
    }

    /// The sink is at fault; told when it was not before.
    public void down(String reason) {
        if (isDown.compareAndSet(false, true) && feeds.isHeard()) {
            feeds.tell(new SpoolEvent.SinkDown(sink, reason));
        }
    }

    /// The sink is well; told when it was not before.
    public void up() {
        if (isDown.compareAndSet(true, false) && feeds.isHeard()) {
            feeds.tell(new SpoolEvent.SinkUp(sink));
        }
    }

    AtSink measures() {
        return new AtSink(sink, sends.latency(), captures.deliveries(), alerts.deliveries());
    }

    private Counts counts(ItemKind kind) {
        return switch (kind) {
            case CAPTURE -> captures;
            case ALERT -> alerts;
        };
    }
}
