package io.camspool.internal.sync;

import io.camspool.internal.ledger.Answer;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Tells a sink that refuses everything from items that are refused: when [#MASS] different items
/// in a row are refused for one reason, with none taken in between, it is the sink that is at
/// fault, and what was counted against them is taken back. A sealed batch, which is refused as a
/// whole, counts as one. Confined to one thread.
final class MassRefusals {
    static final int MASS = 10;

    /// Items that are remembered as being to blame.
    static final int MOST_TO_BLAME = 1_000;

    /// The refused of this row, each by the first that was refused with it.
    private final Set<Long> row = new HashSet<>();

    private final Map<Long, Integer> counted = new HashMap<>();

    /// Refused while the sink was thought to refuse everything, which it did not: it took another.
    /// They make no mass again.
    private final LinkedHashSet<Long> toBlame = new LinkedHashSet<>();

    private String reason = "";
    private boolean isMass;

    /// Notes that a sink refused items as one; false when that must not count against them.
    boolean counts(Collection<Long> seqs, String why) {
        if (toBlame.containsAll(seqs)) {
            return true;
        }
        if (!why.equals(reason)) {
            forget();
            reason = why;
        }
        if (!isMass) {
            row.add(seqs.iterator().next());
            isMass = row.size() >= MASS;
        }
        if (isMass) {
            seqs.forEach(this::remember);
        } else {
            seqs.forEach(seq -> counted.merge(seq, 1, Integer::sum));
        }
        return !isMass;
    }

    /// It may turn out to be to blame: an outage brings more and more of these.
    private void remember(long seq) {
        if (counted.size() < MOST_TO_BLAME) {
            counted.putIfAbsent(seq, 0);
        }
    }

    /// What was counted against items that are not to blame, once.
    List<Answer> takeBack() {
        var answers =
                counted.entrySet().stream()
                        .filter(item -> item.getValue() > 0)
                        .map(item -> (Answer) new Answer.TakenBack(item.getKey(), item.getValue()))
                        .toList();
        counted.replaceAll((_, _) -> 0);
        return answers;
    }

    /// Whether the sink refuses everything, as far as one knows.
    boolean isMass() {
        return isMass;
    }

    /// An item was taken.
    void end() {
        if (isMass) {
            toBlame.addAll(counted.keySet());
            while (toBlame.size() > MOST_TO_BLAME) {
                toBlame.removeFirst();
            }
        }
        forget();
    }

    private void forget() {
        row.clear();
        counted.clear();
        reason = "";
        isMass = false;
    }
}
