package io.camspool.agent.demo;

import io.camspool.CamspoolException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// The cloud goes away in the middle third of the run: its folder is renamed, and renamed back.
/// Confined to one thread.
final class Outage {
    private final Path cloud;
    private final Path elsewhere;
    private final Duration begin;
    private final Duration end;
    private State state = State.BEFORE;

    /// What a step changed.
    enum Change {
        NONE,
        WENT_AWAY,
        CAME_BACK
    }

    private enum State {
        BEFORE,
        AWAY,
        OVER
    }

    Outage(Path cloud, Duration run) {
        this.cloud = cloud;
        this.elsewhere = cloud.resolveSibling(cloud.getFileName() + "-away");
        this.begin = run.dividedBy(3);
        this.end = run.multipliedBy(2).dividedBy(3);
    }

    /// Renames what is due by now.
    Change advanceTo(Duration elapsed) {
        return switch (state) {
            case BEFORE -> {
                if (elapsed.compareTo(begin) < 0) {
                    yield Change.NONE;
                }
                rename(cloud, elsewhere);
                state = State.AWAY;
                yield Change.WENT_AWAY;
            }
            case AWAY -> {
                if (elapsed.compareTo(end) < 0) {
                    yield Change.NONE;
                }
                rename(elsewhere, cloud);
                state = State.OVER;
                yield Change.CAME_BACK;
            }
            case OVER -> Change.NONE;
        };
    }

    private static void rename(Path from, Path to) {
        try {
            Files.move(from, to);
        } catch (IOException e) {
            throw CamspoolException.storage(
                    "rename",
                    from + " to " + to,
                    e,
                    "the demo's outage needs these names to itself");
        }
    }
}
