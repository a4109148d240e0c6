package io.camspool.internal.ledger;

import io.camspool.Balance.Amount;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Books what became of deliveries. An answer about a delivery that is not owed (any more) changes
/// nothing. Whatever the answer, the delivery leaves its batch; only where earlier refusals are
/// taken back does it stay, for what is sealed by then goes unchanged.
///
/// Each statement names its index: by itself SQLite may go through all that a sink is owed for each
/// answer.
final class Answers {
    /// The states of a delivery. Pending ones are due at once; waiting ones are pending, too, but
    /// stand apart until they are due, so that whoever looks for what is due passes over none.
    static final int PENDING = 0;

    static final int REJECTED = 1;
    static final int WAITING = 2;

    /// An alert that waits for its captures at another sink, see [AwaitingAlerts].
    static final int AWAITING = 3;

    /// Deliveries that one step makes due, so that saves wait for no more than some milliseconds.
    private static final int RIPEN_STEP = 1_000;

    static final String FIND =
            "SELECT state, key, bytes, refusals, batch, after_sink, absent IS NOT NULL, public_url FROM deliveries INDEXED BY deliveries_by_item"
                    + " WHERE seq = ? AND sink = ?";

    static final String CONFIRM =
            "DELETE FROM deliveries INDEXED BY deliveries_by_item WHERE seq = ? AND sink = ?";

    static final String POSTPONE =
            """
            UPDATE deliveries INDEXED BY deliveries_by_item SET state = 2, batch = NULL, refusals = refusals + ?, due_at = ?, reason = ?, answer = ?
            WHERE seq = ? AND sink = ?
            """;

    static final String TAKE_BACK =
            """
            UPDATE deliveries INDEXED BY deliveries_by_item SET state = 0, batch = NULL, refusals = max(0, refusals - ?), due_at = 0
            WHERE seq = ? AND sink = ?
            """;

    static final String TAKE_BACK_OF_SEALED =
            """
            UPDATE deliveries INDEXED BY deliveries_by_item SET refusals = max(0, refusals - ?)
            WHERE seq = ? AND sink = ?
            """;

    static final String REJECT =
            """
            UPDATE deliveries INDEXED BY deliveries_by_item SET state = 1, batch = NULL, refusals = refusals + 1, due_at = ?, reason = ?, answer = ?
            WHERE seq = ? AND sink = ?
            """;

    private record Owed(
            int state,
            String key,
            long bytes,
            int refusals,
            long batch,
            int after,
            boolean isIncomplete,
            @Nullable String publicUrl) {}

    private Answers() {}

    /// @param seqs of what was owed
    /// @param confirmed what of it was delivered
    record Booked(List<Long> seqs, Amount confirmed) {}

    static Booked book(
            Round round, Appends appends, ActiveSink sink, List<Answer> answers, long now)
            throws SQLException {
        var booked = new ArrayList<Long>();
        var batches = new HashSet<Long>();
        var confirmations = Amount.NONE;
        for (var answer : answers) {
            var owed = find(round, sink.number(), answer.seq());
            if (owed == null || (owed.state == REJECTED && !(answer instanceof Answer.TakenBack))) {
                continue;
            }
            booked.add(answer.seq());
            if (owed.batch > 0) {
                batches.add(owed.batch);
            }
            switch (answer) {
                case Answer.Confirmed confirmed -> {
                    confirm(round, appends, sink, owed, confirmed, now);
                    confirmations = confirmations.plus(new Amount(1, owed.bytes));
                }
                case Answer.Refused refused ->
                        postpone(
                                round,
                                sink,
                                refused.seq(),
                                1,
                                refused.dueAt(),
                                refused.reason(),
                                refused.answer());
                case Answer.Postponed postponed ->
                        postpone(
                                round,
                                sink,
                                postponed.seq(),
                                0,
                                postponed.dueAt(),
                                postponed.reason(),
                                "");
                case Answer.TakenBack takenBack -> takeBack(round, sink, owed, takenBack);
                case Answer.Rejected rejected -> reject(round, appends, sink, owed, rejected, now);
            }
        }
        Batches.forgetEmpty(round, batches);
        DeliveryLog.trim(round, answers.size(), now);
        return new Booked(booked, confirmations);
    }

    /// Makes deliveries due that have waited for themselves until now. One that is to wait longer
    /// than the longest wait was put off before the clock was set back: it is due.
    static int ripen(Round round, ActiveSink sink, long now, Duration longestWait)
            throws SQLException {
        return AwaitingAlerts.ripen(round, sink.number(), now)
                + ripen(round, sink, Long.MIN_VALUE, now)
                + ripen(round, sink, now + longestWait.toMillis() + 1, Long.MAX_VALUE);
    }

    private static int ripen(Round round, ActiveSink sink, long from, long to) throws SQLException {
        var update =
                round.prepare(
                        """
                        UPDATE deliveries SET state = 0, due_at = 0 WHERE (sink, state, rank, seq) IN
                          (SELECT sink, state, rank, seq FROM deliveries INDEXED BY deliveries_waiting
                           WHERE sink = ? AND state = 2 AND due_at BETWEEN ? AND ? LIMIT
                        """
                                + RIPEN_STEP
                                + ")");
        update.setInt(1, sink.number());
        update.setLong(2, from);
        update.setLong(3, to);
        return update.executeUpdate();
    }

    private static @Nullable Owed find(Round round, int sink, long seq) throws SQLException {
        var select = round.prepare(FIND);
        select.setLong(1, seq);
        select.setInt(2, sink);
        try (var rows = select.executeQuery()) {
            return rows.next()
                    ? new Owed(
                            rows.getInt(1),
                            rows.getString(2),
                            rows.getLong(3),
                            rows.getInt(4),
                            rows.getLong(5),
                            rows.getInt(6),
                            rows.getBoolean(7),
                            rows.getString(8))
                    : null;
        }
    }

    private static void confirm(
            Round round,
            Appends appends,
            ActiveSink sink,
            Owed owed,
            Answer.Confirmed answer,
            long now)
            throws SQLException {
        var delete = round.prepare(CONFIRM);
        delete.setLong(1, answer.seq());
        delete.setInt(2, sink.number());
        delete.executeUpdate();
        if (sink.required()) {
            var update =
                    round.prepare(
                            "UPDATE items SET confirmations = confirmations + 1 WHERE seq = ?");
            update.setLong(1, answer.seq());
            update.executeUpdate();
        }
        DeliveryLog.write(
                round,
                sink.number(),
                answer.seq(),
                new DeliveryLog.Entry(owed.key, answer.proof(), owed.refusals, false, now));
        round.countSink(sink.number(), "backlog", -1, -owed.bytes);
        round.countSink(sink.number(), "delivered", 1, owed.bytes);
        AwaitingAlerts.ended(round, appends, sink.number(), answer.seq(), now);
        if (owed.isIncomplete) {
            AwaitingAlerts.wentIncomplete(
                    round, appends, sink.number(), owed.after, owed.publicUrl, answer.seq(), now);
        }
    }

    private static void postpone(
            Round round,
            ActiveSink sink,
            long seq,
            int refusals,
            long dueAt,
            String reason,
            String answer)
            throws SQLException {
        var update = round.prepare(POSTPONE);
        update.setInt(1, refusals);
        update.setLong(2, dueAt);
        update.setString(3, reason);
        update.setString(4, answer);
        update.setLong(5, seq);
        update.setInt(6, sink.number());
        update.executeUpdate();
    }

    private static void takeBack(Round round, ActiveSink sink, Owed owed, Answer.TakenBack answer)
            throws SQLException {
        var staysSealed = owed.batch > 0 && answer.refusals() > 0;
        var update = round.prepare(staysSealed ? TAKE_BACK_OF_SEALED : TAKE_BACK);
        update.setInt(1, answer.refusals());
        update.setLong(2, answer.seq());
        update.setInt(3, sink.number());
        update.executeUpdate();
        if (owed.state == REJECTED) {
            round.countSink(sink.number(), "rejected", -1, -owed.bytes);
            round.countSink(sink.number(), "backlog", 1, owed.bytes);
        }
    }

    /// Writes down when a sink that is at fault is to be probed next; 0: it is well.
    static int noteNextProbe(Round round, ActiveSink sink, long at) throws SQLException {
        var update = round.prepare("UPDATE sinks SET next_probe_at = ? WHERE number = ?");
        update.setLong(1, at);
        update.setInt(2, sink.number());
        return update.executeUpdate();
    }

    private static void reject(
            Round round,
            Appends appends,
            ActiveSink sink,
            Owed owed,
            Answer.Rejected answer,
            long now)
            throws SQLException {
        var update = round.prepare(REJECT);
        update.setLong(1, now);
        update.setString(2, answer.reason());
        update.setString(3, answer.answer());
        update.setLong(4, answer.seq());
        update.setInt(5, sink.number());
        update.executeUpdate();
        round.countSink(sink.number(), "backlog", -1, -owed.bytes);
        round.countSink(sink.number(), "rejected", 1, owed.bytes);
        AwaitingAlerts.ended(round, appends, sink.number(), answer.seq(), now);
    }
}
