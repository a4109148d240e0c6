/// Watched folders: what detectors, FTP servers and cameras write there is taken into the spool,
/// each file once, and goes from the folder only when it is stored. [WatchedFolder] says what to
/// watch, [FolderWatch] does it. Nothing is remembered on disk: ids follow from a file's path, time
/// and content, so that the spool itself knows what it has taken before.
@NullMarked
package io.camspool.agent.watch;

import org.jspecify.annotations.NullMarked;
