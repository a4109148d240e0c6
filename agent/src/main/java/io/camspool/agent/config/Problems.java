package io.camspool.agent.config;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// What is wrong with one reading, collected so that all of it is said at once: first what stands
/// in the file, by its lines, then what was given elsewhere.
final class Problems {
    /// More than this nobody reads.
    private static final int MAX_SHOWN = 50;

    private static final int ELSEWHERE = Integer.MAX_VALUE;

    private final List<Problem> found = new ArrayList<>();

    private record Problem(int line, String words) {}

    boolean isEmpty() {
        return found.isEmpty();
    }

    /// @param line from 1
    void add(Path file, int line, String words) {
        found.add(new Problem(line, file + ":" + line + ": " + words));
    }

    /// Of what stands in no file.
    void add(String words) {
        found.add(new Problem(ELSEWHERE, words));
    }

    void throwIfAny() {
        if (found.isEmpty()) {
            return;
        }
        var lines =
                found.stream()
                        .sorted(Comparator.comparingInt(Problem::line))
                        .limit(MAX_SHOWN)
                        .map(Problem::words)
                        .collect(Collectors.joining("\n"));
        throw new CamspoolException(
                Reason.INVALID,
                found.size() > MAX_SHOWN
                        ? lines + "\nand " + (found.size() - MAX_SHOWN) + " more"
                        : lines);
    }
}
