package io.camspool.agent.config;

import java.nio.file.Path;
import java.util.Optional;

/// Reads what stands below one watched folder.
final class WatchReader {
    private final Section section;

    WatchReader(Section section) {
        this.section = section;
    }

    Optional<WatchConfig> read() {
        if (!section.has("folder")) {
            section.required("folder");
        }
        var folder = section.path("folder");
        var pattern = section.text("pattern");
        var camera = section.text("camera");
        var taken = taken();
        var refused = section.path("refused");
        var settle = section.duration("settle");
        var sidecar = section.flag("sidecar");
        section.end();
        return folder.map(
                path ->
                        new WatchConfig(
                                path,
                                pattern,
                                camera,
                                taken,
                                refused,
                                settle,
                                sidecar.orElse(true)));
    }

    /// `delete`, or `{move: DIR}`.
    private Optional<Path> taken() {
        if (!section.isSection("after")) {
            section.value(
                    "after",
                    "delete, or {move: DIR}",
                    text -> Optional.of(text).filter("delete"::equals));
            return Optional.empty();
        }
        return section.section("after")
                .flatMap(
                        after -> {
                            if (!after.has("move")) {
                                after.required("move");
                            }
                            var folder = after.path("move");
                            after.end();
                            return folder;
                        });
    }
}
