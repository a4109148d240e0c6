package io.camspool.internal.ledger;

import io.camspool.CamspoolException.Reason;
import java.sql.SQLException;
import java.util.Map;

/// Keeps how many items were refused or failed, by reason.
final class TurnedAwayCounts {
    static final String SELECT = "SELECT reason, items FROM turned_away";

    private TurnedAwayCounts() {}

    static boolean add(Round round, Map<Reason, Long> counts) throws SQLException {
        var upsert =
                round.prepare(
                        """
                        INSERT INTO turned_away (reason, items) VALUES (?, ?)
                        ON CONFLICT (reason) DO UPDATE SET items = items + excluded.items
                        """);
        for (var count : counts.entrySet()) {
            upsert.setString(1, count.getKey().name());
            upsert.setLong(2, count.getValue());
            upsert.executeUpdate();
        }
        return true;
    }
}
