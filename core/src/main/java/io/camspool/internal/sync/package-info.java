/// Moves deliveries to sinks: one pump a sink, independent of each other. The sink tries once and
/// classifies; the pump alone decides about retries and rejection. Meets the intake in the ledger
/// only.
@NullMarked
package io.camspool.internal.sync;

import org.jspecify.annotations.NullMarked;
