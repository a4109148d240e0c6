/// Bounded acceptance, and the line that an accepted capture passes: codec, archive, ledger. What
/// is admitted is answered by a receipt; when there is no room a caller waits up to a deadline and
/// is then refused. Knows nothing of sinks and retention.
@NullMarked
package io.camspool.internal.intake;

import org.jspecify.annotations.NullMarked;
