/// The command line: each command is one class, named for what people type. Uses the library's
/// public packages only.
@NullMarked
package io.camspool.agent;

import org.jspecify.annotations.NullMarked;
