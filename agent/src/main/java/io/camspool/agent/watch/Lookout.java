package io.camspool.agent.watch;

import io.camspool.CamspoolException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds the files of a tree: is told of changes, and looks through the whole tree at the
/// beginning, again and again in long intervals, and whenever something may have been missed. All
/// in steps, and only while there is room for what is found. Confined to one thread.
final class Lookout implements AutoCloseable {
    /// What one step does: so long nothing is taken.
    private static final int ENTRIES_A_STEP = 1_000;

    private static final int CHANGED_FOLDERS_A_STEP = 16;

    /// New folders that wait to be looked through; more make it the whole tree.
    private static final int MAX_NEW_FOLDERS = 100;

    /// Nobody notices a folder that is back sooner.
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(5);

    /// Looking takes at most so much of the time.
    private static final int REST = 10;

    private final WatchedFolder folder;
    private final FolderEvents events;
    private final Sightings sightings;
    private final WatchReport report;
    private final FindsOfAll finds = new FindsOfAll();
    private final ArrayDeque<Path> newFolders = new ArrayDeque<>();
    private @Nullable TreeScan ofNew;
    private @Nullable TreeScan ofAll;
    private boolean missed = true;
    private long now;
    private long begunAt;
    private long nextAt;
    private long scans;
    private long failures;
    private long unmatched;
    private long unmatchedSoFar;
    private @Nullable Path firstUnmatched;
    private @Nullable Path firstSoFar;
    private boolean isCounting;
    private @Nullable String trouble;

    Lookout(
            WatchedFolder folder,
            FolderEvents events,
            Sightings sightings,
            WatchReport report,
            long now) {
        this.folder = folder;
        this.events = events;
        this.sightings = sightings;
        this.report = report;
        this.now = now;
        this.nextAt = now;
    }

    /// One step; whether more is to be done at once.
    boolean look(long at) {
        now = at;
        var more = events.drain(CHANGED_FOLDERS_A_STEP, finds);
        if (ofAll == null && now - nextAt >= 0) {
            begin();
        }
        more |= ofNew != null || !newFolders.isEmpty();
        scanNew();
        return (scanAll() || more) && sightings.hasRoom();
    }

    private void begin() {
        missed = false;
        trouble = null;
        unmatchedSoFar = 0;
        firstSoFar = null;
        begunAt = now;
        events.retry();
        ofAll = new TreeScan(folder.folder());
    }

    private void scanNew() {
        if (ofNew == null && !newFolders.isEmpty()) {
            ofNew = new TreeScan(newFolders.remove());
        }
        if (ofNew != null && sightings.hasRoom() && ofNew.step(ENTRIES_A_STEP, finds)) {
            ofNew = null;
        }
    }

    /// Whether it goes on.
    private boolean scanAll() {
        if (ofAll == null || !sightings.hasRoom()) {
            return ofAll != null;
        }
        isCounting = true;
        var isDone = ofAll.step(ENTRIES_A_STEP, finds);
        isCounting = false;
        if (!isDone) {
            return true;
        }
        ofAll = null;
        scans++;
        unmatched = unmatchedSoFar;
        firstUnmatched = firstSoFar;
        var took = now - begunAt;
        nextAt = now + (missed ? took : Math.max(took * REST, interval().toNanos()));
        return false;
    }

    private Duration interval() {
        if (trouble != null) {
            return shorter(AFTER_TROUBLE, folder.rescan());
        }
        return events.trouble().isPresent()
                ? shorter(folder.settle(), folder.rescan())
                : folder.rescan();
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /// The whole tree is to be looked through again, soon.
    private void miss() {
        if (!missed) {
            missed = true;
            if (ofAll == null) {
                nextAt = Math.min(nextAt - now, folder.settle().toNanos() / 2) + now;
            }
        }
    }

    /// In how long there is something to do, if nothing happens.
    long nextNanos(long at) {
        return ofAll != null ? 0 : Math.max(0, nextAt - at);
    }

    /// Whether the tree has been looked through once, and nothing was missed.
    boolean isComplete() {
        return scans > 0 && !missed && ofAll == null && ofNew == null && newFolders.isEmpty();
    }

    long failures() {
        return failures;
    }

    /// Files of the last look through the tree that don't match the pattern.
    long unmatched() {
        return unmatched;
    }

    Optional<Path> firstUnmatched() {
        return Optional.ofNullable(firstUnmatched);
    }

    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    private final class FindsOfAll implements TreeScan.Finds, FolderEvents.Changes {
        @Override
        public boolean folder(Path path) {
            if (folder.isPutAway(path)) {
                return false;
            }
            events.register(path);
            return true;
        }

        @Override
        public void file(Path file, FileStamp stamp) {
            var path = Paths.relative(folder.folder(), file);
            if (!Paths.matches(folder, path)) {
                if (isCounting) {
                    unmatchedSoFar++;
                    firstSoFar = firstSoFar == null ? file : firstSoFar;
                }
            } else if (!sightings.see(file, path, stamp, now)) {
                miss();
            }
        }

        @Override
        public void unreadable(Path path, IOException why) {
            trouble = "cannot read " + path + ": " + CamspoolException.causeInWords(why);
            failures++;
            report.failed(path, CamspoolException.causeInWords(why));
        }

        @Override
        public void changed(Path path) {
            if (TreeScan.isIgnored(path)) {
                return;
            }
            try {
                var stamp = FileStamp.of(path);
                if (stamp.isPresent()) {
                    file(path, stamp.get());
                } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    added(path);
                }
            } catch (IOException _) {
                miss(); // which says so, if that stays
            }
        }

        private void added(Path path) {
            if (newFolders.size() == MAX_NEW_FOLDERS) {
                miss();
            } else if (!newFolders.contains(path)) {
                newFolders.add(path);
            }
        }

        @Override
        public void lost() {
            miss();
        }
    }

    @Override
    public void close() {
        if (ofNew != null) {
            ofNew.close();
        }
        if (ofAll != null) {
            ofAll.close();
        }
    }
}
