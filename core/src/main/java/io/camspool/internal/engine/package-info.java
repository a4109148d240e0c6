/// Wires the parts, starts and stops them in order, heals on open, and tells how all is. The only
/// place that meets wall clock, random and environment, and the only target of arrows from the
/// public packages.
@NullMarked
package io.camspool.internal.engine;

import org.jspecify.annotations.NullMarked;
