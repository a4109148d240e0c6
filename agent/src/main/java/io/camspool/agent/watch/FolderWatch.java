package io.camspool.agent.watch;

import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.CamspoolException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Takes what is written to one folder, until it is stopped. [#start] gives it a thread of its own;
/// [#status] and [#stop] may be called by any.
public final class FolderWatch {
    /// Files that are known to wait, each of some hundred bytes.
    private static final int MAX_WAITING = 10_000;

    /// The longest wait without a look at what is due.
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    /// Tries of a file after which [#runUntilTaken] leaves it to a later run.
    private static final int TRIES = 3;

    /// Times the settle time that [#runUntilTaken] waits for a file that goes on growing.
    private static final int PATIENCE = 10;

    private static final System.Logger LOG = System.getLogger(FolderWatch.class.getName());

    private final WatchedFolder folder;
    private final LongSupplier nanos;
    private final FolderEvents events;
    private final Sightings sightings;
    private final Lookout lookout;
    private final Taker taker;
    private final Thread thread;
    private volatile boolean stopping;
    private volatile WatchStatus status;
    private @Nullable String logged;

    private FolderWatch(
            Camspool spool,
            CamspoolConfig config,
            WatchedFolder folder,
            WatchReport report,
            FolderEvents events,
            int maxWaiting,
            LongSupplier nanos) {
        this.folder = folder;
        this.nanos = nanos;
        this.events = events;
        this.sightings = new Sightings(maxWaiting, folder.settle().toNanos());
        this.lookout = new Lookout(folder, events, sightings, report, nanos.getAsLong());
        this.taker = new Taker(folder, new Saves(spool, config, folder), sightings, report, nanos);
        this.thread =
                Thread.ofPlatform()
                        .name("camspool-watch-" + folder.folder().getFileName())
                        .daemon()
                        .unstarted(this::run);
        this.status = statusNow(null);
    }

    /// Refuses a folder that the spool itself uses; one that isn't there yet is waited for.
    ///
    /// @param config that of the spool
    /// @param report is called on the thread of the watch
    public static FolderWatch open(
            Camspool spool, CamspoolConfig config, WatchedFolder folder, WatchReport report) {
        return open(
                spool, config, folder, report, FolderEvents.open(), MAX_WAITING, System::nanoTime);
    }

    static FolderWatch open(
            Camspool spool,
            CamspoolConfig config,
            WatchedFolder folder,
            WatchReport report,
            FolderEvents events,
            int maxWaiting,
            LongSupplier nanos) {
        folder.refuseIn(
                config.captures()
                        .map(images -> List.of(config.data(), images))
                        .orElse(List.of(config.data())));
        return new FolderWatch(spool, config, folder, report, events, maxWaiting, nanos);
    }

    /// Runs on a thread of its own, which ends with [#stop].
    public void start() {
        thread.start();
    }

    /// Takes files until [#end]. What fails is said in the status and tried again.
    public void run() {
        try {
            while (!stopping) {
                runStep();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lookout.close();
        }
    }

    private void runStep() throws InterruptedException {
        try {
            var wait = runOnce();
            log(status.trouble().or(status::note).orElse(null));
            events.await(wait);
        } catch (RuntimeException | Error e) { // one step's failure must not end it unseen
            var why = CamspoolException.causeInWords(e);
            status = statusNow(why);
            log(why);
            events.pause(PAUSE_AFTER_FAILURE);
        }
    }

    private void log(@Nullable String trouble) {
        if (trouble != null && !trouble.equals(logged)) {
            LOG.log(Level.WARNING, "watch " + folder.folder() + ": " + trouble);
        }
        logged = trouble;
    }

    /// Takes what is there, and returns when nothing is left but what fails or goes on growing, or
    /// after [#stop].
    public void runUntilTaken() throws InterruptedException {
        while (!stopping) {
            var wait = runOnce();
            if (isDone()) {
                break;
            }
            events.await(wait);
        }
        lookout.close();
    }

    private boolean isDone() {
        var patience = folder.settle().toNanos() * PATIENCE;
        return lookout.isComplete()
                && sightings.all().stream()
                        .allMatch(file -> file.failures() >= TRIES || file.isGrowing(patience));
    }

    /// One step; says how long to wait for the next, if nothing happens.
    Duration runOnce() {
        var more = lookout.look(nanos.getAsLong());
        more |= taker.takeDue();
        status = statusNow(null);
        if (more) {
            return Duration.ZERO;
        }
        var now = nanos.getAsLong();
        var due = sightings.nextDueNanos(now, LONGEST_WAIT.toNanos());
        var next =
                Math.min(
                        Math.max(due, taker.pausedNanos(now)),
                        sightings.hasRoom() ? lookout.nextNanos(now) : Long.MAX_VALUE);
        return Duration.ofNanos(Math.min(next, LONGEST_WAIT.toNanos()));
    }

    public WatchStatus status() {
        return status;
    }

    private WatchStatus statusNow(@Nullable String trouble) {
        return new WatchStatus(
                folder.folder(),
                taker.taken(),
                taker.refused(),
                sightings.size(),
                taker.failures() + lookout.failures(),
                lookout.unmatched(),
                lookout.firstUnmatched(),
                Optional.ofNullable(trouble).or(lookout::trouble).or(taker::trouble),
                events.trouble()
                        .map(
                                why ->
                                        "looks through the folder, as it is not told of changes: "
                                                + why));
    }

    /// Has it end after the file under way.
    public void end() {
        stopping = true;
        events.close();
    }

    public boolean isEnded() {
        return stopping;
    }

    /// As [#end], and waits for that; false when it did not by the limit.
    public boolean stop(Duration limit) throws InterruptedException {
        end();
        return thread.join(limit.isPositive() ? limit : Duration.ofMillis(1));
    }
}
