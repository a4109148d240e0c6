package io.camspool.internal.sync;

import io.camspool.internal.ledger.Answer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Tells a sink that refuses everything from items that are refused: when [#MASS] different items
/// in a row are refused for one reason, with none taken in between, it is the sink that is at
/// fault, and what was counted against them is taken back. Confined to one thread.
final class MassRefusals {
    static final int MASS = 10;

    private final Map<Long, Integer> counted = new LinkedHashMap<>();
    private String reason = "";
    private boolean isMass;

    /// Notes that a sink refused an item; false when that must not count against the item.
    boolean counts(long seq, String why) {
        if (!why.equals(reason)) {
            end();
            reason = why;
        }
        if (!isMass && counted.size() == MASS - 1 && !counted.containsKey(seq)) {
            isMass = true;
        }
        if (!isMass) {
            counted.merge(seq, 1, Integer::sum);
        }
        return !isMass;
    }

    /// What was counted against items that are not to blame, once.
    List<Answer> takeBack() {
        var answers =
                counted.entrySet().stream()
                        .map(item -> (Answer) new Answer.TakenBack(item.getKey(), item.getValue()))
                        .toList();
        counted.clear();
        return answers;
    }

    /// Whether the sink refuses everything, as far as one knows.
    boolean isMass() {
        return isMass;
    }

    /// An item was taken.
    void end() {
        counted.clear();
        reason = "";
        isMass = false;
    }
}
