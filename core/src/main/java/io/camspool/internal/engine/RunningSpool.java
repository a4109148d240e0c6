package io.camspool.internal.engine;

import io.camspool.Alert;
import io.camspool.Amounts;
import io.camspool.Balance.Amount;
import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.Capture;
import io.camspool.Cleaned;
import io.camspool.Cleanup;
import io.camspool.EventFeed;
import io.camspool.ItemId;
import io.camspool.Measures;
import io.camspool.Page;
import io.camspool.Query;
import io.camspool.Receipt;
import io.camspool.Rejected;
import io.camspool.Removal;
import io.camspool.SinkStatus;
import io.camspool.Status;
import io.camspool.Status.Health;
import io.camspool.StoredAlert;
import io.camspool.StoredCapture;
import io.camspool.StoredItem;
import io.camspool.Story;
import io.camspool.Undelivered;
import io.camspool.Unfinished;
import io.camspool.Verification;
import io.camspool.internal.archive.Archive;
import io.camspool.internal.disk.FolderLocks;
import io.camspool.internal.disk.Reserve;
import io.camspool.internal.intake.Intake;
import io.camspool.internal.intake.Placing;
import io.camspool.internal.ledger.Commits;
import io.camspool.internal.ledger.Ledger;
import io.camspool.internal.report.Report;
import io.camspool.internal.retention.Janitor;
import io.camspool.internal.retention.Remover;
import io.camspool.internal.sync.LeasedPullSink;
import io.camspool.internal.sync.Pump;
import io.camspool.sink.PullSink;
import io.camspool.sink.Sink;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A spool that is owned and running.
final class RunningSpool implements Camspool {
    private static final System.Logger LOG = System.getLogger(RunningSpool.class.getName());

    /// How often renames are forced and unfinished removals tried again.
    private static final Duration UPKEEP = Duration.ofSeconds(1);

    /// What letting the folder go may take when a sink has used up the deadline.
    private static final Duration GRACE = Duration.ofSeconds(1);

    /// How often [#awaitDelivered] looks; committed answers wake nobody outside.
    private static final Duration LOOK = Duration.ofMillis(20);

    private final CamspoolConfig config;
    private final Parts parts;
    private final ReadingSpool reading;
    private final Status.Recovery recovery;
    private final Map<Pump, Loop> pumpLoops = new LinkedHashMap<>();
    private final Forgetting forgetting;
    private final Loop upkeep;
    private final Loop checkpoints;
    private boolean isSettled;
    private final CompletableFuture<Unfinished> unfinished = new CompletableFuture<>();
    private @Nullable Thread closing;

    /// What a running spool is made of.
    record Parts(
            FolderLocks locks,
            Reserve reserve,
            ExecutorService completions,
            Archive archive,
            Ledger ledger,
            Placing placing,
            Intake intake,
            List<Pump> pumps,
            List<LeasedPullSink> pullSinks,
            WakeUps wakeUps,
            Remover remover,
            Janitor janitor,
            Rejections rejections,
            Report report,
            InstantSource clock) {}

    RunningSpool(CamspoolConfig config, Parts parts, Status.Recovery recovery) {
        this.config = config;
        this.parts = parts;
        this.recovery = recovery;
        this.reading = new ReadingSpool(config.data(), parts.ledger.reads(), parts.archive);
        this.forgetting = new Forgetting(config, parts.ledger);
        for (var pump : parts.pumps) {
            var loop = Loop.startBackground("pump-" + pump.id(), pump::runOnce);
            pump.connect(loop::wake);
            pumpLoops.put(pump, loop);
        }
        parts.wakeUps.connect(List.copyOf(pumpLoops.values()));
        this.upkeep = Loop.start("upkeep", this::keepUp);
        this.checkpoints = Loop.start("checkpoints", parts.ledger::checkpoint);
    }

    private Duration keepUp() {
        if (!isSettled) {
            isSettled = true; // who only opens, saves and closes waits for none of this
            return UPKEEP;
        }
        try {
            parts.intake.keepUp();
            if (parts.ledger.trouble().isPresent()) {
                Commits.await(parts.ledger.probe());
            }
        } finally {
            finishAndSettle();
        }
        return UPKEEP;
    }

    private void finishAndSettle() {
        forgetting.goOn();
        try {
            parts.remover.finishDecided();
        } finally {
            settle();
        }
    }

    private void settle() {
        try {
            parts.placing.settle();
        } catch (IOException e) {
            throw CamspoolException.storage(
                    "force", "the places of images", e, "it is tried again");
        }
    }

    @Override
    public Receipt save(Capture capture) {
        return parts.intake.save(capture);
    }

    @Override
    public Receipt save(Alert alert) {
        return parts.intake.save(alert);
    }

    @Override
    public List<Receipt> save(Alert alert, List<Capture> captures) {
        return parts.intake.save(alert, captures);
    }

    @Override
    public Removal remove(ItemId id, Undelivered policy) {
        return parts.janitor.remove(id, policy);
    }

    @Override
    public Cleaned cleanup(Cleanup cleanup) {
        return parts.janitor.cleanup(cleanup);
    }

    @Override
    public Amounts undelivered() {
        return parts.janitor.undelivered().amounts();
    }

    @Override
    public Cleaned clear(long undeliveredItems) {
        return parts.janitor.clear(undeliveredItems);
    }

    @Override
    public PullSink pull(String id) {
        return parts.pullSinks.stream()
                .filter(sink -> sink.id().equals(id))
                .findFirst()
                .orElseThrow(
                        () ->
                                CamspoolException.invalid(
                                        "pull sink",
                                        id,
                                        parts.pullSinks.isEmpty()
                                                ? "none is configured"
                                                : parts.pullSinks.stream()
                                                        .map(PullSink::id)
                                                        .collect(Collectors.joining(", "))));
    }

    @Override
    public void pauseSink(String id) {
        Commits.await(parts.ledger.pause(id, true));
    }

    @Override
    public void resumeSink(String id) {
        Commits.await(parts.ledger.pause(id, false));
        parts.wakeUps.wakeAll();
    }

    @Override
    public void syncSink(String id) {
        parts.pumps.stream()
                .filter(pump -> pump.id().equals(id))
                .findFirst()
                .orElseThrow(() -> CamspoolException.invalid("sink", id, pumpIds()))
                .hurry();
    }

    private String pumpIds() {
        return parts.pumps.isEmpty()
                ? "none is sent to here"
                : parts.pumps.stream().map(Pump::id).collect(Collectors.joining(", "));
    }

    @Override
    public Amount forgetSink(String id, long owedItems) {
        return forgetting.forget(id, owedItems);
    }

    @Override
    public Page<Rejected> rejected(String sink, int limit, Optional<String> cursor) {
        return reading.rejected(sink, limit, cursor);
    }

    @Override
    public long retryRejected(String sink, List<ItemId> items) {
        return parts.rejections.retry(sink, items);
    }

    @Override
    public long retryRejected(String sink) {
        return parts.rejections.retry(sink);
    }

    @Override
    public Amount dropRejected(String sink, List<ItemId> items, long rejectedItems) {
        return parts.rejections.drop(sink, items, rejectedItems);
    }

    @Override
    public Amount dropRejected(String sink, long rejectedItems) {
        return parts.rejections.drop(sink, rejectedItems);
    }

    @Override
    public Optional<Story> story(ItemId id) {
        return reading.story(id);
    }

    @Override
    public boolean awaitDelivered(Duration limit) {
        var end = Deadline.after(limit);
        parts.pumps.forEach(Pump::flush);
        while (isOwed() || isSending()) {
            if (System.nanoTime() >= end) {
                return false;
            }
            try {
                Thread.sleep(LOOK);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    private boolean isOwed() {
        return parts.ledger.reads().sinks().stream()
                .filter(this::isActive)
                .anyMatch(sink -> sink.backlog().items() > 0);
    }

    /// Whether something is in the hands of a pump, if only for the moment after it was booked.
    private boolean isSending() {
        return parts.pumps.stream().anyMatch(pump -> pump.leases().size() > 0);
    }

    private boolean isActive(SinkStatus sink) {
        return parts.ledger.sinks().stream().anyMatch(active -> active.id().equals(sink.id()));
    }

    @Override
    public Optional<StoredItem> find(ItemId id) {
        return reading.find(id);
    }

    @Override
    public Optional<StoredCapture> find(String camera, String alertId) {
        return reading.find(camera, alertId);
    }

    @Override
    public Page<StoredCapture> captures(Query query) {
        return reading.captures(query);
    }

    @Override
    public Page<StoredAlert> alerts(Query query) {
        return reading.alerts(query);
    }

    @Override
    public InputStream read(ItemId id) {
        return reading.read(id);
    }

    @Override
    public Verification verify(long bytesPerSecond, LongConsumer progress) {
        return reading.verify(bytesPerSecond, progress);
    }

    @Override
    public Status status() {
        var stored = reading.status();
        var red = new ArrayList<String>();
        parts.ledger.trouble().ifPresent(red::add);
        parts.intake.trouble().ifPresent(red::add);
        var yellow = new ArrayList<String>();
        if (parts.ledger.isCopy()) {
            yellow.add(
                    "a copy of another spool, with a spool id of its own since this open; the original may still send what both hold");
        }
        parts.placing.trouble().ifPresent(yellow::add);
        upkeep.trouble().ifPresent(yellow::add);
        checkpoints.trouble().ifPresent(yellow::add);
        var sinks = stored.sinks().stream().map(this::running).toList();
        yellow.addAll(SinkReasons.troubles(sinks));
        var reasons = new ArrayList<>(red);
        reasons.addAll(yellow);
        reasons.addAll(SinkReasons.notes(sinks, config.localOnly()));
        return new Status(
                config.data(),
                stored.box(),
                stored.spoolId(),
                !red.isEmpty() ? Health.RED : yellow.isEmpty() ? Health.GREEN : Health.YELLOW,
                reasons,
                stored.captures(),
                stored.alerts(),
                sinks,
                Optional.of(parts.intake.status()),
                turnedAway(stored),
                recovery);
    }

    @Override
    public Measures measures() {
        return parts.report.measures();
    }

    @Override
    public EventFeed events(int capacity) {
        return parts.report.listen(capacity);
    }

    private Map<Reason, Long> turnedAway(Status stored) {
        var counts = new EnumMap<Reason, Long>(Reason.class);
        counts.putAll(stored.turnedAway());
        parts.intake
                .turnedAway()
                .forEach((reason, items) -> counts.merge(reason, items, Long::sum));
        return counts;
    }

    private SinkStatus running(SinkStatus sink) {
        var trouble =
                pumpLoops.entrySet().stream()
                        .filter(entry -> entry.getKey().id().equals(sink.id()))
                        .flatMap(
                                entry ->
                                        entry
                                                .getKey()
                                                .trouble()
                                                .or(entry.getValue()::trouble)
                                                .stream())
                        .findFirst()
                        .or(() -> parts.ledger.reads().postponed(sink.id()));
        var rate =
                parts.ledger.sinks().stream()
                        .filter(active -> active.id().equals(sink.id()))
                        .findFirst()
                        .flatMap(active -> parts.ledger.rate(active, parts.clock.millis()));
        return sink.running(rate, trouble);
    }

    @Override
    public synchronized Unfinished close(Duration deadline) {
        var end = Deadline.after(deadline);
        try {
            if (closing == null) {
                closing =
                        Thread.ofPlatform()
                                .name("camspool-closing")
                                .daemon()
                                .start(() -> closeBy(end));
            }
            var left = awaitUnfinished(end);
            closing.join(left(end).plus(GRACE));
            return left;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CamspoolException(
                    Reason.TIMEOUT,
                    "interrupted while closing, which goes on; close again to wait for it",
                    e);
        }
    }

    private Unfinished awaitUnfinished(long end) throws InterruptedException {
        try {
            return unfinished.get(left(end).plus(GRACE).toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            return unfinishedAt(end); // a close before this one has a later deadline
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /// Closes on a thread of its own: whoever interrupts the caller, the folder is let go in the
    /// end.
    private void closeBy(long end) {
        try {
            unfinished.complete(unfinishedAt(end));
        } catch (InterruptedException _) {
            return; // nobody interrupts it but a JVM that ends
        } catch (RuntimeException | Error e) {
            unfinished.completeExceptionally(e);
        }
        letGo();
    }

    private Unfinished unfinishedAt(long end) throws InterruptedException {
        var items = parts.intake.drain(left(end));
        var sinks = new ArrayList<String>();
        for (var entry : pumpLoops.entrySet()) {
            if (!entry.getValue().stop(left(end)) || !entry.getKey().stop(left(end))) {
                sinks.add(entry.getKey().id());
            }
        }
        return new Unfinished(items, sinks);
    }

    /// Stops all that writes in the folder, each after what hands it work; false when the end came
    /// first. A pump that hangs in its sink is not waited for: it only reads, and its answers are
    /// refused.
    private boolean stopWriting(long end) throws InterruptedException {
        var stopped = parts.intake.stop(left(end));
        parts.intake.keepCounts();
        return stopped
                && parts.janitor.stop(left(end))
                && upkeep.stop(left(end))
                && checkpoints.stop(left(end))
                && parts.ledger.stop(left(end))
                && stopCompletions(left(end));
    }

    private boolean stopCompletions(Duration limit) throws InterruptedException {
        parts.completions.shutdown();
        return parts.completions.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Until what still writes has ended, the folder stays claimed.
    private void letGo() {
        try {
            while (!stopWriting(System.nanoTime() + UPKEEP.toNanos())) {
                LOG.log(Level.DEBUG, "closing: {0} is still in use", config.data());
            }
        } catch (InterruptedException _) {
            return; // nobody interrupts it but a JVM that ends
        }
        parts.report.close();
        try {
            settle();
        } catch (CamspoolException e) {
            LOG.log(
                    Level.WARNING,
                    "closing: {0}; the next open goes on from there",
                    e.getMessage());
        }
        try (var _ = parts.locks;
                var _ = parts.reserve;
                var _ = parts.ledger;
                var _ = parts.intake) {
            config.sinks().forEach(sink -> closeSink(sink.id(), sink.sink()));
        }
    }

    private static void closeSink(String id, Sink sink) {
        try {
            sink.close();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "closing sink {0}: {1}", id, e.getMessage());
        }
    }

    /// What is left until the end, at least a moment.
    private static Duration left(long end) {
        return Duration.ofNanos(Math.max(1_000_000, end - System.nanoTime()));
    }

    @Override
    public void close() {
        var unfinished = close(CLOSE_DEADLINE);
        if (!unfinished.items().isEmpty()) {
            throw new CamspoolException(
                    Reason.UNKNOWN_OUTCOME,
                    "closed with %d items unfinished, first %s"
                            .formatted(unfinished.items().size(), unfinished.items().getFirst()));
        }
    }
}
