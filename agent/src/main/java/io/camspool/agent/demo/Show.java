package io.camspool.agent.demo;

import io.camspool.Camspool;
import io.camspool.CamspoolException;
import io.camspool.SinkStatus;
import io.camspool.Status;
import io.camspool.Status.IntakeStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// The run itself: the cameras feed the spool, the cloud goes away and comes back, the backlog
/// drains.
final class Show {
    private static final Duration TICK = Duration.ofMillis(100);

    /// How long the rest may take once the cameras are off.
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(30);

    private static final long SEED = 42;

    private final List<Camera> cameras;
    private final Camspool spool;
    private final Display display;
    private final Outage outage;
    private final Path cloud;
    private final String cloudName;
    private final Duration run;
    private final Receipts receipts = new Receipts();
    private final StoredRate storedRate = new StoredRate();
    private long started;

    Show(List<Camera> cameras, Camspool spool, Path cloud, Display display, Duration run) {
        this.cameras = List.copyOf(cameras);
        this.spool = spool;
        this.display = display;
        this.outage = new Outage(cloud, run);
        this.cloud = cloud;
        this.cloudName = String.valueOf(cloud.getFileName());
        this.run = run;
    }

    /// Plays it; returns what was promised on the way.
    Receipts play() throws InterruptedException {
        started = System.nanoTime();
        var off = new CountDownLatch(1);
        var factory = Thread.ofPlatform().name("camera-", 1).factory();
        try (var threads = Executors.newThreadPerTaskExecutor(factory)) {
            try {
                var producers = new ArrayList<Future<Long>>();
                for (var i = 0; i < cameras.size(); i++) {
                    var camera = cameras.get(i);
                    producers.add(
                            threads.submit(new Producer(camera, spool, receipts, off, SEED + i)));
                }
                feed(producers);
                off.countDown();
                for (var producer : producers) {
                    requireUnharmed(producer);
                }
            } finally {
                off.countDown();
            }
        }
        drain();
        return receipts;
    }

    private void feed(List<Future<Long>> producers) throws InterruptedException {
        while (elapsed().compareTo(run) < 0) {
            step();
            for (var producer : producers) {
                if (producer.isDone()) {
                    requireUnharmed(producer);
                }
            }
            Thread.sleep(TICK);
        }
        step();
    }

    /// Waits for a producer and throws what stopped it.
    private static void requireUnharmed(Future<Long> producer) throws InterruptedException {
        try {
            var _ = producer.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof CamspoolException known
                    ? known
                    : new IllegalStateException("a camera stopped", e);
        }
    }

    private void step() {
        var change = outage.advanceTo(elapsed());
        var moment = moment();
        switch (change) {
            case WENT_AWAY -> display.event(moment, "the cloud goes away");
            case CAME_BACK ->
                    display.event(
                            moment,
                            "the cloud is back, %d waiting for the next try"
                                    .formatted(moment.waiting()));
            case NONE -> display.show(moment);
        }
    }

    private void drain() throws InterruptedException {
        var end = elapsed().plus(DRAIN_LIMIT);
        display.event(moment(), "the cameras are off");
        while (isUnderWay() && elapsed().compareTo(end) < 0) {
            Thread.sleep(TICK);
            display.show(moment());
        }
        display.finish(moment());
    }

    private boolean isUnderWay() {
        return receipts.answered() < receipts.accepted() || waiting(spool.status()) > 0;
    }

    private Moment moment() {
        var status = spool.status();
        var elapsed = elapsed();
        var rows = new ArrayList<Moment.Row>();
        for (var camera : cameras) {
            rows.add(row(camera.name(), camera.kind()));
        }
        rows.add(row(Receipts.ALERTS, "JSON"));
        return new Moment(
                elapsed,
                run,
                rows,
                receipts.accepted(),
                storedRate.at(elapsed, receipts.answered()),
                status.sinks().stream()
                        .flatMap(sink -> sink.trouble().stream())
                        .findFirst()
                        .map(trouble -> trouble.replace(cloud.toString(), cloudName)),
                waiting(status),
                status.intake().map(IntakeStatus::waited).orElse(0L),
                receipts.refused());
    }

    private Moment.Row row(String name, String kind) {
        return new Moment.Row(name, kind, receipts.accepted(name), receipts.newest(name));
    }

    private static long waiting(Status status) {
        return status.sinks().stream().map(SinkStatus::backlog).mapToLong(b -> b.items()).sum();
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - started);
    }
}
