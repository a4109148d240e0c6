package io.camspool;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Which of the known words a mistyped one is nearest to, for errors that name it.
public final class NearestWord {
    /// Further apart than this, a guess misleads.
    private static final int MAX_EDITS = 3;

    private NearestWord() {}

    /// The nearest, however far; empty where none is known.
    public static Optional<String> of(String word, Collection<String> known) {
        return known.stream()
                .min(
                        Comparator.comparingInt((String one) -> edits(word, one))
                                .thenComparing(Comparator.naturalOrder()));
    }

    /// The nearest, where it is near enough to have been meant.
    public static Optional<String> meant(String word, Collection<String> known) {
        return of(
                word,
                known.stream()
                        .filter(one -> edits(word, one) <= Math.min(MAX_EDITS, one.length() / 2))
                        .toList());
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
