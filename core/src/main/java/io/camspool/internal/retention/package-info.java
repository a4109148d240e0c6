/// Removes what may go. [Plan] decides, as a pure function from facts to lists; [Janitor] applies
/// it in bounded steps, delivered before undelivered; [Remover] takes the last two steps of a
/// removal that is decided. Nothing undelivered goes unless the owner said so by name, and each
/// drop is a row in the ledger. Must not know intake and sync: what is being sent it learns through
/// [Janitor.Leases].
@NullMarked
package io.camspool.internal.retention;

import org.jspecify.annotations.NullMarked;
