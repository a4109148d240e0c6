package io.camspool.internal.ledger;

import io.camspool.Amounts;
import io.camspool.Balance.Amount;
import io.camspool.ItemId;
import io.camspool.ItemKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What retention reads of the ledger. Thread-safe.
public final class HeldItems {
    private static final String SELECT =
            "SELECT i.seq, i.id, i.kind, i.time, i.accepted_at, i.bytes, "
                    + Removals.DELIVERED
                    + ", "
                    + Batches.SEALED
                    + " FROM items i WHERE i.state = 0";

    private final Reads reads;

    /// Everything undelivered at one moment.
    ///
    /// @param lastSeq the newest of it; 0: there is none
    public record Owed(Amounts amounts, long lastSeq) {
        public static final Owed NONE = new Owed(Amounts.NONE, 0);
    }

    private record OwedKind(ItemKind kind, Amount amount, long lastSeq) {}

    public HeldItems(Reads reads) {
        this.reads = reads;
    }

    /// Items of a kind whose time is before another, oldest first.
    ///
    /// @param camera only of this camera
    /// @param after where the page before ended
    public List<HeldItem> before(
            Instant time,
            ItemKind kind,
            Optional<String> camera,
            Optional<HeldItem> after,
            int limit) {
        var values = new ArrayList<Object>();
        values.add(Kinds.number(kind));
        camera.ifPresent(values::add);
        values.add(time.toEpochMilli());
        values.add(after.map(item -> item.time().toEpochMilli()).orElse(Long.MIN_VALUE));
        values.add(after.map(HeldItem::seq).orElse(0L));
        values.add(limit);
        return reads.all(
                SELECT
                        + " AND i.kind = ?"
                        + (camera.isPresent() ? " AND i.camera = ?" : "")
                        + " AND i.time < ? AND (i.time, i.seq) > (?, ?) ORDER BY i.time, i.seq LIMIT ?",
                HeldItems::item,
                values.toArray());
    }

    /// Undelivered items after one seq and up to another, in order.
    public List<HeldItem> undelivered(long after, long last, int limit) {
        return reads.all(
                SELECT
                        + " AND i.seq > ? AND i.seq <= ? AND NOT "
                        + Removals.DELIVERED
                        + " ORDER BY i.seq LIMIT ?",
                HeldItems::item,
                after,
                last,
                limit);
    }

    /// Counts everything undelivered; looks at every item.
    public Owed undelivered() {
        var kinds =
                reads.all(
                        "SELECT i.kind, count(*), sum(i.bytes), max(i.seq) FROM items i WHERE i.state = 0 AND NOT "
                                + Removals.DELIVERED
                                + " GROUP BY i.kind",
                        row ->
                                new OwedKind(
                                        Kinds.of(row.getInt(1)),
                                        new Amount(row.getLong(2), row.getLong(3)),
                                        row.getLong(4)));
        var amounts = Amounts.NONE;
        var lastSeq = 0L;
        for (var kind : kinds) {
            amounts = amounts.plus(kind.kind, kind.amount);
            lastSeq = Math.max(lastSeq, kind.lastSeq);
        }
        return new Owed(amounts, lastSeq);
    }

    /// The newest item that was accepted within these times; 0: there is none.
    public long lastAccepted(Instant from, Instant to) {
        return reads.first(
                        "SELECT seq FROM items WHERE accepted_at >= ? AND accepted_at < ? ORDER BY seq DESC LIMIT 1",
                        row -> row.getLong(1),
                        from.toEpochMilli(),
                        to.toEpochMilli())
                .orElse(0L);
    }

    private static HeldItem item(ResultSet row) throws SQLException {
        return new HeldItem(
                row.getLong(1),
                new ItemId(row.getString(2)),
                Kinds.of(row.getInt(3)),
                Instant.ofEpochMilli(row.getLong(4)),
                Instant.ofEpochMilli(row.getLong(5)),
                row.getLong(6),
                row.getBoolean(7),
                row.getBoolean(8));
    }
}
