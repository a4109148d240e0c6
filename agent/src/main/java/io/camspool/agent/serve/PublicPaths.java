package io.camspool.agent.serve;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/// How paths of images are shown to other programs, which may see their folder elsewhere.
///
/// @param captures the folder of the images, as this process sees it
/// @param seen as the others do; empty: alike
record PublicPaths(Path captures, Optional<Path> seen) implements Function<Path, String> {
    @Override
    public String apply(Path path) {
        return seen.filter(_ -> path.startsWith(captures))
                .map(folder -> folder.resolve(captures.relativize(path)))
                .orElse(path)
                .toString();
    }
}
