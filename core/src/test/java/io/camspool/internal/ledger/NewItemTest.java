package io.camspool.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.ItemKind;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class NewItemTest {
    private static NewItem alert(Map<String, String> labels) {
        return Items.item(ItemKind.ALERT, "a", Instant.EPOCH, 5, labels);
    }

    @Test
    void namesAndLabelsCountAsWhatTheyTakeInUtf8() {
        assertThat(NewItem.nameBytes(Optional.of("门"), Optional.of("a1"), Map.of("k", "车")))
                .isEqualTo(3 + 2 + 1 + 3);
    }

    @Test
    void whatARowTakesHasItsLabels() {
        var labels = Map.of("k", "拍".repeat(1_000));

        assertThat(alert(labels).ownBytes() - alert(Map.of()).ownBytes()).isEqualTo(3_001);
        assertThat(alert(labels).ledgerBytes() - alert(Map.of()).ledgerBytes()).isEqualTo(3_001);
    }
}
