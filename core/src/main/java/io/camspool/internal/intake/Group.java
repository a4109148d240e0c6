package io.camspool.internal.intake;

import io.camspool.CamspoolException;
import io.camspool.Capture;
import io.camspool.Content;
import io.camspool.ItemKind;
import io.camspool.Receipt;
import io.camspool.Stored;
import io.camspool.internal.intake.FramePool.Buffer;
import io.camspool.internal.ledger.NewItem;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Items that are stored together or not at all: a capture, an alert, or an alert with its
/// captures.
final class Group extends Stage.Piece<Group> {
    /// One item of the group. The stage that works on it owns it.
    static final class Member extends Stage.Piece<Member> {
        final Candidate candidate;
        final @Nullable Picture picture;
        final @Nullable TakenFile file;
        @Nullable NewItem item;
        private @Nullable Group group;
        private boolean isLetGo;
        private boolean isDone;
        private boolean isLast;

        private Member(
                Candidate candidate,
                @Nullable Picture picture,
                @Nullable TakenFile file,
                @Nullable NewItem item) {
            this.candidate = candidate;
            this.picture = picture;
            this.file = file;
            this.item = item;
        }

        static Member alert(Candidate candidate, NewItem item) {
            return new Member(candidate, null, null, item);
        }

        static Member image(Candidate candidate, Picture picture) {
            return new Member(candidate, picture, null, null);
        }

        static Member file(Candidate candidate, TakenFile file, NewItem item) {
            return new Member(candidate, null, file, item);
        }

        /// Whether it has a file in the archive.
        boolean isCapture() {
            return picture != null || file != null;
        }

        ItemKind kind() {
            return isCapture() ? ItemKind.CAPTURE : ItemKind.ALERT;
        }

        Optional<String> camera() {
            return picture != null ? Optional.of(picture.capture.camera()) : item().camera();
        }

        Group group() {
            return Objects.requireNonNull(group, "group");
        }

        /// Once true: what it holds outside the heap is to be let go.
        boolean letGo() {
            var first = !isLetGo;
            isLetGo = true;
            return first;
        }

        /// Its capture is written, or has failed; true when it was the last of its group. May be
        /// asked again.
        boolean done() {
            if (!isDone) {
                isDone = true;
                isLast = group().unwritten.decrementAndGet() == 0;
            }
            return isLast;
        }

        /// Of its file, as far as they are known.
        long bytes() {
            return picture != null ? picture.bytes : item != null ? item.bytes() : 0;
        }

        PendingReceipt receipt() {
            return candidate.receipt();
        }

        NewItem item() {
            if (item == null) {
                throw new IllegalStateException(candidate.id() + " has not passed the codec");
            }
            return item;
        }
    }

    /// The image of a capture on its way: what came in, then what goes out, in memory of the pool.
    static final class Picture {
        final Capture capture;
        final ImagePlan plan;
        Content content;
        Buffer buffer;
        long bytes;

        Picture(Capture capture, ImagePlan plan, Content content, Buffer buffer) {
            this.capture = capture;
            this.plan = plan;
            this.content = content;
            this.buffer = buffer;
            this.bytes = content.bytes();
        }
    }

    private final List<Member> members;
    private final long captureBytes;
    private final long alertBytes;
    private final AtomicInteger unwritten;
    private final AtomicReference<@Nullable CamspoolException> failure = new AtomicReference<>();
    private final boolean hasCaptures;
    private List<Long> seqs = List.of();
    private boolean hasLeft;

    Group(List<Member> members, long captureBytes, long alertBytes) {
        this.members = List.copyOf(members);
        this.captureBytes = captureBytes;
        this.alertBytes = alertBytes;
        var captures = (int) members.stream().filter(Member::isCapture).count();
        this.unwritten = new AtomicInteger(captures);
        this.hasCaptures = captures > 0;
        members.forEach(member -> member.group = this);
    }

    List<Member> members() {
        return members;
    }

    List<Candidate> candidates() {
        return members.stream().map(member -> member.candidate).toList();
    }

    List<Receipt> receipts() {
        return members.stream().map(member -> (Receipt) member.receipt()).toList();
    }

    boolean hasCaptures() {
        return hasCaptures;
    }

    /// What it holds of the captures' budget.
    long captureBytes() {
        return captureBytes;
    }

    /// What it holds of the alerts' budget.
    long alertBytes() {
        return alertBytes;
    }

    /// Once true: its room is to be given back.
    boolean leave() {
        var first = !hasLeft;
        hasLeft = true;
        return first;
    }

    /// @param inOrder the seqs of its members
    void committed(List<Long> inOrder) {
        seqs = inOrder;
    }

    void fail(CamspoolException cause) {
        failure.compareAndSet(null, cause);
    }

    boolean hasFailed() {
        return failure.get() != null;
    }

    Optional<CamspoolException> failure() {
        return Optional.ofNullable(failure.get());
    }

    List<NewItem> items() {
        return members.stream().map(Member::item).toList();
    }

    /// What each receipt of the group says, once it is committed.
    List<Stored> stored() {
        var stored = new ArrayList<Stored>();
        for (var i = 0; i < members.size(); i++) {
            var item = members.get(i).item();
            stored.add(
                    new Stored(
                            item.id(),
                            seqs.get(i),
                            item.bytes(),
                            HexFormat.of().formatHex(item.sha256()),
                            item.change()));
        }
        return stored;
    }
}
