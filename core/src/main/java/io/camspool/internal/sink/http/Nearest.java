package io.camspool.internal.sink.http;

import java.util.Comparator;
import java.util.Set;

/// The known name that a mistyped one is nearest to.
final class Nearest {
    private Nearest() {}

    static String of(String name, Set<String> known) {
        return known.stream()
                .min(
                        Comparator.comparingInt((String one) -> distance(name, one))
                                .thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
    }

    /// Letters to insert, delete or change.
    private static int distance(String from, String to) {
        var costs = new int[to.length() + 1];
        for (var j = 0; j <= to.length(); j++) {
            costs[j] = j;
        }
        for (var i = 1; i <= from.length(); i++) {
            var diagonal = costs[0];
            costs[0] = i;
            for (var j = 1; j <= to.length(); j++) {
                var changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = costs[j];
                costs[j] = Math.min(changed, 1 + Math.min(costs[j], costs[j - 1]));
            }
        }
        return costs[to.length()];
    }
}
