package io.camspool.agent.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// A folder whose files are taken, as the configuration has it.
///
/// @param pattern what camera, alert and time are in a path; empty: the default
/// @param camera of all files; empty: the pattern has it
/// @param taken where files go that are stored; empty: they are deleted
/// @param refused where files go that can't be taken; empty: the default
/// @param settle how long a file must have been as it is; empty: the default
/// @param sidecar whether `x.json` beside `x.jpg` is its alert
public record WatchConfig(
        Path folder,
        Optional<String> pattern,
        Optional<String> camera,
        Optional<Path> taken,
        Optional<Path> refused,
        Optional<Duration> settle,
        boolean sidecar) {}
