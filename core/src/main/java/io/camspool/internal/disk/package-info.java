/// The only code that changes files, but for SQLite which writes its own. Everything above sees the
/// disk through [io.camspool.internal.disk.Disk], so that tests can put a faulty one in its place.
/// Knows nothing of items.
@NullMarked
package io.camspool.internal.disk;

import org.jspecify.annotations.NullMarked;
