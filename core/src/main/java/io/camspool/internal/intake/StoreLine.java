package io.camspool.internal.intake;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.ItemId;
import io.camspool.SpoolEvent;
import io.camspool.internal.archive.Archive;
import io.camspool.internal.disk.Reserve;
import io.camspool.internal.intake.Group.Member;
import io.camspool.internal.intake.Group.Picture;
import io.camspool.internal.ledger.Ledger;
import io.camspool.internal.ledger.NewItem;
import io.camspool.internal.report.Report;
import io.camspool.internal.report.Report.Step;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The way of an admitted group: codec, archive, commit, place. Four stages in a row, each with its
/// own threads:
///
/// 1. codec: makes of each picture what will be stored;
/// 2. write: writes it aside and forces it; a file that the caller handed in stands there, and is
///    only forced;
/// 3. commit: takes all groups whose captures are written, forces their names with one fsync, and
///    hands each to the ledger;
/// 4. place: renames the committed images to their places, and the group is done.
///
/// A group that fails ends in the last stage too. It leaves no file, unless the outcome of its
/// commit is unknown: then the row decides, once the ledger can be written again. A group without
/// captures passes no stage, and ends where the ledger answers: it never waits for what the disk
/// does to images. Whatever is thrown on the way, a group ends: its room comes back and its
/// receipts complete.
final class StoreLine {
    /// Groups that share one fsync of the folder.
    private static final int MOST_COMMITS = 256;

    /// Bytes that a probe writes at most, whatever the size of the image that failed.
    private static final int MOST_PROBE_BYTES = 1_000_000;

    /// For what fails where there is no memory to say more.
    private final CamspoolException notStored =
            new CamspoolException(
                    Reason.STORAGE, "cannot store the item: no memory; nothing was stored");

    private final CamspoolException maybeStored =
            new CamspoolException(
                    Reason.UNKNOWN_OUTCOME,
                    "no memory to say what became of the item; it may be stored");

    private final Archive archive;
    private final Ledger ledger;
    private final Placing placing;
    private final FramePool pool;
    private final Consumer<Group> done;
    private final Report report;
    private final Stage<Member> codec;
    private final Stage<Member> write;
    private final Stage<Group> commit;
    private final Stage<Group> place;
    private final Ends ends = new Ends();
    private final Reserve reserve;
    private final BiPredicate<Candidate, Runnable> ifFree;
    private final ConcurrentLinkedQueue<Candidate> unresolved = new ConcurrentLinkedQueue<>();
    private volatile @Nullable String trouble;
    private final AtomicInteger failedBytes = new AtomicInteger();
    private final WriteLimit writeLimit = new WriteLimit();

    /// @param ifFree does something unless the id of a candidate is claimed by a repeat
    /// @param done told about each group, stored or failed; again where it threw
    /// @param report told how long it takes, and what is stored
    StoreLine(
            Archive archive,
            Ledger ledger,
            Placing placing,
            FramePool pool,
            LazyCodec codecs,
            Reserve reserve,
            CrashedInputs crashed,
            BiPredicate<Candidate, Runnable> ifFree,
            Consumer<Group> done,
            Report report) {
        this.archive = archive;
        this.ledger = ledger;
        this.placing = placing;
        this.pool = pool;
        this.done = done;
        this.report = report;
        this.reserve = reserve;
        this.ifFree = ifFree;
        var cores = Runtime.getRuntime().availableProcessors();
        this.codec = new Stage<>("codec", cores, 1, () -> new CodecWorker(codecs, crashed));
        this.write = new Stage<>("write", WriteLimit.MOST_WRITES, 1, WriteWorker::new);
        this.commit = new Stage<>("commit", 1, MOST_COMMITS, CommitWorker::new);
        this.place = new Stage<>("place", 1, 1, () -> ends);
    }

    /// Takes over a group; one without pictures goes straight to the ledger. Never throws.
    void add(Group group) {
        if (!group.hasCaptures()) {
            append(group);
            return;
        }
        for (var i = 0; i < group.members().size(); i++) {
            var member = group.members().get(i);
            if (member.picture != null) {
                codec.add(member);
            } else if (member.file != null) {
                write.add(member);
            }
        }
    }

    /// Stops the stages in their order, each when it has emptied its queue; false when the limit
    /// came first.
    boolean stop(Duration limit) throws InterruptedException {
        var end = System.nanoTime() + limit.toNanos();
        for (var stage : List.of(codec, write, commit, place)) {
            if (!stage.stop(Duration.ofNanos(end - System.nanoTime()))) {
                return false;
            }
        }
        return true;
    }

    /// One codec thread; its encoder is opened when the first image needs one.
    private final class CodecWorker implements Stage.Worker<Member> {
        private final LazyCodec codecs;
        private final CrashedInputs crashed;
        private boolean standsBack;
        private @Nullable ImageMaker maker;

        CodecWorker(LazyCodec codecs, CrashedInputs crashed) {
            this.codecs = codecs;
            this.crashed = crashed;
        }

        @Override
        public void handle(Member member) {
            if (!standsBack) {
                Niceness.standBack();
                standsBack = true;
            }
            if (!member.group().hasFailed() && member.picture != null) {
                make(member, member.picture);
            }
            write.add(member);
        }

        private void make(Member member, Picture picture) {
            try {
                if (maker == null) {
                    maker = new ImageMaker(codecs, pool, crashed);
                }
                var began = report.now();
                maker.make(member, picture);
                report.took(Step.ENCODE, began);
            } catch (IllegalArgumentException e) {
                member.group()
                        .fail(
                                new CamspoolException(
                                        Reason.INVALID,
                                        "the image can't be decoded: " + e.getMessage(),
                                        e));
            } catch (IOException | RuntimeException | Error e) {
                member.group()
                        .fail(
                                CamspoolException.storage(
                                        "encode", member.candidate.id(), e, "nothing was stored"));
            }
        }

        @Override
        public void fail(Member member) {
            member.group().fail(notStored);
            write.add(member);
        }

        @Override
        public void close() {
            if (maker != null) {
                maker.close();
            }
        }
    }

    private final class WriteWorker implements Stage.Worker<Member> {
        @Override
        public void handle(Member member) {
            if (!member.group().hasFailed()) {
                try {
                    write(member);
                } catch (IOException | RuntimeException | Error e) {
                    reserve.noteWhenFull();
                    member.group()
                            .fail(
                                    failed(
                                            CamspoolException.storage(
                                                    "write the file of",
                                                    member.candidate.id(),
                                                    e,
                                                    "free or mend the disk; nothing was stored"),
                                            member.bytes()));
                }
            }
            handOn(member);
        }

        @Override
        public void fail(Member member) {
            member.group().fail(failed(notStored, member.bytes()));
            handOn(member);
        }

        private void handOn(Member member) {
            if (member.letGo()) {
                if (member.picture != null) {
                    pool.give(member.picture.buffer);
                } else if (member.file != null) {
                    member.file.letGo();
                }
            }
            if (member.done()) {
                commit.add(member.group());
            }
        }
    }

    private void write(Member member) throws IOException {
        if (member.picture != null) {
            write(member.candidate.id(), member.picture);
        } else if (member.file != null) {
            member.file.finish(archive);
        }
    }

    private void write(ItemId id, Picture picture) throws IOException {
        reserve.requireRoomForImages(); // it was admitted when there was some
        var bytes = picture.bytes;
        writeLimit.enter(bytes);
        var began = report.now();
        try {
            archive.write(id, picture.buffer.memory().asSlice(0, bytes).asByteBuffer());
        } finally {
            writeLimit.leave(bytes, report.took(Step.WRITE, began));
        }
    }

    private final class CommitWorker implements Stage.Worker<Group> {
        @Override
        public void begin(List<Group> groups) {
            try {
                archive.forceIncoming();
                if (groups.stream().anyMatch(group -> !group.hasFailed())) {
                    endTrouble();
                }
            } catch (IOException | RuntimeException | Error e) {
                var failure =
                        failed(
                                CamspoolException.storage(
                                        "force",
                                        "the incoming images",
                                        e,
                                        "mend the disk; nothing was stored"),
                                0);
                groups.forEach(group -> group.fail(failure));
            }
        }

        @Override
        public void handle(Group group) {
            if (group.hasFailed()) {
                end(group);
            } else {
                append(group);
            }
        }

        @Override
        public void fail(Group group) {
            group.fail(failed(notStored, 0));
            end(group);
        }
    }

    private CamspoolException failed(CamspoolException failure, long bytes) {
        failedBytes.accumulateAndGet((int) Math.min(MOST_PROBE_BYTES, bytes), Math::max);
        trouble = failure.getMessage();
        return failure;
    }

    private void endTrouble() {
        trouble = null;
        failedBytes.set(0);
    }

    /// Why the last image could not be written, in words; empty: it could.
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    /// Ends a trouble that is over, and asks about images whose commit had an unknown outcome.
    void keepUp() {
        if (trouble != null && archive.canWrite(failedBytes.get())) {
            endTrouble();
        }
        for (var left = unresolved.size(); left > 0 && ledger.trouble().isEmpty(); left--) {
            var candidate = unresolved.peek();
            // A repeat under way has its own file there; what it leaves is looked at later.
            if (candidate != null && !ifFree.test(candidate, () -> resolve(candidate))) {
                unresolved.add(candidate);
            }
            unresolved.poll();
        }
    }

    private void resolve(Candidate candidate) {
        if (ledger.reads().path(candidate.id()).isPresent()) {
            placing.place(candidate.id(), candidate.path());
        } else {
            discard(candidate);
        }
    }

    private void append(Group group) {
        try {
            // Both ways end in the group's receipts.
            var _ =
                    ledger.append(group.items())
                            .whenComplete(
                                    (seqs, failure) -> {
                                        if (failure == null) {
                                            group.committed(seqs);
                                        } else {
                                            group.fail(asCamspoolException(failure));
                                        }
                                        end(group);
                                    });
        } catch (RuntimeException | Error e) {
            group.fail(unknown("the items could not be handed to the ledger", e));
            end(group);
        }
    }

    /// The thread of the ledger's answers, where alerts get their receipts, touches no file.
    private void end(Group group) {
        if (group.hasCaptures()) {
            place.add(group);
        } else {
            Stage.handle(ends, group);
        }
    }

    /// The end of a group. What is done twice, where the first try threw, changes nothing.
    private final class Ends implements Stage.Worker<Group> {
        @Override
        public void handle(Group group) {
            var failure = group.failure();
            if (failure.isPresent()) {
                giveUp(group, failure.get());
            } else {
                finish(group);
            }
        }

        /// What is committed stays so: it is told again, as far as there is memory.
        @Override
        public void fail(Group group) {
            trouble = maybeStored.getMessage();
            handle(group);
        }
    }

    private void finish(Group group) {
        for (var member : group.members()) {
            if (member.isCapture()) {
                placing.place(member.candidate.id(), member.candidate.path());
            }
        }
        var stored = group.stored();
        // Room first: who awaits the receipt may save the next at once.
        done.accept(group);
        for (var i = 0; i < stored.size(); i++) {
            var member = group.members().get(i);
            if (member.receipt().complete(stored.get(i)) && report.isHeard()) {
                report.tell(event(member.item(), stored.get(i).seq()));
            }
        }
    }

    private static SpoolEvent.Stored event(NewItem item, long seq) {
        return new SpoolEvent.Stored(
                item.id(),
                item.kind(),
                seq,
                item.camera(),
                item.alertId(),
                item.time(),
                item.bytes());
    }

    private void giveUp(Group group, CamspoolException failure) {
        for (var member : group.members()) {
            if (!member.isCapture()) {
                continue;
            }
            if (failure.reason() == Reason.UNKNOWN_OUTCOME) {
                unresolved.add(member.candidate);
            } else {
                discard(member.candidate);
            }
        }
        done.accept(group);
        group.members().forEach(member -> member.receipt().fail(failure));
    }

    /// Removes what stands aside of a member whose group goes no further.
    void discard(Candidate candidate) {
        try {
            archive.discard(candidate.id());
        } catch (IOException | RuntimeException | Error e) {
            // The caller is told of the failure that led here; the next open removes the file.
            System.getLogger(StoreLine.class.getName())
                    .log(System.Logger.Level.WARNING, "left aside: " + candidate.id(), e);
        }
    }

    private CamspoolException unknown(String what, Throwable cause) {
        try {
            return new CamspoolException(Reason.UNKNOWN_OUTCOME, what + ": " + cause, cause);
        } catch (OutOfMemoryError _) {
            return maybeStored;
        }
    }

    private CamspoolException asCamspoolException(Throwable failure) {
        try {
            return failure instanceof CamspoolException known
                    ? known
                    : CamspoolException.storage(
                            "commit", "the item", failure, "nothing was stored");
        } catch (OutOfMemoryError _) {
            return notStored;
        }
    }
}
