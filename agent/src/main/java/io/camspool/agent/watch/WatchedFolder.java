package io.camspool.agent.watch;

import io.camspool.CamspoolException;
import io.camspool.Capture;
import io.camspool.Encoded;
import io.camspool.Opaque;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A folder that others write to, and how its files are taken; immutable, checked whole.
///
/// @param folder the tree that is watched
/// @param pattern what camera, alert and time are in a path; files that don't match it are left
///   alone
/// @param camera of all files; empty: the pattern has it
/// @param taken where files go that are stored; empty: they are deleted
/// @param refused where files go that can't be taken, with the reason beside each
/// @param settle for so long a file must have been as it is: it is whole then. A file that is
///   refused must have been so for ten times as long
/// @param sidecarWait for so much longer an image waits for its sidecar
/// @param sidecar whether `x.json` beside `x.jpg` is its alert
/// @param zone of times in paths and in EXIF that has none
/// @param media what is taken besides images: media types by the endings of names, as `mp4`, in
///   lower case
/// @param rescan how often the whole tree is looked through, as events get lost
public record WatchedFolder(
        Path folder,
        PathPattern pattern,
        Optional<String> camera,
        Optional<Path> taken,
        Path refused,
        Duration settle,
        Duration sidecarWait,
        boolean sidecar,
        ZoneId zone,
        Map<String, String> media,
        Duration rescan) {
    /// Camera by folder, where nothing else is said.
    public static final String DEFAULT_PATTERN = "{camera}/**/*";

    /// All files, where the camera is given.
    public static final String PATTERN_OF_ONE_CAMERA = "**/*";

    /// Uploads stall for less; who sees an alert waits for it.
    public static final Duration DEFAULT_SETTLE = Duration.ofSeconds(2);

    public static final Duration DEFAULT_SIDECAR_WAIT = Duration.ofSeconds(2);

    /// Looking through 10,000 files takes less than a second.
    public static final Duration DEFAULT_RESCAN = Duration.ofMinutes(1);

    private static final String REFUSED = ".refused";
    private static final Duration LONGEST = Duration.ofDays(1);

    public WatchedFolder {
        folder = folder.toAbsolutePath().normalize();
        refused = refused.toAbsolutePath().normalize();
        taken = taken.map(place -> place.toAbsolutePath().normalize());
        media = Map.copyOf(media);
        if (folder.getParent() == null) {
            throw CamspoolException.invalid("folder", folder, "a folder, not a whole file system");
        }
        if (camera.isPresent() == pattern.hasCamera()) {
            throw camera.isPresent()
                    ? CamspoolException.invalid(
                            "camera", camera.get(), "none where the pattern has {camera}")
                    : CamspoolException.invalid(
                            "pattern", pattern, "one with {camera}, or a camera of all files");
        }
        camera.ifPresent(name -> Capture.of(name, Encoded.of(new byte[0])));
        within("settle", settle, Duration.ofMillis(1));
        within("sidecar-wait", sidecarWait, Duration.ZERO);
        within("rescan", rescan, Duration.ofMillis(100));
        refuseAround("refused", folder, refused);
        if (taken.isPresent()) {
            refuseAround("after", folder, taken.get());
        }
        if (taken.filter(refused::equals).isPresent()) {
            throw CamspoolException.invalid(
                    "after", refused, "another folder than that of refused files");
        }
        media.forEach(WatchedFolder::checkMedia);
    }

    private static void within(String key, Duration value, Duration least) {
        if (value.compareTo(least) < 0 || value.compareTo(LONGEST) > 0) {
            throw CamspoolException.invalid(
                    key, value.toMillis() + "ms", least.toMillis() + "ms to 1d");
        }
    }

    /// What is moved there would come back.
    private static void refuseAround(String key, Path folder, Path place) {
        if (folder.startsWith(place)) {
            throw CamspoolException.invalid(
                    key, place, "a folder that is not the watched one and does not hold it");
        }
    }

    private static void checkMedia(String ending, String type) {
        if (!ending.matches("[a-z0-9]{1,16}") || ending.equals("json")) {
            throw CamspoolException.invalid(
                    "media", ending, "an ending of names, as mp4, in lower case, and not json");
        }
        var _ = Opaque.of(Path.of(""), type);
    }

    /// The defaults; the camera is the first folder of a path.
    public static WatchedFolder of(Path folder) {
        return of(folder, PathPattern.of(DEFAULT_PATTERN), Optional.empty());
    }

    /// The defaults, with this pattern and, where it has none, this camera.
    public static WatchedFolder of(Path folder, PathPattern pattern, Optional<String> camera) {
        return new WatchedFolder(
                folder,
                pattern,
                camera,
                Optional.empty(),
                folder.resolve(REFUSED),
                DEFAULT_SETTLE,
                DEFAULT_SIDECAR_WAIT,
                true,
                ZoneId.systemDefault(),
                Map.of(),
                DEFAULT_RESCAN);
    }

    public WatchedFolder withTaken(Path place) {
        return new WatchedFolder(
                folder,
                pattern,
                camera,
                Optional.of(place),
                refused,
                settle,
                sidecarWait,
                sidecar,
                zone,
                media,
                rescan);
    }

    public WatchedFolder withRefused(Path place) {
        return new WatchedFolder(
                folder,
                pattern,
                camera,
                taken,
                place,
                settle,
                sidecarWait,
                sidecar,
                zone,
                media,
                rescan);
    }

    /// With other times.
    ///
    /// @param wait as `sidecarWait`
    public WatchedFolder withTimes(Duration newSettle, Duration wait, Duration newRescan) {
        return new WatchedFolder(
                folder, pattern, camera, taken, refused, newSettle, wait, sidecar, zone, media,
                newRescan);
    }

    public WatchedFolder withoutSidecars() {
        return new WatchedFolder(
                folder,
                pattern,
                camera,
                taken,
                refused,
                settle,
                sidecarWait,
                false,
                zone,
                media,
                rescan);
    }

    public WatchedFolder withZone(ZoneId newZone) {
        return new WatchedFolder(
                folder,
                pattern,
                camera,
                taken,
                refused,
                settle,
                sidecarWait,
                sidecar,
                newZone,
                media,
                rescan);
    }

    /// One more kind of file that is taken as it is.
    public WatchedFolder withMedia(String ending, String type) {
        var all = new HashMap<>(media);
        all.put(ending, type);
        return new WatchedFolder(
                folder,
                pattern,
                camera,
                taken,
                refused,
                settle,
                sidecarWait,
                sidecar,
                zone,
                all,
                rescan);
    }

    /// Refuses folders of a spool that hold the watched one, or stand in it: it would take its own
    /// images, again and again. Looks at where links lead, as far as folders exist.
    ///
    /// @param own the data folder, and where images stand
    public void refuseIn(List<Path> own) {
        for (var place : own) {
            var theirs = real(place);
            for (var here : List.of(real(folder), real(taken.orElse(folder)), real(refused))) {
                if (here.startsWith(theirs)
                        || (here.equals(real(folder)) && theirs.startsWith(here))) {
                    throw CamspoolException.invalid(
                            "folder", here, "one apart from the spool's own, which is " + theirs);
                }
            }
        }
    }

    private static Path real(Path path) {
        var absolute = path.toAbsolutePath().normalize();
        for (var there = absolute; there != null; there = there.getParent()) {
            try {
                return there.toRealPath().resolve(there.relativize(absolute)).normalize();
            } catch (IOException _) {
                // not there yet, or not to be seen: what stands above it is
            }
        }
        return absolute;
    }

    /// Whether a path leads into what was put away.
    boolean isPutAway(Path path) {
        return path.startsWith(refused) || taken.filter(path::startsWith).isPresent();
    }

    /// The media type of a file that is no image; empty: it must be one.
    Optional<String> mediaType(String name) {
        var dot = name.lastIndexOf('.');
        return dot < 0
                ? Optional.empty()
                : Optional.ofNullable(media.get(name.substring(dot + 1).toLowerCase(Locale.ROOT)));
    }
}
