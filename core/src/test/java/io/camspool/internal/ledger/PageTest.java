package io.camspool.internal.ledger;

import static io.camspool.internal.ledger.Items.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.CamspoolException;
import io.camspool.DeliveryState;
import io.camspool.ItemKind;
import io.camspool.Page;
import io.camspool.Query;
import io.camspool.StoredAlert;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pages of a listing, with a budget of three items a page.
final class PageTest {
    private static final int BUDGET = 3;
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir Path data;
    private Ledger ledger;
    private Reads reads;

    @BeforeEach
    void open() {
        ledger = ledgerWith("cloud");
        reads = new Reads(data.resolve(Ledger.FILE), data, BUDGET);
    }

    private Ledger ledgerWith(String... sinks) {
        return Ledgers.open(data, sinks);
    }

    @AfterEach
    void close() throws InterruptedException {
        reads.close();
        closeLedger();
    }

    private void closeLedger() throws InterruptedException {
        ledger.stop(Duration.ofSeconds(5));
        ledger.close();
    }

    /// Saved in this order, one second apart.
    private void save(String id, int second, int priority, Map<String, String> labels) {
        ledger.append(List.of(item(ItemKind.ALERT, id, NOON.plusSeconds(second), priority, labels)))
                .join();
    }

    private void saveEight() {
        for (var i = 1; i <= 8; i++) {
            save("a" + i, i, i, Map.of("n", "" + i % 4));
        }
    }

    private static List<String> ids(Page<StoredAlert> page) {
        return page.items().stream().map(item -> item.id().value()).toList();
    }

    private List<List<String>> pages(Query query) {
        var pages = new ArrayList<List<String>>();
        var page = reads.alerts(query);
        pages.add(ids(page));
        while (page.next().isPresent()) {
            page = reads.alerts(query.after(page.next().get()));
            pages.add(ids(page));
        }
        return pages;
    }

    @Test
    void aPageLooksAtNoMoreThanItsBudgetAndSaysWhereToGoOn() {
        saveEight();

        assertThat(pages(Query.ALL.withLabel("n", "1")))
                .containsExactly(List.of(), List.of("a5"), List.of("a1"));
    }

    @Test
    void theLastPageIsTheLastEvenWhereItUsesTheWholeBudget() {
        for (var i = 1; i <= BUDGET; i++) {
            save("a" + i, i, 1, Map.of());
        }

        assertThat(pages(Query.ALL.withPriority(9))).containsExactly(List.of());
        assertThat(pages(Query.ALL.limitedTo(BUDGET))).containsExactly(List.of("a3", "a2", "a1"));
    }

    @Test
    void whatIsRemovedOrSavedMeanwhileShiftsNoPage() {
        saveEight();
        var query = Query.ALL.limitedTo(2);
        var first = reads.alerts(query);
        assertThat(ids(first)).containsExactly("a8", "a7");

        var id = first.items().getLast().id();
        ledger.markRemovals(Ledgers.drop(id)).join();
        save("late", 9, 1, Map.of());

        assertThat(ids(reads.alerts(query.after(first.next().orElseThrow()))))
                .containsExactly("a6", "a5");
    }

    @Test
    void itemsBeingRemovedUseUpTheBudgetToo() {
        saveEight();
        for (var item : reads.alerts(Query.ALL.limitedTo(3)).items()) {
            ledger.markRemovals(Ledgers.drop(item.id())).join();
        }

        assertThat(pages(Query.ALL))
                .containsExactly(List.of(), List.of("a5", "a4", "a3"), List.of("a2", "a1"));
    }

    @Test
    void itemsAreFoundByPriorityAndByTime() {
        saveEight();

        assertThat(pages(Query.ALL.withPriority(7))).first().isEqualTo(List.of("a8", "a7"));
        assertThat(pages(Query.ALL.between(NOON.plusSeconds(2), NOON.plusSeconds(4))))
                .containsExactly(List.of("a3", "a2"));
    }

    @Test
    void aCursorFromOutsideTheTimeAskedForBeginsAtItsEnd() {
        saveEight();
        var cursor = reads.alerts(Query.ALL.limitedTo(1)).next().orElseThrow();

        assertThat(pages(Query.ALL.between(NOON, NOON.plusSeconds(3)).after(cursor)))
                .containsExactly(List.of("a2", "a1"));
    }

    @Test
    void aLabelIsFoundWhateverItsName() {
        var name = "a\"b\\c.d[0]\n$ 停";
        save("odd", 1, 1, Map.of(name, "'\"\\\t停", "other", "x"));
        save("none", 2, 1, Map.of());

        assertThat(pages(Query.ALL.withLabel(name, "'\"\\\t停"))).containsExactly(List.of("odd"));
        assertThat(pages(Query.ALL.withLabel(name, "'\"\\\t停").withLabel("other", "y")))
                .containsExactly(List.of());
    }

    @Test
    void itemsAreFoundByHowTheyStandWithASink() throws InterruptedException {
        for (var i = 1; i <= 3; i++) {
            save("a" + i, i, 1, Map.of());
        }
        var cloud = ledger.sinks().getFirst();
        ledger.answer(
                        cloud,
                        List.of(
                                new Answer.Confirmed(1, "proof"),
                                new Answer.Refused(2, "reason", "answer", 10),
                                new Answer.Rejected(3, "reason", "answer")),
                        5)
                .join();

        assertThat(at("cloud", DeliveryState.DELIVERED)).containsExactly(List.of("a1"));
        assertThat(at("cloud", DeliveryState.PENDING)).containsExactly(List.of("a2"));
        assertThat(at("cloud", DeliveryState.REJECTED)).containsExactly(List.of("a3"));
        assertThatThrownBy(() -> at("clod", DeliveryState.PENDING))
                .isInstanceOf(CamspoolException.class)
                .hasMessageContaining("clod");

        closeLedger();
        ledger = ledgerWith("cloud", "late");
        assertThat(at("late", DeliveryState.PENDING)).containsExactly(List.of("a3", "a2", "a1"));
        assertThat(at("late", DeliveryState.DELIVERED)).containsExactly(List.of());
    }

    private List<List<String>> at(String sink, DeliveryState state) {
        return pages(Query.ALL.withDelivery(sink, state));
    }
}
