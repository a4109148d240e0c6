package io.camspool.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.ItemId;
import io.camspool.ItemKind;
import io.camspool.Story;
import io.camspool.Story.State;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DeliveryLogTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir Path data;
    private Ledger ledger;
    private ActiveSink cloud;

    @BeforeEach
    void open() {
        ledger = Ledgers.open(data, "cloud");
        cloud = ledger.sinks().getFirst();
    }

    @AfterEach
    void close() throws InterruptedException {
        assertThat(ledger.stop(Duration.ofSeconds(5))).isTrue();
        ledger.close();
    }

    private void deliver(long seq, Instant at) {
        var answers = List.<Answer>of(new Answer.Confirmed(seq, "proof of " + seq));
        assertThat(ledger.answer(cloud, answers, at.toEpochMilli()).join()).hasSize(1);
    }

    private Story.AtSink story(String id) {
        return ledger.reads().story(new ItemId(id)).orElseThrow().sinks().getFirst();
    }

    @Test
    void whatIsTooOldGoesAsMoreComes() {
        for (var id : List.of("a", "b", "c")) {
            ledger.append(List.of(Items.item(ItemKind.ALERT, id, NOON, 5, Map.of()))).join();
        }
        deliver(1, NOON);
        deliver(2, NOON.plus(Duration.ofDays(89)));
        assertThat(story("a").when()).contains(NOON);
        assertThat(story("a").proof()).contains("proof of 1");

        deliver(3, NOON.plus(Duration.ofDays(91)));

        assertThat(story("a").state()).as("it is no longer in the log").isEqualTo(State.DELIVERED);
        assertThat(story("a").when()).isEmpty();
        assertThat(story("b").proof()).contains("proof of 2");
        assertThat(story("c").proof()).contains("proof of 3");
        assertThat(ledger.reads().imbalances()).isEmpty();
    }

    @Test
    void whatIsRejectedTellsSinceWhen() {
        ledger.append(List.of(Items.item(ItemKind.ALERT, "a", NOON, 5, Map.of()))).join();
        var refused = new Answer.Refused(1, "too red", "422", NOON.plusSeconds(9).toEpochMilli());
        ledger.answer(cloud, List.of(refused), NOON.toEpochMilli()).join();
        assertThat(story("a").state()).isEqualTo(State.WAITING);
        assertThat(story("a").when()).contains(NOON.plusSeconds(9));

        var rejected = new Answer.Rejected(1, "too red", "422");
        ledger.answer(cloud, List.of(rejected), NOON.plusSeconds(10).toEpochMilli()).join();

        assertThat(story("a").state()).isEqualTo(State.REJECTED);
        assertThat(story("a").when()).contains(NOON.plusSeconds(10));
        assertThat(story("a").attempts()).isEqualTo(2);
    }
}
