package io.camspool.agent.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Guesses which of the known words was meant.
final class Nearest {
    /// Further apart than this, a guess misleads.
    private static final int MAX_EDITS = 3;

    private Nearest() {}

    static Optional<String> of(String word, Collection<String> known) {
        return known.stream()
                .filter(one -> edits(word, one) <= Math.min(MAX_EDITS, one.length() / 2))
                .min(
                        Comparator.comparingInt((String one) -> edits(word, one))
                                .thenComparing(one -> one));
    }

    /// Letters to insert, remove or replace to get from one word to the other.
    private static int edits(String from, String to) {
        var row = new int[to.length() + 1];
        for (var j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (var i = 1; i <= from.length(); i++) {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j < row.length; j++) {
                var replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
