/// The image files: where they stand, how they are written, how a crash is healed. An image is
/// written aside in `.incoming` and forced; after its row is committed it is renamed to its place.
/// Knows nothing of SQL and of sinks.
@NullMarked
package io.camspool.internal.archive;

import org.jspecify.annotations.NullMarked;
