package io.camspool.internal.report;

import io.camspool.EventFeed;
import io.camspool.ItemKind;
import io.camspool.Measures;
import io.camspool.SpoolEvent;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// What the parts of a running spool tell of themselves. Thread-safe.
public final class Report implements AutoCloseable {
    /// What is measured by time.
    public enum Step {
        ADMISSION,
        ENCODE,
        WRITE,
        COMMIT
    }

    /// The name of no camera: those of cameras are never empty.
    private static final String NONE = "";

    private final LongSupplier nanoTime;
    private final int mostCameras;
    private final Feeds feeds = new Feeds();
    private final Histogram admission = new Histogram();
    private final Histogram encode = new Histogram();
    private final Histogram write = new Histogram();
    private final Histogram commit = new Histogram();
    private final Map<String, CameraReport> cameras = new ConcurrentHashMap<>();
    private final Map<String, SinkReport> sinks = new ConcurrentHashMap<>();

    /// @param nanoTime as [System#nanoTime]
    public Report(LongSupplier nanoTime) {
        this(nanoTime, Measures.MOST_CAMERAS);
    }

    Report(LongSupplier nanoTime, int mostCameras) {
        this.nanoTime = nanoTime;
        this.mostCameras = mostCameras;
    }

    /// The present moment, for [#took].
    public long now() {
        return nanoTime.getAsLong();
    }

    /// Something has taken from then until now.
    ///
    /// @param began as [#now] said
    /// @return how long it took, in nanoseconds
    public long took(Step step, long began) {
        var nanos = now() - began;
        histogram(step).record(nanos);
        return nanos;
    }

    private Histogram histogram(Step step) {
        return switch (step) {
            case ADMISSION -> admission;
            case ENCODE -> encode;
            case WRITE -> write;
            case COMMIT -> commit;
        };
    }

    public void accepted(ItemKind kind, Optional<String> camera) {
        camera(camera).accepted(kind);
    }

    /// What was accepted is stored.
    ///
    /// @param time of the item itself
    public void stored(ItemKind kind, Optional<String> camera, Instant time) {
        camera(camera).stored(kind, time);
    }

    public void failed(ItemKind kind, Optional<String> camera) {
        camera(camera).failed(kind);
    }

    /// Items that were accepted and could not be stored.
    public long failed() {
        return cameras.values().stream().mapToLong(CameraReport::failed).sum();
    }

    /// A name that found no room once never gets any: what was accepted under one name is counted
    /// under it to the end.
    private CameraReport camera(Optional<String> name) {
        var known = cameras.get(name.orElse(NONE));
        return known != null ? known : newCamera(name.orElse(NONE));
    }

    private synchronized CameraReport newCamera(String name) {
        var counted = cameras.size() < mostCameras ? name : Measures.OTHER;
        return cameras.computeIfAbsent(counted, _ -> new CameraReport());
    }

    public SinkReport sink(String id) {
        return sinks.computeIfAbsent(id, _ -> new SinkReport(id, nanoTime, feeds));
    }

    /// Whether anybody listens; else no event need be made.
    public boolean isHeard() {
        return feeds.isHeard();
    }

    /// What has been committed, or needs no commit.
    public void tell(SpoolEvent event) {
        feeds.tell(event);
    }

    public EventFeed listen(int capacity) {
        return feeds.listen(capacity);
    }

    public Measures measures() {
        return new Measures(
                admission.latency(),
                encode.latency(),
                write.latency(),
                commit.latency(),
                cameras.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(each -> each.getValue().measures(named(each.getKey())))
                        .toList(),
                sinks.values().stream()
                        .map(SinkReport::measures)
                        .sorted(Comparator.comparing(Measures.AtSink::sink))
                        .toList());
    }

    private static Optional<String> named(String camera) {
        return Optional.of(camera).filter(name -> !name.isEmpty());
    }

    /// Nothing more will happen.
    @Override
    public void close() {
        feeds.close();
    }
}
