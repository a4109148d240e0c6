package io.camspool.internal.ledger;

/// What the ledger is told about one delivery. Of texts that come from outside it keeps the first
/// [#MOST_TEXT] characters.
public sealed interface Answer {
    /// Longest proof, reason or answer that is kept, in characters: enough for what a person reads
    /// of it, and each delivery has a row.
    int MOST_TEXT = 1_000;

    long seq();

    /// Delivered, with proof: the delivery is no longer owed.
    record Confirmed(long seq, String proof) implements Answer {
        public Confirmed {
            proof = cut(proof);
        }
    }

    /// The item was refused; due again at a time, in milliseconds since 1970.
    record Refused(long seq, String reason, String answer, long dueAt) implements Answer {
        public Refused {
            reason = cut(reason);
            answer = cut(answer);
        }
    }

    /// Not sent, for a reason that is neither the item's nor the sink's; due again at a time.
    record Postponed(long seq, String reason, long dueAt) implements Answer {
        public Postponed {
            reason = cut(reason);
        }
    }

    /// So many earlier refusals of an item were not its own: they don't count, and it is due again
    /// at once, or stays in the batch that it was sealed into since. With 0, it leaves its batch.
    record TakenBack(long seq, int refusals) implements Answer {}

    /// Given up on; kept and visible.
    record Rejected(long seq, String reason, String answer) implements Answer {
        public Rejected {
            reason = cut(reason);
            answer = cut(answer);
        }
    }

    /// Never between the halves of a surrogate pair.
    private static String cut(String text) {
        if (text.length() <= MOST_TEXT) {
            return text;
        }
        var end = Character.isHighSurrogate(text.charAt(MOST_TEXT - 1)) ? MOST_TEXT - 1 : MOST_TEXT;
        return text.substring(0, end);
    }
}
