package io.camspool.internal.ledger;

import io.camspool.ItemKind;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/// Seals batches. A member leaves its batch when it is answered for; the row goes with the last.
final class Batches {
    /// Whether an item of the table `i` is a member of one, at any sink.
    static final String SEALED =
            "EXISTS (SELECT 1 FROM deliveries d INDEXED BY deliveries_by_item WHERE d.seq = i.seq AND d.batch IS NOT NULL)";

    private Batches() {}

    /// Fixes pending deliveries as the members of a new batch, all or none of them.
    static SealedBatch seal(
            Round round,
            ActiveSink sink,
            ItemKind kind,
            String id,
            String key,
            List<Long> seqs,
            long now)
            throws SQLException {
        var insert =
                round.prepare(
                        "INSERT INTO batches (sink, id, key, kind, made_at) VALUES (?, ?, ?, ?, ?) RETURNING number");
        insert.setInt(1, sink.number());
        insert.setString(2, id);
        insert.setString(3, key);
        insert.setInt(4, Kinds.number(kind));
        insert.setLong(5, now);
        long number;
        try (var rows = insert.executeQuery()) {
            rows.next();
            number = rows.getLong(1);
        }
        var update =
                round.prepare(
                        """
                        UPDATE deliveries INDEXED BY deliveries_by_item SET batch = ?
                        WHERE seq = ? AND sink = ? AND state = 0 AND batch IS NULL
                        """);
        for (var seq : seqs) {
            update.setLong(1, number);
            update.setLong(2, seq);
            update.setInt(3, sink.number());
            if (update.executeUpdate() != 1) {
                throw new IllegalStateException("item " + seq + " can't be sealed: it isn't due");
            }
        }
        return new SealedBatch(number, kind, id, key);
    }

    /// Deletes the rows of those whose members are all answered for.
    static void forgetEmpty(Round round, Collection<Long> numbers) throws SQLException {
        var delete =
                round.prepare(
                        """
                        DELETE FROM batches WHERE number = ?1
                          AND NOT EXISTS (SELECT 1 FROM deliveries WHERE batch = ?1)
                        """);
        for (var number : numbers) {
            delete.setLong(1, number);
            delete.executeUpdate();
        }
    }
}
