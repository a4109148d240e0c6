package io.camspool.internal.intake;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.ItemId;
import io.camspool.internal.archive.Archive;
import io.camspool.internal.disk.Reserve;
import io.camspool.internal.intake.Group.Member;
import io.camspool.internal.intake.Group.Picture;
import io.camspool.internal.ledger.Ledger;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
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

    private final Archive archive;
    private final Ledger ledger;
    private final Placing placing;
    private final FramePool pool;
    private final Consumer<Group> done;
    private final Stage<Work> codec;
    private final Stage<Work> write;
    private final Stage<Group> commit;
    private final Stage<Runnable> place;
    private final Reserve reserve;
    private final BiPredicate<Candidate, Runnable> ifFree;
    private final ConcurrentLinkedQueue<Candidate> unresolved = new ConcurrentLinkedQueue<>();
    private volatile @Nullable String trouble;
    private final WriteLimit writeLimit = new WriteLimit();

    private record Work(Group group, Member member, @Nullable Picture picture) {}

    /// @param ifFree does something unless the id of a candidate is claimed by a repeat
    /// @param done told once about each group, stored or failed
    StoreLine(
            Archive archive,
            Ledger ledger,
            Placing placing,
            FramePool pool,
            LazyCodec codecs,
            Reserve reserve,
            CrashedInputs crashed,
            BiPredicate<Candidate, Runnable> ifFree,
            Consumer<Group> done) {
        this.archive = archive;
        this.ledger = ledger;
        this.placing = placing;
        this.pool = pool;
        this.done = done;
        this.reserve = reserve;
        this.ifFree = ifFree;
        var cores = Runtime.getRuntime().availableProcessors();
        this.codec = new Stage<>("codec", cores, 1, () -> new CodecWorker(codecs, crashed));
        this.write = new Stage<>("write", WriteLimit.MOST_WRITES, 1, () -> this::write);
        this.commit = new Stage<>("commit", 1, MOST_COMMITS, () -> this::commit);
        this.place = new Stage<>("place", 1, 1, () -> ends -> ends.forEach(Runnable::run));
    }

    /// Takes over a group, whatever happens; one without pictures goes straight to the ledger.
    void add(Group group) {
        if (!group.hasCaptures()) {
            append(group);
            return;
        }
        for (var member : group.members()) {
            if (member.isCapture()) {
                enter(group, member);
            }
        }
    }

    private void enter(Group group, Member member) {
        try {
            (member.picture != null ? codec : write).add(new Work(group, member, member.picture));
        } catch (RuntimeException | Error e) {
            group.fail(
                    CamspoolException.storage(
                            "hand over", member.candidate.id(), e, "nothing was stored"));
            pass(group, member);
        }
    }

    /// A capture has no more to do before the commit; with the last the group goes on.
    private void pass(Group group, Member member) {
        if (member.picture != null) {
            pool.give(member.picture.buffer);
        } else if (member.file != null) {
            member.file.letGo();
        }
        if (group.captureDone()) {
            try {
                commit.add(group);
            } catch (RuntimeException | Error e) {
                giveUp(group, asCamspoolException(e));
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
    private final class CodecWorker implements Stage.Worker<Work> {
        private final LazyCodec codecs;
        private final CrashedInputs crashed;
        private @Nullable ImageMaker maker;

        CodecWorker(LazyCodec codecs, CrashedInputs crashed) {
            Niceness.standBack();
            this.codecs = codecs;
            this.crashed = crashed;
        }

        @Override
        public void handle(List<Work> batch) {
            for (var work : batch) {
                if (work.group.failure().isEmpty() && work.picture != null) {
                    make(work, work.picture);
                }
                write.add(work);
            }
        }

        private void make(Work work, Picture picture) {
            try {
                if (maker == null) {
                    maker = new ImageMaker(codecs.get(), pool, crashed);
                }
                maker.make(work.member, picture);
            } catch (IllegalArgumentException e) {
                work.group.fail(
                        new CamspoolException(
                                Reason.INVALID,
                                "the image can't be decoded: " + e.getMessage(),
                                e));
            } catch (IOException | RuntimeException | Error e) {
                work.group.fail(
                        CamspoolException.storage(
                                "encode", work.member.candidate.id(), e, "nothing was stored"));
            }
        }

        @Override
        public void close() {
            if (maker != null) {
                maker.close();
            }
        }
    }

    private void write(List<Work> batch) {
        for (var work : batch) {
            var group = work.group;
            if (group.failure().isEmpty()) {
                try {
                    write(work);
                } catch (IOException | RuntimeException | Error e) {
                    reserve.noteWhenFull();
                    group.fail(
                            failed(
                                    CamspoolException.storage(
                                            "write the file of",
                                            work.member.candidate.id(),
                                            e,
                                            "free or mend the disk; nothing was stored")));
                }
            }
            pass(group, work.member);
        }
    }

    private void write(Work work) throws IOException {
        if (work.picture != null) {
            write(work.member.candidate.id(), work.picture);
        } else if (work.member.file != null) {
            work.member.file.finish(archive);
        }
    }

    private void write(ItemId id, Picture picture) throws IOException {
        reserve.requireRoomForImages(); // it was admitted when there was some
        var bytes = picture.bytes;
        writeLimit.enter(bytes);
        var began = System.nanoTime();
        try {
            archive.write(id, picture.buffer.memory().asSlice(0, bytes).asByteBuffer());
        } finally {
            writeLimit.leave(bytes, System.nanoTime() - began);
        }
    }

    private void commit(List<Group> groups) {
        try {
            archive.forceIncoming();
            if (groups.stream().anyMatch(group -> group.failure().isEmpty())) {
                trouble = null;
            }
        } catch (IOException | RuntimeException | Error e) {
            var failure =
                    failed(
                            CamspoolException.storage(
                                    "force",
                                    "the incoming images",
                                    e,
                                    "mend the disk; nothing was stored"));
            groups.forEach(group -> group.fail(failure));
        }
        for (var group : groups) {
            group.failure()
                    .ifPresentOrElse(
                            failure -> end(group, () -> giveUp(group, failure)),
                            () -> append(group));
        }
    }

    private CamspoolException failed(CamspoolException failure) {
        trouble = failure.getMessage();
        return failure;
    }

    /// Why the last image could not be written, in words; empty: it could.
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    /// Ends a trouble that is over, and asks about images whose commit had an unknown outcome.
    void keepUp() {
        if (trouble != null && archive.canWrite()) {
            trouble = null;
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
                                            end(group, () -> finish(group, seqs));
                                        } else {
                                            var cause = asCamspoolException(failure);
                                            end(group, () -> giveUp(group, cause));
                                        }
                                    });
        } catch (RuntimeException | Error e) {
            var cause = unknown("the items could not be handed to the ledger", e);
            end(group, () -> giveUp(group, cause));
        }
    }

    /// The thread of the ledger's answers, where alerts get their receipts, touches no file.
    private void end(Group group, Runnable way) {
        if (group.hasCaptures()) {
            place.add(way);
        } else {
            way.run();
        }
    }

    private void finish(Group group, List<Long> seqs) {
        for (var member : group.members()) {
            if (member.isCapture()) {
                placing.place(member.candidate.id(), member.candidate.path());
            }
        }
        // Room first: who awaits the receipt may save the next at once.
        done.accept(group);
        try {
            var stored = group.stored(seqs);
            for (var i = 0; i < stored.size(); i++) {
                group.members().get(i).receipt().complete(stored.get(i));
            }
        } catch (RuntimeException | Error e) {
            var failure = unknown("the items are stored, but a receipt can't be made", e);
            group.members().forEach(member -> member.receipt().fail(failure));
        }
    }

    private void giveUp(Group group, CamspoolException failure) {
        group.fail(failure);
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

    private static CamspoolException unknown(String what, Throwable cause) {
        return new CamspoolException(Reason.UNKNOWN_OUTCOME, what + ": " + cause, cause);
    }

    private static CamspoolException asCamspoolException(Throwable failure) {
        return failure instanceof CamspoolException known
                ? known
                : CamspoolException.storage("commit", "the item", failure, "nothing was stored");
    }
}
