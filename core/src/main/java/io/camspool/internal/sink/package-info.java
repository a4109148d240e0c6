/// The built-in sinks. Each tries once and classifies; none knows the ledger.
@NullMarked
package io.camspool.internal.sink;

import org.jspecify.annotations.NullMarked;
