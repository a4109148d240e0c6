package io.camspool.agent;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the Python module left: images in date folders, and pending alerts. Reads only. Holds the
/// names of one folder at a time, of the alerts none.
///
/// @param captures the folder of the date folders
/// @param pending the folder of the alerts
record PythonFolders(Optional<Path> captures, Optional<Path> pending) {
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuuMMdd").withResolverStyle(ResolverStyle.STRICT);

    /// @param name `<day>/<file name>`, the same wherever the folder stands
    record Image(Path file, String name, LocalDate day, String stem, String mediaType) {}

    /// Gets what is found, in the order of the days; the images of a day in the order of their
    /// names.
    interface Images {
        void image(Image image) throws IOException, InterruptedException;

        void skipped(Path file, String why);
    }

    /// Gets each pending alert, in no order.
    interface Alerts {
        /// One alert.
        ///
        /// @param cacheId its file name without `.json`
        void alert(Path file, String cacheId) throws IOException, InterruptedException;

        void skipped(Path file, String why);
    }

    /// @param folder holds both, or is the folder of the date folders
    static PythonFolders find(
            @Nullable Path folder, @Nullable Path givenCaptures, @Nullable Path givenCache)
            throws IOException {
        if (folder == null && givenCaptures == null && givenCache == null) {
            throw new CamspoolException(
                    Reason.INVALID,
                    "missing DIR: a folder with captures/ or cache/pending/ in it; or --captures and --cache");
        }
        var captures = givenCaptures == null ? capturesIn(folder) : existing(givenCaptures);
        var pending =
                givenCache == null
                        ? pendingIn(folder)
                        : pendingIn(givenCache).or(() -> existing(givenCache));
        if (captures.isEmpty() && pending.isEmpty()) {
            throw CamspoolException.invalid(
                    "DIR",
                    folder == null ? "none" : folder,
                    "a folder with captures/ or cache/pending/ in it, or --captures and --cache");
        }
        return new PythonFolders(captures, pending);
    }

    private static Optional<Path> existing(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw CamspoolException.invalid("folder", folder, "a folder that is there");
        }
        return Optional.of(folder);
    }

    private static Optional<Path> capturesIn(@Nullable Path folder) throws IOException {
        if (folder == null) {
            return Optional.empty();
        }
        var captures = existing(folder).get().resolve("captures");
        if (Files.isDirectory(captures)) {
            return Optional.of(captures);
        }
        for (var entry : sorted(folder)) {
            if (day(entry).isPresent()) {
                return Optional.of(folder);
            }
        }
        return Optional.empty();
    }

    private static Optional<Path> pendingIn(@Nullable Path folder) {
        return folder == null
                ? Optional.empty()
                : List.of("cache/pending", "pending").stream()
                        .map(folder::resolve)
                        .filter(Files::isDirectory)
                        .findFirst();
    }

    /// Refuses the spool's own folder: its images would be taken over from itself.
    void refuseWithin(Path data) throws IOException {
        if (captures.isEmpty() || !Files.isDirectory(data)) {
            return;
        }
        var own = data.toRealPath().resolve("captures");
        var theirs = captures.get().toRealPath();
        if (theirs.startsWith(own) || own.startsWith(theirs)) {
            throw CamspoolException.invalid(
                    "DIR", theirs, "another folder than that of the spool; name that by --data");
        }
    }

    void forEachImage(Images images) throws IOException, InterruptedException {
        if (captures.isEmpty()) {
            return;
        }
        for (var folder : sorted(captures.get())) {
            var day = day(folder);
            if (day.isEmpty()) {
                images.skipped(folder, "not a folder of a day");
                continue;
            }
            for (var file : sorted(folder)) {
                var type = mediaType(file);
                if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    images.skipped(file, "not a file");
                } else if (type.isEmpty()) {
                    images.skipped(file, "not an image");
                } else if (Files.size(file) == 0) {
                    images.skipped(file, "empty");
                } else {
                    var name = nameOf(file);
                    images.image(
                            new Image(
                                    file,
                                    nameOf(folder) + "/" + name,
                                    day.get(),
                                    name.substring(0, name.lastIndexOf('.')),
                                    type.get()));
                }
            }
        }
    }

    void forEachAlert(Alerts alerts) throws IOException, InterruptedException {
        if (pending.isEmpty()) {
            return;
        }
        try (var files = Files.newDirectoryStream(pending.get())) {
            for (var file : files) {
                var name = nameOf(file);
                if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    alerts.skipped(file, "not a file");
                } else if (!name.endsWith(".json") || name.length() == ".json".length()) {
                    alerts.skipped(file, "not an alert");
                } else {
                    alerts.alert(file, name.substring(0, name.length() - ".json".length()));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static List<Path> sorted(Path folder) throws IOException {
        var entries = new ArrayList<Path>();
        try (var stream = Files.newDirectoryStream(folder)) {
            stream.forEach(entries::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        entries.sort(null);
        return entries;
    }

    private static Optional<LocalDate> day(Path folder) {
        try {
            return Files.isDirectory(folder)
                    ? Optional.of(LocalDate.parse(nameOf(folder), DAY))
                    : Optional.empty();
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }

    private static Optional<String> mediaType(Path file) {
        var name = nameOf(file).toLowerCase(Locale.ROOT);
        var dot = name.lastIndexOf('.');
        return dot < 1
                ? Optional.empty()
                : switch (name.substring(dot)) {
                    case ".jpg", ".jpeg" -> Optional.of("image/jpeg");
                    case ".png" -> Optional.of("image/png");
                    case ".bmp" -> Optional.of("image/bmp");
                    case ".webp" -> Optional.of("image/webp");
                    default -> Optional.empty();
                };
    }

    static String nameOf(Path file) {
        var name = file.getFileName();
        return name == null ? file.toString() : name.toString();
    }
}
