package io.camspool.internal.ledger;

import static io.camspool.internal.ledger.Items.item;
import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Balance.Amount;
import io.camspool.ItemId;
import io.camspool.ItemKind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a sink is owed: counted from the first moment, and found without looking at the rest.
final class BacklogTest {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(80);
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir Path data;

    private Ledger open(String... sinks) {
        return Ledgers.open(data, sinks);
    }

    private static void close(Ledger ledger) throws InterruptedException {
        ledger.stop(Duration.ofSeconds(5));
        ledger.close();
    }

    private static void save(Ledger ledger, String... ids) {
        for (var id : ids) {
            ledger.append(List.of(item(ItemKind.ALERT, id, NOON, 5, Map.of()))).join();
        }
    }

    private static Amount backlog(Ledger ledger, String sink) {
        return ledger.reads().sinks().stream()
                .filter(status -> status.id().equals(sink))
                .findFirst()
                .orElseThrow()
                .backlog();
    }

    @Test
    void aSinkThatIsNewOrAwayIsOwedItemsAndBytes() throws InterruptedException {
        var ledger = open("early");
        save(ledger, "a", "b");
        close(ledger);

        ledger = open("late");
        save(ledger, "c");
        assertThat(backlog(ledger, "early")).isEqualTo(new Amount(3, 6));
        assertThat(backlog(ledger, "late")).isEqualTo(new Amount(3, 6));
        assertThat(ledger.reads().imbalances()).isEmpty();

        ledger.markRemovals(Ledgers.drop(new ItemId("b"))).join();
        assertThat(backlog(ledger, "early")).isEqualTo(new Amount(2, 4));
        assertThat(backlog(ledger, "late")).isEqualTo(new Amount(2, 4));
        assertThat(ledger.reads().imbalances()).isEmpty();

        assertThat(ledger.fill(ledger.sinks().getFirst()).join()).isFalse();
        assertThat(backlog(ledger, "late")).isEqualTo(new Amount(2, 4));
        assertThat(ledger.reads().imbalances()).isEmpty();
        close(ledger);
    }

    @Test
    void aRefusedItemStandsApartUntilItIsRipe() throws InterruptedException {
        var ledger = open("cloud");
        save(ledger, "a", "b", "c");
        var cloud = ledger.sinks().getFirst();
        var answers =
                List.<Answer>of(
                        new Answer.Refused(1, "reason", "answer", 20),
                        new Answer.Postponed(2, "reason", 100_000));
        ledger.answer(cloud, answers, 10).join();

        assertThat(backlog(ledger, "cloud").items()).isEqualTo(3);
        assertThat(due(ledger)).containsExactly(3L);
        assertThat(ledger.reads().dueDeliveries().isRipe(cloud, 19, LONGEST_WAIT.multipliedBy(2)))
                .isFalse();
        assertThat(ledger.ripen(cloud, 19, LONGEST_WAIT.multipliedBy(2)).join()).isZero();

        assertThat(ledger.reads().dueDeliveries().isRipe(cloud, 20, LONGEST_WAIT.multipliedBy(2)))
                .isTrue();
        assertThat(ledger.ripen(cloud, 20, LONGEST_WAIT.multipliedBy(2)).join()).isEqualTo(1);
        assertThat(due(ledger)).containsExactly(1L, 3L);

        assertThat(ledger.reads().dueDeliveries().isRipe(cloud, 0, LONGEST_WAIT)).isTrue();
        assertThat(ledger.ripen(cloud, 0, LONGEST_WAIT).join()).isEqualTo(1);
        assertThat(due(ledger)).containsExactly(1L, 2L, 3L);
        assertThat(ledger.reads().imbalances()).isEmpty();
        close(ledger);
    }

    private static List<Long> due(Ledger ledger) {
        return ledger.reads().dueDeliveries().inOrder(ledger.sinks().getFirst(), 10).stream()
                .map(delivery -> delivery.item().seq())
                .toList();
    }
}
