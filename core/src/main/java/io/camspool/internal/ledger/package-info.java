/// The ledger: what is held, what each sink is still owed, what was dropped, and the balance. The
/// only SQL in the project.
///
/// One writer thread works in rounds: all waiting changes, then one COMMIT; futures complete on
/// another thread. Readers have connections of their own and see committed rows only. Knows nothing
/// of image files and of networks.
@NullMarked
package io.camspool.internal.ledger;

import org.jspecify.annotations.NullMarked;
