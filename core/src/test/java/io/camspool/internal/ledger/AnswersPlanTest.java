package io.camspool.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An answer costs the same whatever its sink is owed.
final class AnswersPlanTest {
    @TempDir Path data;

    @ParameterizedTest
    @ValueSource(
            strings = {
                Answers.FIND,
                Answers.CONFIRM,
                Answers.POSTPONE,
                Answers.TAKE_BACK,
                Answers.TAKE_BACK_OF_SEALED,
                Answers.REJECT
            })
    void aDeliveryIsFoundByItsItem(String statement) throws SQLException, InterruptedException {
        var ledger = Ledgers.open(data, "cloud");
        assertThat(ledger.stop(Duration.ofSeconds(5))).isTrue();
        ledger.close();
        try (var ours = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("ledger.db"));
                var plan = ours.createStatement();
                var rows = plan.executeQuery("EXPLAIN QUERY PLAN " + statement)) {
            assertThat(rows.getString("detail")).contains("deliveries_by_item (seq=? AND sink=?)");
        }
    }
}
