/// The `demo` command: simulated cameras, a real outage, and a balance counted from what arrived.
///
/// Uses the library as any program would. What arrived is counted from the files alone ([Proof]);
/// only what was promised comes from receipts ([Receipts]).
@NullMarked
package io.camspool.agent.demo;

import org.jspecify.annotations.NullMarked;
