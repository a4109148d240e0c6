package io.camspool.agent.serve;

import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.agent.config.AgentConfig;
import io.camspool.agent.config.WatchConfig;
import io.camspool.agent.watch.FolderWatch;
import io.camspool.agent.watch.PathPattern;
import io.camspool.agent.watch.WatchReport;
import io.camspool.agent.watch.WatchedFolder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The folders that an agent watches, each on a thread of its own.
final class Watches implements AutoCloseable {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    private final List<FolderWatch> watches;

    private Watches(List<FolderWatch> watches) {
        this.watches = watches;
    }

    /// Refuses all before any file is taken, when one of them can't be watched.
    static Watches start(Camspool spool, AgentConfig config) {
        var watches = new ArrayList<FolderWatch>();
        for (var watch : config.watch()) {
            var folder = folder(watch, config.spool());
            watches.add(FolderWatch.open(spool, config.spool(), folder, WatchReport.none()));
        }
        watches.forEach(FolderWatch::start);
        return new Watches(watches);
    }

    private static WatchedFolder folder(WatchConfig watch, CamspoolConfig spool) {
        var usual =
                watch.camera().isPresent()
                        ? WatchedFolder.PATTERN_OF_ONE_CAMERA
                        : WatchedFolder.DEFAULT_PATTERN;
        var folder =
                WatchedFolder.of(
                                watch.folder(),
                                PathPattern.of(watch.pattern().orElse(usual)),
                                watch.camera())
                        .withZone(spool.zone())
                        .withTimes(
                                watch.settle().orElse(WatchedFolder.DEFAULT_SETTLE),
                                WatchedFolder.DEFAULT_SIDECAR_WAIT,
                                WatchedFolder.DEFAULT_RESCAN);
        folder = watch.sidecar() ? folder : folder.withoutSidecars();
        folder = watch.taken().map(folder::withTaken).orElse(folder);
        return watch.refused().map(folder::withRefused).orElse(folder);
    }

    /// What is not taken stays where it is.
    @Override
    public void close() {
        try {
            for (var watch : watches) {
                var _ = watch.stop(STOP_LIMIT);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
