package io.camspool.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.ItemKind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SinkTableTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final int ITEMS = 2_100;

    @TempDir Path data;

    @Test
    void aSinkThatIsForgottenGoesInStepsAlsoOverAnOpen() throws InterruptedException {
        try (var ledger = Ledgers.open(data, "cloud", "gone")) {
            for (var i = 0; i < ITEMS; i++) {
                var last =
                        ledger.append(
                                List.of(
                                        Items.item(
                                                ItemKind.ALERT, "item-" + i, NOON, 5, Map.of())));
                if (i == ITEMS - 1) {
                    assertThat(last.join()).hasSize(1);
                }
            }
            assertThat(ledger.forget("gone", ITEMS).join().items()).isEqualTo(ITEMS);
            assertThat(ledger.forgetStep().join()).isTrue();
            assertSound(ledger, 2 * ITEMS - 1_000);
            ledger.stop(Duration.ofSeconds(5));
        }
        try (var ledger = Ledgers.open(data, "cloud")) {
            assertThat(ledger.reads().isForgetting()).isTrue();
            assertThat(ledger.forgetStep().join()).isTrue();
            assertThat(ledger.forgetStep().join()).isTrue();
            assertThat(ledger.forgetStep().join()).isFalse();
            assertThat(ledger.reads().isForgetting()).isFalse();
            assertSound(ledger, ITEMS);
            ledger.stop(Duration.ofSeconds(5));
        }
        try (var ledger = Ledgers.open(data, "cloud", "gone")) {
            assertThat(ledger.sinks())
                    .extracting(ActiveSink::number)
                    .as("no number is used twice: logs name sinks by it")
                    .doesNotContain(2);
            ledger.stop(Duration.ofSeconds(5));
        }
    }

    private static void assertSound(Ledger ledger, int deliveries) {
        assertThat(ledger.reads().imbalances()).isEmpty();
        assertThat(ledger.reads().first("SELECT count(*) FROM deliveries", row -> row.getInt(1)))
                .contains(deliveries);
    }
}
