package io.camspool.agent;

import io.camspool.Alert;
import io.camspool.Camspool;
import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.Capture;
import io.camspool.ItemId;
import io.camspool.ItemKind;
import io.camspool.Opaque;
import io.camspool.Receipt;
import io.camspool.SpoolReader;
import io.camspool.agent.PythonFolders.Image;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Takes files of the Python module over into a spool, or tells what it would do. The id of an item
/// follows from its file's name and content: a repeat, and one that goes on after a kill, stores
/// nothing twice. Confined to one thread.
final class Importer implements PythonFolders.Images, PythonFolders.Alerts {
    /// Saves on their way at a time: enough for the disk to force many together.
    private static final int IN_FLIGHT = 64;

    /// Characters of ids, of hexadecimal digits: 128 bits.
    private static final int ID_CHARACTERS = 32;

    private static final Duration STORE_LIMIT = Duration.ofMinutes(5);

    private final @Nullable Camspool spool;
    private final @Nullable SpoolReader held;
    private final Rules rules;
    private final CameraNames names;
    private final ImportQuarantine quarantine;
    private final ImportTally tally;
    private final Runnable progress;
    private final ArrayDeque<UnderWay> underWay = new ArrayDeque<>();
    private final long lastSeqBefore;

    /// What an import is told.
    ///
    /// @param deliveredBefore items before this day count as delivered
    /// @param copies whether images are copied also where they could be linked
    record Rules(
            ZoneId zone, @Nullable LocalDate deliveredBefore, boolean copies, int maxAlertBytes) {
        Instant timeOf(Image image) throws IOException {
            var modified = Files.getLastModifiedTime(image.file()).toInstant();
            return modified.atZone(zone).toLocalDate().equals(image.day())
                    ? modified
                    : image.day().atTime(LocalTime.NOON).atZone(zone).toInstant();
        }

        boolean isDelivered(Instant time) {
            return deliveredBefore != null
                    && time.isBefore(deliveredBefore.atStartOfDay(zone).toInstant());
        }
    }

    private record UnderWay(Path file, ItemKind kind, boolean delivered, Receipt receipt) {}

    /// @param spool null: nothing is stored
    /// @param held what is held already; null: nothing is, or nobody asks
    /// @param progress told after each file
    Importer(
            @Nullable Camspool spool,
            @Nullable SpoolReader held,
            Rules rules,
            CameraNames names,
            ImportQuarantine quarantine,
            ImportTally tally,
            Runnable progress) {
        this.spool = spool;
        this.held = held;
        this.rules = rules;
        this.names = names;
        this.quarantine = quarantine;
        this.tally = tally;
        this.progress = progress;
        this.lastSeqBefore = held == null ? 0 : lastSeq(held);
    }

    private static long lastSeq(SpoolReader spool) {
        var status = spool.status();
        return status.captures().accepted().items() + status.alerts().accepted().items();
    }

    @Override
    public void image(Image image) {
        progress.run();
        var name = names.read(image.stem());
        if (name.isEmpty()) {
            tally.refused(image.file(), "its name does not match --camera-pattern");
            return;
        }
        try {
            var time = rules.timeOf(image);
            var hash = held == null ? "" : Sha256.of(image.file());
            var content = Opaque.of(image.file(), image.mediaType());
            content = hash.isEmpty() ? content : content.withSha256(hash);
            content = rules.copies ? content : content.asLinked();
            var id = id("image", image.name(), hash);
            var capture = Capture.of(name.get().camera(), content).at(time).withId(id.value());
            if (name.get().alert().isPresent()) {
                capture = capture.withAlert(name.get().alert().get());
            }
            var delivered = rules.isDelivered(time);
            var whole = delivered ? capture.asDeliveredBefore() : capture;
            store(
                    image.file(),
                    ItemKind.CAPTURE,
                    id,
                    Files.size(image.file()),
                    delivered,
                    into -> into.save(whole));
        } catch (IOException e) {
            tally.refused(image.file(), CamspoolException.causeInWords(e));
        } catch (CamspoolException e) {
            refuse(image.file(), e);
        }
    }

    @Override
    public void alert(Path file, String cacheId) {
        progress.run();
        try {
            var json = read(file);
            var hash = Sha256.of(file);
            var found = ImportedAlert.read(json);
            if (spool == null && (!found.isObject() || json.length > rules.maxAlertBytes)) {
                tally.quarantined(
                        file,
                        quarantine.placeOf(cacheId, hash),
                        "not one JSON object, or too large");
                return;
            }
            var modified = Files.getLastModifiedTime(file).toInstant();
            var time = modified.isBefore(Instant.EPOCH) ? Instant.EPOCH : modified;
            var id = id("alert", cacheId, hash);
            var alert = Alert.of(json).withAlert(cacheId).at(time).withId(id.value());
            var delivered = rules.isDelivered(time);
            var named = withCamera(alert, found.camera());
            var whole = delivered ? named.asDeliveredBefore() : named;
            try {
                store(file, ItemKind.ALERT, id, json.length, delivered, into -> into.save(whole));
            } catch (CamspoolException e) {
                if (e.reason() != Reason.INVALID) {
                    throw e;
                }
                var place = quarantine.placeOf(cacheId, hash);
                quarantine.keep(file, place);
                tally.quarantined(file, place, CamspoolException.causeInWords(e));
            }
        } catch (IOException e) {
            tally.refused(file, CamspoolException.causeInWords(e));
        } catch (CamspoolException e) {
            refuse(file, e);
        }
    }

    /// A name that can't be a camera's is none.
    private static Alert withCamera(Alert alert, Optional<String> camera) {
        try {
            return camera.map(alert::withCamera).orElse(alert);
        } catch (CamspoolException _) {
            return alert;
        }
    }

    @Override
    public void skipped(Path file, String why) {
        progress.run();
        tally.skipped(file, why);
    }

    private interface Save {
        Receipt into(Camspool spool);
    }

    private void store(
            Path file, ItemKind kind, ItemId id, long bytes, boolean delivered, Save save) {
        if (spool == null) {
            if (held != null && held.find(id).isPresent()) {
                tally.there();
            } else {
                tally.imported(kind, bytes, delivered);
            }
            return;
        }
        if (underWay.size() == IN_FLIGHT) {
            awaitOldest();
        }
        Supplier<Receipt> saving = () -> save.into(spool);
        underWay.add(new UnderWay(file, kind, delivered, Admission.whenThereIsRoom(saving)));
    }

    /// Waits until all that was handed in is stored.
    void finish() {
        while (!underWay.isEmpty()) {
            awaitOldest();
        }
    }

    private void awaitOldest() {
        var oldest = underWay.remove();
        try {
            var stored = oldest.receipt.await(STORE_LIMIT);
            if (stored.seq() <= lastSeqBefore) {
                tally.there();
            } else {
                tally.imported(oldest.kind, stored.bytes(), oldest.delivered);
            }
        } catch (CamspoolException e) {
            refuse(oldest.file, e);
        }
    }

    /// A file that is at fault is one less; anything else ends the import.
    private void refuse(Path file, CamspoolException e) {
        if (e.reason() != Reason.INVALID && e.reason() != Reason.CONFLICT) {
            throw e;
        }
        tally.refused(file, CamspoolException.causeInWords(e));
    }

    /// One byte more than an alert may have, where it has more.
    private byte[] read(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(rules.maxAlertBytes + 1);
        }
    }

    private static ItemId id(String kind, String name, String hash) {
        var text = "import\n%s\n%s\n%s".formatted(kind, name, hash);
        var digest = Sha256.of(text.getBytes(StandardCharsets.UTF_8));
        return new ItemId(digest.substring(0, ID_CHARACTERS));
    }
}
