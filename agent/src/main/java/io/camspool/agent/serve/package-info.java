/// The agent as a process: one spool, and what runs around it.
@NullMarked
package io.camspool.agent.serve;

import org.jspecify.annotations.NullMarked;
