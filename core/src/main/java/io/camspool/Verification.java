package io.camspool;

import java.util.List;

/// The result of [SpoolReader#verify], which changes nothing.
///
/// @param checked items whose bytes were read and hashed
/// @param problems what is missing, damaged, foreign or out of balance, at most [#MAX_PROBLEMS]
/// @param problemCount all problems, also those not listed
public record Verification(long checked, List<Problem> problems, long problemCount) {
    public static final int MAX_PROBLEMS = 1000;

    /// One thing that is wrong.
    ///
    /// @param subject an item id, a file or a counter
    public record Problem(Kind kind, String subject, String detail) {}

    /// What can be wrong.
    public enum Kind {
        /// The ledger holds the item, its file is not there.
        MISSING,
        /// The bytes are not those that were stored.
        DAMAGED,
        /// A file that the ledger doesn't know.
        FOREIGN,
        /// A kept counter differs from what the ledger holds.
        UNBALANCED
    }

    public Verification {
        problems = List.copyOf(problems);
    }

    public boolean sound() {
        return problemCount == 0;
    }
}
