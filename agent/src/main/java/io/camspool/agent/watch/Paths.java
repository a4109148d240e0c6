package io.camspool.agent.watch;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// How the paths of images and their sidecars relate.
final class Paths {
    private static final String JSON = ".json";
    private static final List<String> IMAGES = List.of(".jpg", ".jpeg", ".png");
    private static final List<String> UNDER_WAY = List.of("", ".tmp", ".part", ".filepart");

    private Paths() {}

    /// With `/`, on every system.
    static String relative(Path folder, Path file) {
        var path = folder.relativize(file).toString();
        var separator = folder.getFileSystem().getSeparator();
        return separator.equals("/") ? path : path.replace(separator, "/");
    }

    /// Whether a file is an alert and no image.
    static boolean isSidecar(WatchedFolder folder, String path) {
        return folder.sidecar() && path.toLowerCase(Locale.ROOT).endsWith(JSON);
    }

    /// Whether a path is one of those that are taken, whatever its time.
    static boolean matches(WatchedFolder folder, String path) {
        return readable(folder, path).anyMatch(folder.pattern()::matches);
    }

    /// What a path says; of a sidecar, what that of its image would.
    static Optional<PathFacts> facts(WatchedFolder folder, String path) {
        return readable(folder, path)
                .filter(folder.pattern()::matches)
                .findFirst()
                .flatMap(folder.pattern()::match);
    }

    private static Stream<String> readable(WatchedFolder folder, String path) {
        if (!isSidecar(folder, path)) {
            return Stream.of(path);
        }
        return Stream.concat(
                endings(folder).stream().map(ending -> stem(path) + ending), Stream.of(path));
    }

    private static List<String> endings(WatchedFolder folder) {
        var endings = new ArrayList<>(IMAGES);
        folder.media().keySet().forEach(ending -> endings.add("." + ending));
        for (var ending : List.copyOf(endings)) {
            endings.add(ending.toUpperCase(Locale.ROOT));
        }
        return endings;
    }

    /// Where the sidecar of an image would stand.
    static List<String> sidecars(String image) {
        return List.of(stem(image) + JSON, stem(image) + JSON.toUpperCase(Locale.ROOT));
    }

    /// Whether a sidecar has its image, or one on its way, beside it.
    static boolean hasImage(WatchedFolder folder, Path sidecar) {
        var stem = stem(String.valueOf(sidecar.getFileName()));
        for (var ending : endings(folder)) {
            for (var suffix : UNDER_WAY) {
                var image = sidecar.resolveSibling(stem + ending + suffix);
                if (Files.exists(image, LinkOption.NOFOLLOW_LINKS)) {
                    return true;
                }
            }
        }
        return false;
    }

    /// The name of a file without folders and ending.
    static String nameOfStem(String path) {
        return stem(path.substring(path.lastIndexOf('/') + 1));
    }

    private static String stem(String path) {
        var dot = path.lastIndexOf('.');
        return dot <= path.lastIndexOf('/') + 1 ? path : path.substring(0, dot);
    }
}
