package io.camspool.internal.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.ItemId;
import io.camspool.ItemKind;
import io.camspool.internal.ledger.HeldItem;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PlanTest {
    private static final Instant CUTOFF = Instant.parse("2026-11-20T00:00:00Z");
    private static final Instant OLD = CUTOFF.minusMillis(1);
    private static final Instant UNSET = Instant.parse("1970-01-01T00:05:00Z");

    private static HeldItem item(long seq, Instant time, Instant acceptedAt, boolean delivered) {
        return new HeldItem(
                seq,
                new ItemId("i" + seq),
                ItemKind.CAPTURE,
                time,
                acceptedAt,
                100,
                delivered,
                false);
    }

    private static List<Long> old(long lastOldSeq, HeldItem... items) {
        var plan = Plan.of(List.of(items), CUTOFF, lastOldSeq, false);
        assertThat(plan.delivered()).isEmpty();
        return plan.undelivered().stream().map(HeldItem::seq).toList();
    }

    @Test
    void whatIsDeliveredAndWhatIsNotAreKeptApart() {
        var plan =
                Plan.of(
                        List.of(item(1, OLD, OLD, false), item(2, OLD, OLD, true)),
                        CUTOFF,
                        0,
                        false);

        assertThat(plan.undelivered()).extracting(HeldItem::seq).containsExactly(1L);
        assertThat(plan.delivered()).extracting(HeldItem::seq).containsExactly(2L);
    }

    @Test
    void whereNothingWillEverBeDeliveredEverythingOldMayGo() {
        var plan = Plan.of(List.of(item(1, OLD, OLD, false)), CUTOFF, 0, true);

        assertThat(plan.delivered()).hasSize(1);
        assertThat(plan.undelivered()).isEmpty();
    }

    @Test
    void anItemIsOldWhenItsTimeAndItsAcceptanceAre() {
        assertThat(
                        old(
                                0,
                                item(1, OLD, OLD, false),
                                item(2, CUTOFF, OLD, false),
                                item(3, OLD, CUTOFF, false),
                                item(4, CUTOFF, CUTOFF, false)))
                .containsExactly(1L);
    }

    @Test
    void anItemDatedByAWrongClockStaysUntilItsAcceptanceIsOld() {
        assertThat(old(0, item(1, UNSET, CUTOFF.plusSeconds(1), false))).isEmpty();
        assertThat(old(0, item(1, CUTOFF.plusSeconds(86_400), OLD, false))).isEmpty();
    }

    @Test
    void anItemAcceptedBeforeTheClockWasSetStaysUntilOneAfterItIsOld() {
        var unset = item(5, UNSET, UNSET, false);

        assertThat(old(0, unset)).isEmpty();
        assertThat(old(4, unset)).isEmpty();
        assertThat(old(6, unset)).containsExactly(5L);
    }
}
