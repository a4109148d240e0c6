package io.camspool.internal.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Compares the kept counters with what they count; looks at every row.
final class Imbalances {
    private Imbalances() {}

    /// Each counter that differs, in words.
    static List<String> find(Connection connection) throws SQLException {
        var found = new ArrayList<String>();
        for (var check :
                List.of(
                        """
                        SELECT CASE kind WHEN 0 THEN 'captures' ELSE 'alerts' END || ': accepted ' || accepted_items ||
                          ' is not held + removed + dropped' FROM balance
                        WHERE accepted_items <> held_items + removed_items + dropped_items
                          OR accepted_bytes <> held_bytes + removed_bytes + dropped_bytes
                        """,
                        """
                        SELECT CASE b.kind WHEN 0 THEN 'captures' ELSE 'alerts' END || ': ' || b.held_items || ' items, ' ||
                          b.held_bytes || ' bytes held by the counter, ' || count(i.seq) || ' items, ' ||
                          ifnull(sum(i.bytes), 0) || ' bytes in the ledger'
                        FROM balance b LEFT JOIN items i ON i.kind = b.kind AND i.state = 0 GROUP BY b.kind
                        HAVING b.held_items <> count(i.seq) OR b.held_bytes <> ifnull(sum(i.bytes), 0)
                        """,
                        """
                        WITH counted AS (SELECT s.*,
                          (SELECT count(*) FROM deliveries d WHERE d.sink = s.number AND d.state <> 1) +
                            (SELECT count(*) FROM items i WHERE i.seq >= s.next_seq AND i.state = 0 AND %1$s) AS waiting,
                          (SELECT ifnull(sum(bytes), 0) FROM deliveries d WHERE d.sink = s.number AND d.state <> 1) +
                            (SELECT ifnull(sum(bytes), 0) FROM items i WHERE i.seq >= s.next_seq AND i.state = 0 AND %1$s)
                            AS waiting_bytes,
                          (SELECT count(*) FROM deliveries d WHERE d.sink = s.number AND d.state = 1) AS rejected
                          FROM sinks s WHERE s.forgotten = 0)
                        SELECT 'sink ' || id || ': ' || backlog_items || ' items, ' || backlog_bytes ||
                          ' bytes waiting and ' || rejected_items || ' rejected by the counter, ' || waiting ||
                          ' items, ' || waiting_bytes || ' bytes and ' || rejected || ' in the ledger'
                        FROM counted WHERE backlog_items <> waiting OR backlog_bytes <> waiting_bytes
                          OR rejected_items <> rejected
                        """
                                .formatted(SinkTable.MEANT),
                        """
                        WITH counted AS (SELECT sum(dropped_items) AS items FROM balance),
                          recorded AS (SELECT count(*) AS items, ifnull(max(number), 0) AS last FROM drops)
                        SELECT 'drops: ' || recorded.items || ' recorded up to number ' || last || ', ' ||
                          counted.items || ' counted' FROM counted, recorded
                        WHERE last <> counted.items OR recorded.items <> min(counted.items, %d)
                        """
                                .formatted(Drops.MAX_DROPS))) {
            try (var statement = connection.createStatement();
                    var rows = statement.executeQuery(check)) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
        }
        return found;
    }
}
