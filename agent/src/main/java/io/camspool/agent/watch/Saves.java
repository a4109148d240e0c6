package io.camspool.agent.watch;

import io.camspool.Alert;
import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.Capture;
import io.camspool.Content;
import io.camspool.Encoded;
import io.camspool.Naming;
import io.camspool.Opaque;
import io.camspool.Receipt;
import io.camspool.agent.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Makes items of files and hands them to the spool. The id of each follows from camera, path, time
/// of the last change and content: the same file is the same item, however often it is handed in,
/// and another one of that name is another. Confined to one thread.
final class Saves {
    /// Characters of ids, of hexadecimal digits: 128 bits.
    private static final int ID_CHARACTERS = 32;

    /// What one array can hold, and one byte less.
    private static final long MAX_ARRAY = Integer.MAX_VALUE - 16;

    private final Camspool spool;
    private final CamspoolConfig config;
    private final WatchedFolder folder;

    /// A file has changed since it was seen.
    static final class ChangedException extends IOException {
        private static final long serialVersionUID = 1;
    }

    Saves(Camspool spool, CamspoolConfig config, WatchedFolder folder) {
        this.spool = spool;
        this.config = config;
        this.folder = folder;
    }

    /// Saves an image or another file.
    Receipt capture(Sighting file) throws IOException {
        return spool.save(captureOf(file));
    }

    /// Saves an alert without an image.
    Receipt alert(Sighting sidecar) throws IOException {
        var facts = facts(sidecar);
        var time = facts.time().map(local -> local.atZone(folder.zone()).toInstant());
        return spool.save(alertOf(sidecar, time.or(() -> modified(sidecar))));
    }

    /// Saves an image and its alert, together unless one of them is stored already.
    ///
    /// @return the alert's first
    List<Receipt> together(Sighting file, Sighting sidecar) throws IOException {
        var own = captureOf(file);
        var alert = alertOf(sidecar, own.time());
        var capture =
                own.alertId().isPresent() ? own : own.withAlert(alert.alertId().orElseThrow());
        if (config.naming() == Naming.PLAIN) {
            capture = withoutId(capture);
        }
        try {
            return spool.save(alert, List.of(capture));
        } catch (CamspoolException e) {
            if (e.reason() != Reason.CONFLICT) {
                throw e;
            }
            var image = spool.save(capture);
            return List.of(spool.save(alert), image);
        }
    }

    private Capture captureOf(Sighting file) throws IOException {
        var facts = facts(file);
        var camera = camera(facts);
        var media = folder.mediaType(file.path);
        Content content;
        String hash;
        Optional<Instant> taken =
                facts.time().map(local -> local.atZone(folder.zone()).toInstant());
        if (media.isPresent()) {
            hash = Sha256.of(file.file);
            content = Opaque.of(file.file, media.get()).withSha256(hash);
        } else {
            var image = read(file, config.intake().maxImageBytes());
            hash = Sha256.of(image);
            content = Encoded.of(image);
            taken = taken.or(() -> ExifTime.of(image, folder.zone()));
        }
        refuseChanged(file);
        var capture = Capture.of(camera, content).withId(id("capture", camera, file, hash));
        if (facts.alert().isPresent()) {
            capture = capture.withAlert(facts.alert().get());
        }
        var time = taken.or(() -> modified(file));
        capture = time.isPresent() ? capture.at(time.get()) : capture;
        // Then day, camera and alert are the identity.
        return config.naming() == Naming.PLAIN && capture.alertId().isPresent()
                ? withoutId(capture)
                : capture;
    }

    private static Capture withoutId(Capture capture) {
        return new Capture(
                capture.camera(),
                capture.content(),
                capture.alertId(),
                capture.time(),
                capture.labels(),
                capture.priority(),
                capture.images(),
                Optional.empty(),
                capture.deliveredBefore());
    }

    /// @param time when it happened, if known
    private Alert alertOf(Sighting sidecar, Optional<Instant> time) throws IOException {
        var facts = facts(sidecar);
        var camera = camera(facts);
        var json = read(sidecar, config.maxAlertBytes());
        refuseChanged(sidecar);
        var alert =
                Alert.of(json)
                        .withCamera(camera)
                        .withAlert(facts.alert().orElse(Paths.nameOfStem(sidecar.path)))
                        .withId(id("alert", camera, sidecar, Sha256.of(json)));
        return time.isPresent() ? alert.at(time.get()) : alert;
    }

    private PathFacts facts(Sighting file) {
        return Paths.facts(folder, file.path)
                .orElseThrow(() -> CamspoolException.invalid("path", file.path, "the pattern's"));
    }

    private String camera(PathFacts facts) {
        return folder.camera().or(facts::camera).orElseThrow();
    }

    private static byte[] read(Sighting file, long limit) throws IOException {
        var most = Math.min(limit, MAX_ARRAY);
        if (file.stamp().bytes() > most) {
            throw CamspoolException.invalid(
                    "file size", file.stamp().bytes(), "at most " + most + " bytes");
        }
        try (var in = Files.newInputStream(file.file, LinkOption.NOFOLLOW_LINKS)) {
            return in.readNBytes((int) file.stamp().bytes() + 1);
        }
    }

    /// What was read must be what had settled.
    private static void refuseChanged(Sighting file) throws IOException {
        if (FileStamp.of(file.file).filter(file.stamp()::equals).isEmpty()) {
            throw new ChangedException();
        }
    }

    /// None where a clock was wrong.
    private static Optional<Instant> modified(Sighting file) {
        return Optional.of(file.stamp().modified().toInstant())
                .filter(time -> !time.isBefore(Instant.EPOCH));
    }

    private static String id(String kind, String camera, Sighting file, String hash) {
        var text =
                String.join(
                        "\n",
                        "watch",
                        kind,
                        camera.length() + ":" + camera,
                        file.path.length() + ":" + file.path,
                        file.stamp().modified().toString(),
                        hash);
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8)).substring(0, ID_CHARACTERS);
    }
}
