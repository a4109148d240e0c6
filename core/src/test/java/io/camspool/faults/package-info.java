/// Disks that fail for real: a file system that is full to the last byte, and system calls of
/// SQLite that fail.
@NullMarked
package io.camspool.faults;

import org.jspecify.annotations.NullMarked;
