package io.camspool.internal.intake;

import io.camspool.Alert;
import io.camspool.Capture;
import io.camspool.Content;
import io.camspool.Encoded;
import io.camspool.Frame;
import io.camspool.ItemKind;
import io.camspool.Opaque;
import io.camspool.internal.intake.Group.Member;
import io.camspool.internal.intake.Group.Picture;
import io.camspool.internal.ledger.NewItem;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/// Copies what is handed in, once, outside the heap or into the archive, after which the caller's
/// memory is its own again. Thread-safe.
final class Copies {
    private final FramePool pool;
    private final FileTaker files;

    Copies(FramePool pool, FileTaker files) {
        this.pool = pool;
        this.files = files;
    }

    /// Adds the members of a group one by one: what has been added when it throws must be given
    /// back.
    ///
    /// @param refuse throws when a file must not be copied on
    void add(
            List<Member> members,
            Optional<Alert> alert,
            List<CapturePlan> plans,
            List<Candidate> asking,
            Runnable refuse) {
        alert.ifPresent(event -> members.add(member(event, asking.getFirst())));
        for (var plan : plans) {
            var candidate = asking.get(members.size());
            members.add(
                    plan.image() == null
                            ? fileMember(plan.capture(), candidate, refuse)
                            : member(plan.capture(), plan.image(), candidate));
        }
    }

    private static Member member(Alert alert, Candidate candidate) {
        var json = alert.json().clone();
        var hash = Hashes.of(json);
        var item =
                new NewItem(
                        candidate.id(),
                        ItemKind.ALERT,
                        alert.camera(),
                        alert.alertId(),
                        candidate.time(),
                        candidate.acceptedAt(),
                        alert.labels(),
                        alert.priority(),
                        "application/json",
                        json.length,
                        0,
                        0,
                        Optional.empty(),
                        hash,
                        hash,
                        candidate.path(),
                        json,
                        candidate.hasCallersId(),
                        alert.deliveredBefore());
        return Member.alert(candidate, item);
    }

    private Member member(Capture capture, ImagePlan plan, Candidate candidate) {
        var buffer = pool.take(capture.content().bytes());
        try {
            var content = CallersMemory.read(() -> copy(capture.content(), buffer.memory()));
            return Member.image(candidate, new Picture(capture, plan, content, buffer));
        } catch (RuntimeException | Error e) {
            pool.give(buffer);
            throw e;
        }
    }

    private Member fileMember(Capture capture, Candidate candidate, Runnable refuse) {
        if (!(capture.content() instanceof Opaque content)) {
            throw new IllegalArgumentException("no file: " + capture.content());
        }
        var taken = take(content, candidate, refuse);
        var item =
                new NewItem(
                        candidate.id(),
                        ItemKind.CAPTURE,
                        Optional.of(capture.camera()),
                        capture.alertId(),
                        candidate.time(),
                        candidate.acceptedAt(),
                        capture.labels(),
                        capture.priority(),
                        content.mediaType(),
                        taken.bytes(),
                        0,
                        0,
                        Optional.empty(),
                        taken.sha256(),
                        taken.sha256(),
                        candidate.path(),
                        null,
                        candidate.hasCallersId(),
                        capture.deliveredBefore());
        return Member.file(candidate, taken, item);
    }

    private TakenFile take(Opaque content, Candidate candidate, Runnable refuse) {
        var expected =
                candidate.inputSha256() == null && content.sha256().isPresent()
                        ? files.inputSha256(content)
                        : candidate.inputSha256();
        return files.take(candidate.id(), content, expected, refuse);
    }

    private static Content copy(Content content, MemorySegment memory) {
        return switch (content) {
            case Frame frame -> {
                MemorySegment.copy(frame.pixels(), 0, memory, 0, frame.bytes());
                yield new Frame(
                        memory.asSlice(0, frame.bytes()),
                        frame.width(),
                        frame.height(),
                        frame.stride(),
                        frame.format());
            }
            case Encoded encoded -> {
                MemorySegment.copy(encoded.image(), 0, memory, 0, encoded.bytes());
                yield new Encoded(memory.asSlice(0, encoded.bytes()));
            }
            case Opaque _ -> throw new IllegalArgumentException("a file is not in memory");
        };
    }
}
