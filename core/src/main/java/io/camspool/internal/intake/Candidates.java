package io.camspool.internal.intake;

import io.camspool.Alert;
import io.camspool.CamspoolConfig;
import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.Capture;
import io.camspool.Content;
import io.camspool.ItemId;
import io.camspool.Naming;
import io.camspool.Opaque;
import io.camspool.internal.archive.Archive;
import io.camspool.internal.archive.CapturePath;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Gives what is handed in its id, time and path. The id is the caller's, or follows from one of
/// the caller's, or is new. Thread-safe.
final class Candidates {
    private final CamspoolConfig config;
    private final Archive archive;
    private final FileTaker files;
    private final Supplier<ItemId> ids;

    /// @param ids gives new ids
    Candidates(CamspoolConfig config, Archive archive, FileTaker files, Supplier<ItemId> ids) {
        this.config = config;
        this.archive = archive;
        this.files = files;
        this.ids = ids;
    }

    /// One for the alert, then one for each capture.
    List<Candidate> of(Optional<Alert> alert, List<CapturePlan> captures, Instant now) {
        var candidates = new ArrayList<Candidate>();
        for (var i = 0; i < captures.size(); i++) {
            var id = givenId(alert, captures.get(i).capture(), i, now);
            candidates.add(of(captures.get(i), id, now));
        }
        alert.ifPresent(event -> candidates.addFirst(of(event, givenId(event, candidates), now)));
        return candidates;
    }

    /// The alert's own; else one that follows from those of its captures where their names are
    /// their identity, so that a repeat of all is the same items.
    private static @Nullable ItemId givenId(Alert alert, List<Candidate> captures) {
        if (alert.id().isPresent()) {
            return alert.id().get();
        }
        return !captures.isEmpty() && captures.stream().allMatch(Candidate::hasCallersId)
                ? derived(
                        captures.getFirst().id().value(),
                        HexFormat.of().formatHex(Hashes.of(alert.json())))
                : null;
    }

    private Candidate of(Alert alert, @Nullable ItemId given, Instant now) {
        var id = given == null ? ids.get() : given;
        var time = timeOf(alert.time(), now);
        return new Candidate(
                new PendingReceipt(id, Optional.empty()),
                CapturePath.ofAlert(time, config.zone(), id),
                time,
                now,
                given == null ? null : Hashes.of(alert.json()));
    }

    private Candidate of(CapturePlan plan, @Nullable ItemId given, Instant now) {
        var capture = plan.capture();
        var id = given == null ? ids.get() : given;
        var time = timeOf(capture.time(), now);
        var path =
                isPlain(capture)
                        ? CapturePath.plain(
                                capture.camera(),
                                capture.alertId().orElseThrow(),
                                time,
                                config.zone(),
                                plan.extension())
                        : CapturePath.of(
                                capture.camera(),
                                capture.alertId(),
                                time,
                                config.zone(),
                                id,
                                plan.extension());
        return new Candidate(
                new PendingReceipt(id, Optional.of(archive.resolve(path))),
                path,
                time,
                now,
                given == null ? null : inputSha256(capture.content()));
    }

    private byte[] inputSha256(Content content) {
        return content instanceof Opaque file
                ? files.inputSha256(file)
                : CallersMemory.read(() -> Hashes.ofInput(content));
    }

    /// To the millisecond, as the ledger keeps it.
    private static Instant timeOf(Optional<Instant> given, Instant now) {
        return given.orElse(now).truncatedTo(ChronoUnit.MILLIS);
    }

    private boolean isPlain(Capture capture) {
        return config.naming() == Naming.PLAIN && capture.alertId().isPresent();
    }

    private @Nullable ItemId givenId(
            Optional<Alert> alert, Capture capture, int index, Instant now) {
        if (isPlain(capture)) {
            refuseOwnId(capture);
            var day = CapturePath.day(timeOf(capture.time(), now), config.zone());
            return derived(day, capture.camera(), capture.alertId().orElseThrow());
        }
        var alertsId = alert.flatMap(Alert::id);
        if (alert.isPresent() && alertsId.isEmpty() && capture.id().isPresent()) {
            throw CamspoolException.invalid(
                    "id",
                    capture.id().get(),
                    "an id for the alert too, else a repeat would store that a second time");
        }
        return capture.id()
                .or(() -> alertsId.map(id -> derived(id.value(), Integer.toString(index))))
                .orElse(null);
    }

    private static void refuseOwnId(Capture capture) {
        capture.id()
                .ifPresent(
                        id -> {
                            throw new CamspoolException(
                                    Reason.INVALID,
                                    "id: %s is not allowed with plain naming, where date, camera and alert are the identity"
                                            .formatted(id));
                        });
    }

    /// An id that is the same whenever its parts are, and only then.
    private static ItemId derived(String... parts) {
        var text = joined(parts).getBytes(StandardCharsets.UTF_8);
        return new ItemId(HexFormat.of().formatHex(Hashes.of(text), 0, 16));
    }

    /// On a line each; where one has more lines itself, after an empty line and with their lengths.
    private static String joined(String... parts) {
        return Stream.of(parts).noneMatch(part -> part.contains("\n"))
                ? String.join("\n", parts)
                : Stream.of(parts)
                        .map(part -> part.length() + ":" + part)
                        .collect(Collectors.joining("\n", "\n", ""));
    }
}
