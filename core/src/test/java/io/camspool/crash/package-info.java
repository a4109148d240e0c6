/// Power cuts, simulated: what a receipt calls stored must be found in every state that a disk
/// could be in after one.
///
/// [io.camspool.crash.Recorder] preloads a small C library into a child process, which logs each
/// change of the files below one folder in its true order, SQLite's included.
/// [io.camspool.crash.Recording] reads the log into [io.camspool.crash.Operation]s. From these
/// [io.camspool.crash.CrashState] makes what a power cut could have left, and a check opens it.
///
/// The model is the strict reading of POSIX, weaker than what file systems do:
///
/// - A file is an inode with a list of data operations (write, resize); a folder holds names. A
///   data operation is durable once an fsync of its file that began after it has ended. A name that
///   is added, removed or renamed is durable once an fsync of its folder has ended (for a rename:
///   of either folder). Forcing a file does not make its name durable, nor its folder's name.
/// - A power cut falls after any operation. Of what was not durable by then, any part may be there:
///   any subset of the names, any subset of the data, in no order. A rename happens or does not.
/// - A write that was not durable may be torn at sectors of 512 bytes: its beginning, its end, or
///   any of its sectors. Bytes around what it writes are safe. Where it grows the file, size and
///   bytes may survive apart: zeroes where data was, or data cut off.
/// - What was durable stays as it was.
///
/// Not modelled: disks that lie about fsync, an fsync that fails (see `io.camspool.faults`), writes
/// through shared mappings. Of SQLite's files only `-shm` is mapped; it is left out, as after a
/// restart it means nothing.
///
/// What the child reports as it goes, it writes to a file below the folder: by its place in the log
/// each report says what was acknowledged before a given power cut.
///
/// The recorder can kill the child between two calls. What a killed process has done is on the disk
/// for the next one to see, and not durable: the next must force what it goes on from. A recording
/// may also begin at a crash state, so that the power fails again while the first cut is healed.
///
/// A state has a name: log, seed and number. The same name gives the same state.
@NullMarked
package io.camspool.crash;

import org.jspecify.annotations.NullMarked;
