/// What monitoring asks for: `/metrics` in the formats of Prometheus, `/health/live` and
/// `/health/ready`.
///
/// A scrape reads the state of the spool and what it has measured, both at constant cost, and
/// changes nothing. Totals that stand in the ledger go on after a restart; what this run has
/// measured begins anew. The name of a metric is never changed: `docs/metrics.md` lists them all.
@NullMarked
package io.camspool.agent.metrics;

import org.jspecify.annotations.NullMarked;
