package io.camspool.agent.watch;

import io.camspool.CamspoolException;
import io.camspool.Receipt;
import io.camspool.Stored;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Takes files that have settled, some at a time so that the disk forces them together: saves them,
/// waits until they are stored, and only then puts them away. Whatever a kill leaves of that is
/// done again, and changes nothing that is done. Confined to one thread.
final class Taker {
    /// Files that are saved before the first is waited for.
    static final int BATCH = 64;

    private static final Duration STORE_LIMIT = Duration.ofMinutes(1);

    /// A file that can't be taken must have been as it is for so many times the settle time:
    /// whoever writes it may only have paused.
    private static final int DOUBT = 10;

    /// For so long an alert without an image waits for that.
    private static final long ALONE_NANOS = Duration.ofMinutes(1).toNanos();

    private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int MOST_DOUBLINGS = 6;
    private static final int MARK_CHARACTERS = 8;

    private final WatchedFolder folder;
    private final Saves saves;
    private final Sightings sightings;
    private final WatchReport report;
    private final LongSupplier nanos;
    private final long settleNanos;
    private final PutAway refusals;
    private final Optional<PutAway> places;
    private long taken;
    private long refused;
    private long failures;
    private long pausedUntil;
    private int pauses;
    private @Nullable String trouble;

    /// @param alert null: there is none
    /// @param receipt of the alert where there is no image
    private record UnderWay(
            Sighting file, @Nullable Sighting sidecar, Receipt receipt, @Nullable Receipt alert) {}

    Taker(
            WatchedFolder folder,
            Saves saves,
            Sightings sightings,
            WatchReport report,
            LongSupplier nanos) {
        this.folder = folder;
        this.saves = saves;
        this.sightings = sightings;
        this.report = report;
        this.nanos = nanos;
        this.settleNanos = folder.settle().toNanos();
        this.refusals = new PutAway(folder.refused());
        this.places = folder.taken().map(PutAway::new);
        this.pausedUntil = nanos.getAsLong();
    }

    /// Takes what is due, up to a batch; whether there may be more.
    boolean takeDue() {
        var now = nanos.getAsLong();
        if (now - pausedUntil < 0) {
            return false;
        }
        var due = sightings.due(now, BATCH);
        var underWay = new ArrayList<UnderWay>();
        for (var sighting : due) {
            // The sidecar of one before is gone with it.
            if (sightings.find(sighting.path) == sighting
                    && underWay.stream().noneMatch(one -> sighting.equals(one.sidecar))
                    && !begin(sighting, underWay)) {
                break;
            }
        }
        underWay.forEach(this::finish);
        return due.size() == BATCH && !isPaused();
    }

    private boolean isPaused() {
        return nanos.getAsLong() - pausedUntil < 0;
    }

    /// How long takes stand still; 0 where they don't.
    long pausedNanos(long now) {
        return Math.max(0, pausedUntil - now);
    }

    /// Hands one to the spool if its time has come; false when nothing can be taken now.
    private boolean begin(Sighting file, List<UnderWay> underWay) {
        @Nullable Sighting sidecar = null;
        try {
            if (!isSettled(file)) {
                return true;
            }
            if (Paths.isSidecar(folder, file.path)) {
                if (isAlone(file)) {
                    underWay.add(new UnderWay(file, null, saves.alert(file), null));
                }
                return true;
            }
            if (folder.sidecar()) {
                sidecar = sidecar(file);
                if (sidecar == null ? !waitedForSidecar(file) : !isSettled(sidecar)) {
                    var now = nanos.getAsLong();
                    file.againAfter(
                            Math.max(
                                    1, sidecar == null ? settleNanos / 4 : sidecar.dueInNanos(now)),
                            now);
                    return true;
                }
            }
            if (sidecar == null) {
                underWay.add(new UnderWay(file, null, saves.capture(file), null));
            } else {
                var receipts = saves.together(file, sidecar);
                underWay.add(new UnderWay(file, sidecar, receipts.getLast(), receipts.getFirst()));
            }
            return true;
        } catch (Saves.ChangedException | NoSuchFileException _) {
            file.againAfter(settleNanos, nanos.getAsLong());
            return true;
        } catch (IOException e) {
            failed(file, CamspoolException.causeInWords(e));
            return true;
        } catch (CamspoolException e) {
            return judge(file, sidecar, e);
        }
    }

    /// Whether a file is as it was for long enough; forgets one that is gone.
    private boolean isSettled(Sighting file) throws IOException {
        var now = nanos.getAsLong();
        var stamp = FileStamp.of(file.file);
        if (stamp.isEmpty()) {
            sightings.forget(file);
            return false;
        }
        if (!file.isStill(stamp.get(), now, settleNanos)) {
            return false;
        }
        if (file.stillNanos(now) < settleNanos) {
            file.againAfter(settleNanos - file.stillNanos(now), now);
            return false;
        }
        return true;
    }

    /// An alert goes with its image; without one it goes by itself after a while.
    private boolean isAlone(Sighting sidecar) {
        var now = nanos.getAsLong();
        var wait =
                Paths.hasImage(folder, sidecar.file)
                        ? settleNanos
                        : ALONE_NANOS - sidecar.stillNanos(now);
        if (wait > 0) {
            sidecar.againAfter(wait, now);
        }
        return wait <= 0;
    }

    private @Nullable Sighting sidecar(Sighting image) throws IOException {
        for (var path : Paths.sidecars(image.path)) {
            var known = sightings.find(path);
            if (known != null) {
                return known;
            }
            var file = folder.folder().resolve(path);
            var stamp = FileStamp.of(file);
            if (stamp.isPresent()) {
                // Kept by whoever waits for it where there is no room.
                var _ = sightings.see(file, path, stamp.get(), nanos.getAsLong());
                var seen = sightings.find(path);
                return seen != null
                        ? seen
                        : new Sighting(file, path, stamp.get(), nanos.getAsLong(), settleNanos);
            }
        }
        return null;
    }

    private boolean waitedForSidecar(Sighting image) {
        return image.stillNanos(nanos.getAsLong()) >= settleNanos + folder.sidecarWait().toNanos();
    }

    /// What is wrong with a file refuses it; what is wrong with anything else has all files wait.
    private boolean judge(Sighting file, @Nullable Sighting sidecar, CamspoolException e) {
        return switch (e.reason()) {
            case INVALID, CONFLICT -> {
                refuse(file, sidecar, CamspoolException.causeInWords(e));
                yield true;
            }
            case INTAKE_FULL -> {
                pause(CamspoolException.causeInWords(e));
                yield false;
            }
            case CLOSED -> throw e;
            case LOCKED, NOT_FOUND, FORMAT, STORAGE, DAMAGED, UNKNOWN_OUTCOME, TIMEOUT -> {
                pause(CamspoolException.causeInWords(e));
                failed(file, CamspoolException.causeInWords(e));
                yield false;
            }
        };
    }

    private void pause(String why) {
        trouble = why;
        pausedUntil = nanos.getAsLong() + (PAUSE_NANOS << Math.min(pauses, MOST_DOUBLINGS));
        pauses++;
    }

    private void failed(Sighting file, String why) {
        failures++;
        trouble = file.file + ": " + why;
        sightings.failed(file, nanos.getAsLong());
        report.failed(file.file, why);
    }

    private void finish(UnderWay one) {
        try {
            var stored = one.receipt.await(STORE_LIMIT);
            if (one.alert != null) {
                one.alert.await(STORE_LIMIT);
            }
            putAway(one, stored);
        } catch (CamspoolException e) {
            var _ = judge(one.file, one.sidecar, e);
        }
    }

    private void putAway(UnderWay one, Stored stored) {
        try {
            var mark = stored.id().value().substring(0, MARK_CHARACTERS);
            remove(one.file, mark);
            if (one.sidecar != null) {
                remove(one.sidecar, mark);
            }
            trouble = null;
            pauses = 0;
            var isAlert = one.alert != null || Paths.isSidecar(folder, one.file.path);
            report.taken(one.file.file, one.receipt, stored, isAlert);
        } catch (IOException e) {
            failed(
                    one.file,
                    "stored, but it can't be %s: %s"
                            .formatted(
                                    places.isPresent() ? "moved" : "deleted",
                                    CamspoolException.causeInWords(e)));
        }
    }

    /// A file that is another by now stays, and is taken as such.
    private void remove(Sighting file, String mark) throws IOException {
        var stamp = FileStamp.of(file.file);
        if (stamp.isPresent() && !file.isStill(stamp.get(), nanos.getAsLong(), settleNanos)) {
            return;
        }
        if (stamp.isPresent()) {
            if (places.isPresent()) {
                var place = places.get();
                place.move(file.file, place.free(file.path, mark));
            } else {
                Files.delete(file.file);
            }
        }
        sightings.forget(file);
        taken++;
    }

    private void refuse(Sighting file, @Nullable Sighting sidecar, String why) {
        var now = nanos.getAsLong();
        var left = settleNanos * DOUBT - file.stillNanos(now);
        if (left > 0) {
            file.againAfter(left, now);
            return;
        }
        try {
            if (!isSettled(file)) {
                return; // it is another by now
            }
            var mark = Long.toHexString(file.stamp().modified().toMillis());
            var target = refusals.free(file.path, mark);
            refusals.explain(target, why);
            refusals.move(file.file, target);
            sightings.forget(file);
            refused++;
            report.refused(file.file, target, why);
            if (sidecar != null) {
                refusals.move(sidecar.file, refusals.free(sidecar.path, mark));
                sightings.forget(sidecar);
                refused++;
            }
        } catch (IOException e) {
            failed(file, why + "; and it can't be moved: " + CamspoolException.causeInWords(e));
        }
    }

    long taken() {
        return taken;
    }

    long refused() {
        return refused;
    }

    long failures() {
        return failures;
    }

    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }
}
