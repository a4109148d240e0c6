/// Programs that measure what the design promises; docs/benchmarks.md says how to run them and what
/// they gave. Only ratios within one run count: a shared machine changes from minute to minute.
@NullMarked
package io.camspool.bench;

import org.jspecify.annotations.NullMarked;
