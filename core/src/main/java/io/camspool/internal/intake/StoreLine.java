package io.camspool.internal.intake;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.internal.archive.Archive;
import io.camspool.internal.intake.Group.Member;
import io.camspool.internal.intake.Group.Picture;
import io.camspool.internal.ledger.Ledger;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The way of an admitted group: codec, archive, commit, place. Three stages in a row, each with
/// its own threads:
///
/// 1. codec: makes of each picture what will be stored;
/// 2. write: writes it aside and forces it;
/// 3. commit: takes all groups whose pictures are written, forces their names with one fsync, and
///    hands each to the ledger.
///
/// After the commit the images are renamed to their places, and the group is done. A group that
/// fails leaves no file, unless the outcome of its commit is unknown: then the next open decides by
/// the row.
final class StoreLine {
    /// Files written at a time: enough to share an fsync, few enough for an SD card to answer
    /// alerts in between.
    private static final int WRITERS = 4;

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

    private record Work(Group group, Member member, Picture picture) {}

    /// @param done told once about each group, stored or failed
    StoreLine(
            Archive archive,
            Ledger ledger,
            Placing placing,
            FramePool pool,
            LazyCodec codecs,
            Consumer<Group> done) {
        this.archive = archive;
        this.ledger = ledger;
        this.placing = placing;
        this.pool = pool;
        this.done = done;
        var cores = Runtime.getRuntime().availableProcessors();
        this.codec = new Stage<>("codec", cores, 1, () -> new CodecWorker(codecs));
        this.write = new Stage<>("write", WRITERS, 1, () -> this::write);
        this.commit = new Stage<>("commit", 1, MOST_COMMITS, () -> this::commit);
    }

    /// Takes over a group; one without pictures goes straight to the ledger.
    void add(Group group) {
        var hasPicture = false;
        for (var member : group.members()) {
            if (member.picture != null) {
                hasPicture = true;
                codec.add(new Work(group, member, member.picture));
            }
        }
        if (!hasPicture) {
            append(group);
        }
    }

    boolean stop(Duration limit) throws InterruptedException {
        return codec.stop(limit) && write.stop(limit) && commit.stop(limit);
    }

    /// One codec thread; its encoder is opened when the first image needs one.
    private final class CodecWorker implements Stage.Worker<Work> {
        private final LazyCodec codecs;
        private @Nullable ImageMaker maker;

        CodecWorker(LazyCodec codecs) {
            this.codecs = codecs;
        }

        @Override
        public void handle(List<Work> batch) {
            for (var work : batch) {
                if (work.group.failure().isEmpty()) {
                    make(work);
                }
                write.add(work);
            }
        }

        private void make(Work work) {
            try {
                if (maker == null) {
                    maker = new ImageMaker(codecs.get(), pool);
                }
                maker.make(work.member, work.picture);
            } catch (IllegalArgumentException e) {
                work.group.fail(
                        new CamspoolException(
                                Reason.INVALID,
                                "the image can't be decoded: " + e.getMessage(),
                                e));
            } catch (RuntimeException | Error e) {
                work.group.fail(
                        CamspoolException.storage(
                                "encode", work.member.receipt.id(), e, "nothing was stored"));
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
                var picture = work.picture;
                try {
                    var image = picture.buffer.memory().asSlice(0, picture.bytes).asByteBuffer();
                    archive.write(work.member.receipt.id(), image);
                } catch (IOException | RuntimeException | Error e) {
                    group.fail(
                            CamspoolException.storage(
                                    "write the image of",
                                    work.member.receipt.id(),
                                    e,
                                    "free or mend the disk; nothing was stored"));
                }
            }
            pool.give(work.picture.buffer);
            if (group.pictureDone()) {
                commit.add(group);
            }
        }
    }

    private void commit(List<Group> groups) {
        try {
            archive.forceIncoming();
        } catch (IOException | RuntimeException | Error e) {
            var failure =
                    CamspoolException.storage(
                            "force", "the incoming images", e, "mend the disk; nothing was stored");
            groups.forEach(group -> group.fail(failure));
        }
        for (var group : groups) {
            if (group.failure().isPresent()) {
                giveUp(group, group.failure().get());
            } else {
                append(group);
            }
        }
    }

    private void append(Group group) {
        // Both ways end in the group's receipts.
        var _ =
                ledger.append(group.items())
                        .whenComplete(
                                (seqs, failure) -> {
                                    if (failure == null) {
                                        finish(group, Objects.requireNonNull(seqs));
                                    } else {
                                        giveUp(group, asCamspoolException(failure));
                                    }
                                });
    }

    private void finish(Group group, List<Long> seqs) {
        var stored = group.stored(seqs);
        for (var i = 0; i < stored.size(); i++) {
            var member = group.members().get(i);
            if (member.picture != null) {
                placing.place(member.receipt.id(), member.path);
            }
        }
        // Room first: who awaits the receipt may save the next at once.
        done.accept(group);
        for (var i = 0; i < stored.size(); i++) {
            group.members().get(i).receipt.complete(stored.get(i));
        }
    }

    private void giveUp(Group group, CamspoolException failure) {
        group.fail(failure);
        if (failure.reason() != Reason.UNKNOWN_OUTCOME) {
            for (var member : group.members()) {
                if (member.picture != null) {
                    discard(member);
                }
            }
        }
        done.accept(group);
        group.members().forEach(member -> member.receipt.fail(failure));
    }

    private void discard(Member member) {
        try {
            archive.discard(member.receipt.id());
        } catch (IOException e) {
            // The caller is told of the failure that led here; the next open removes the file.
            System.getLogger(StoreLine.class.getName())
                    .log(System.Logger.Level.WARNING, "left aside: " + member.receipt.id(), e);
        }
    }

    private static CamspoolException asCamspoolException(Throwable failure) {
        return failure instanceof CamspoolException known
                ? known
                : CamspoolException.storage("commit", "the item", failure, "nothing was stored");
    }
}
