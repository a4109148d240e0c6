package io.camspool.internal.ledger;

import java.sql.SQLException;
import java.time.Duration;

/// The ids that callers gave to items that are gone: what makes a late repeat harmless.
final class PastIds {
    /// How long a repeat is known after its item is gone.
    static final Duration WINDOW = Duration.ofDays(30);

    private PastIds() {}

    /// Keeps the id of an item that goes, where its caller gave it. Forgets two that are older than
    /// the window for each that comes, so that the table shrinks without a loop of its own. The
    /// window of one that went before the clock was set begins once it is.
    static void keep(Round round, long seq, long now) throws SQLException {
        var insert =
                round.prepare(
                        """
                        INSERT OR REPLACE INTO past_ids (id, seq, bytes, sha256, input_sha256, path, change, gone_at)
                        SELECT id, seq, bytes, sha256, input_sha256, path, change, ? FROM items
                        WHERE seq = ? AND caller_id = 1
                        """);
        insert.setLong(1, now);
        insert.setLong(2, seq);
        if (insert.executeUpdate() == 0) {
            return;
        }
        var setClock = HeldItem.SET_CLOCK.toEpochMilli();
        if (now < setClock) {
            return;
        }
        var date =
                round.prepare(
                        """
                        UPDATE past_ids SET gone_at = ? WHERE id IN
                          (SELECT id FROM past_ids WHERE gone_at < ? ORDER BY gone_at LIMIT 2)
                        """);
        date.setLong(1, now);
        date.setLong(2, setClock);
        date.executeUpdate();
        var forget =
                round.prepare(
                        """
                        DELETE FROM past_ids WHERE id IN
                          (SELECT id FROM past_ids WHERE gone_at BETWEEN ? AND ? ORDER BY gone_at LIMIT 2)
                        """);
        forget.setLong(1, setClock);
        forget.setLong(2, now - WINDOW.toMillis() - 1);
        forget.executeUpdate();
    }
}
