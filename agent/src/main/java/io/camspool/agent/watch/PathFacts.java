package io.camspool.agent.watch;

import java.time.LocalDateTime;
import java.util.Optional;

/// What a path says of its file.
///
/// @param time in the zone of whoever named the file
record PathFacts(Optional<String> camera, Optional<String> alert, Optional<LocalDateTime> time) {}
