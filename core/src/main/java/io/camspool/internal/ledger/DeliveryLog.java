package io.camspool.internal.ledger;

import io.camspool.StoredItem;
import io.camspool.Story;
import io.camspool.Story.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The log of deliveries that are over, bounded in rows and age, and what it says of one item
/// together with what is still owed.
final class DeliveryLog {
    private static final int MAX_ENTRIES = 100_000;
    private static final Duration MAX_AGE = Duration.ofDays(90);

    /// One row a sink; the item is named twice by its seq.
    static final String STORY =
            """
            SELECT s.id, s.first_capture, s.first_alert, s.next_seq, d.state, d.key, d.refusals, d.due_at, d.reason, d.answer, c.at,
              c.key AS logged_key, c.refusals AS logged_refusals, c.proof, c.dropped
            FROM sinks s LEFT JOIN deliveries d INDEXED BY deliveries_by_item ON d.seq = ?1 AND d.sink = s.number
              LEFT JOIN confirmations c ON c.number =
                (SELECT max(number) FROM confirmations WHERE seq = ?1 AND sink = s.number)
            WHERE s.forgotten = 0 ORDER BY s.number
            """;

    private DeliveryLog() {}

    /// How a delivery ended.
    ///
    /// @param proof what showed that it was taken; of one that was dropped: the reason
    record Entry(String key, String proof, int refusals, boolean dropped, long at) {}

    static void write(Round round, int sink, long seq, Entry entry) throws SQLException {
        var insert =
                round.prepare(
                        """
                        INSERT INTO confirmations (sink, seq, id, key, proof, at, refusals, dropped)
                        SELECT ?, seq, id, ?, ?, ?, ?, ? FROM items WHERE seq = ?
                        """);
        insert.setInt(1, sink);
        insert.setString(2, entry.key);
        insert.setString(3, entry.proof);
        insert.setLong(4, entry.at);
        insert.setInt(5, entry.refusals);
        insert.setBoolean(6, entry.dropped);
        insert.setLong(7, seq);
        insert.executeUpdate();
    }

    /// Deletes what is beyond the bounds: of what is too old, two for each that came.
    static void trim(Round round, int came, long now) throws SQLException {
        var superfluous =
                round.prepare(
                        "DELETE FROM confirmations WHERE number <= (SELECT max(number) FROM confirmations) - "
                                + MAX_ENTRIES);
        superfluous.executeUpdate();
        var old =
                round.prepare(
                        "DELETE FROM confirmations WHERE number < (SELECT min(number) FROM confirmations) + ? AND at < ?");
        old.setInt(1, 2 * came);
        old.setLong(2, now - MAX_AGE.toMillis());
        old.executeUpdate();
    }

    static Story.AtSink atSink(ResultSet row, StoredItem item) throws SQLException {
        var sink = row.getString("id");
        var state = row.getInt("state");
        if (!row.wasNull()) {
            var due = Optional.of(Instant.ofEpochMilli(row.getLong("due_at")));
            return new Story.AtSink(
                    sink,
                    switch (state) {
                        case Answers.REJECTED -> State.REJECTED;
                        case Answers.WAITING, Answers.AWAITING -> State.WAITING;
                        default -> State.PENDING;
                    },
                    state == Answers.PENDING ? Optional.empty() : due,
                    row.getInt("refusals"),
                    text(row.getString("key")),
                    Optional.empty(),
                    text(row.getString("reason")),
                    text(row.getString("answer")));
        }
        var at = row.getLong("at");
        if (!row.wasNull()) {
            var dropped = row.getBoolean("dropped");
            var proof = text(row.getString("proof"));
            return new Story.AtSink(
                    sink,
                    dropped ? State.DROPPED : State.DELIVERED,
                    Optional.of(Instant.ofEpochMilli(at)),
                    row.getInt("logged_refusals"),
                    text(row.getString("logged_key")),
                    dropped ? Optional.empty() : proof,
                    dropped ? proof : Optional.empty(),
                    Optional.empty());
        }
        return Story.AtSink.without(
                sink,
                item.deliveredBefore() || item.seq() < row.getLong(SinkTable.firstOf(item.kind()))
                        ? State.NOT_OWED
                        : item.seq() < row.getLong("next_seq") ? State.DELIVERED : State.PENDING);
    }

    private static Optional<String> text(@Nullable String text) {
        return Optional.ofNullable(text).filter(words -> !words.isEmpty());
    }
}
