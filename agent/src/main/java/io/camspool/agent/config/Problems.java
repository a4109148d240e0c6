package io.camspool.agent.config;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// What is wrong with one file, collected so that all of it is said at once.
final class Problems {
    /// More than this nobody reads.
    private static final int MAX_SHOWN = 50;

    private final Path file;
    private final List<Problem> found = new ArrayList<>();

    private record Problem(int line, String words) {}

    Problems(Path file) {
        this.file = file;
    }

    /// A path as the file means it.
    Path beside(String path) {
        return file.toAbsolutePath().resolveSibling(path).normalize();
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /// @param line from 1
    void add(int line, String words) {
        found.add(new Problem(line, words));
    }

    /// Names key, value and what is allowed.
    void add(int line, String key, Object value, String allowed) {
        add(line, String.valueOf(CamspoolException.invalid(key, value, allowed).getMessage()));
    }

    void throwIfAny() {
        if (found.isEmpty()) {
            return;
        }
        var lines =
                found.stream()
                        .sorted(Comparator.comparingInt(Problem::line))
                        .limit(MAX_SHOWN)
                        .map(problem -> file + ":" + problem.line() + ": " + problem.words())
                        .collect(Collectors.joining("\n"));
        throw new CamspoolException(
                Reason.INVALID,
                found.size() > MAX_SHOWN
                        ? lines + "\nand " + (found.size() - MAX_SHOWN) + " more"
                        : lines);
    }
}
