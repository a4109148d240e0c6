package io.camspool.agent.watch;

import java.nio.file.Path;
import java.util.Optional;

/// How it goes with one watched folder, since it was opened.
///
/// @param taken files that were stored and are no longer in the folder; of an alert and its image
///   two
/// @param refused files that were moved to the refused ones
/// @param waiting files that are there and not taken yet, as far as they are known: at most 10,000
/// @param failures tries that failed, of files or folders; each is tried again
/// @param unmatched files of the last look through the tree that don't match the pattern
/// @param firstUnmatched one of them
/// @param trouble what keeps files from being taken now
/// @param note why the folder is looked through instead of being told of changes
public record WatchStatus(
        Path folder,
        long taken,
        long refused,
        long waiting,
        long failures,
        long unmatched,
        Optional<Path> firstUnmatched,
        Optional<String> trouble,
        Optional<String> note) {}
