/// What a running spool tells of itself while it works: measures, and events for those who listen.
/// The parts hand it what has happened; it costs them some additions, takes no memory where nobody
/// listens, and never makes them wait. Knows nothing else that is internal.
@NullMarked
package io.camspool.internal.report;

import org.jspecify.annotations.NullMarked;
