package io.camspool.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.Alert;
import io.camspool.Balance.Amount;
import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.Capture;
import io.camspool.Durability;
import io.camspool.Encoded;
import io.camspool.ItemId;
import io.camspool.Pictures;
import io.camspool.Receipt;
import io.camspool.SinkStatus;
import io.camspool.SpoolEvent.Delivered;
import io.camspool.internal.archive.Archive;
import io.camspool.internal.disk.Disk;
import io.camspool.internal.disk.PassingDisk;
import io.camspool.internal.ledger.Commits;
import io.camspool.internal.ledger.Ledger;
import io.camspool.internal.ledger.Ledgers;
import io.camspool.internal.report.Report;
import io.camspool.sink.Delivery;
import io.camspool.sink.NamedSink;
import io.camspool.sink.PullSink;
import io.camspool.sink.ScriptedSink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A pull sink on the ledger and archive that a spool has left, with clocks that stand still.
final class LeasedPullSinkTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir Path data;
    private final Report report = new Report(() -> 0);
    private final List<Ledger> opened = new ArrayList<>();
    private Instant now = Instant.now();
    private long nanos = Long.MAX_VALUE - 5; // it may come to overflow
    private Receipt low;
    private Receipt high;
    private Receipt capture;

    /// One capture and two alerts, in this order.
    @BeforeEach
    void save() {
        var config = CamspoolConfig.in(data).withDurability(Durability.OS);
        try (var spool = Camspool.open(config)) {
            capture = saved(spool.save(Capture.of("gate", Encoded.of(Pictures.jpeg(64, 48, 1)))));
            low = saved(spool.save(Alert.of("{\"n\":1}").withPriority(1)));
            high = saved(spool.save(Alert.of("{\"n\":2}").withPriority(8)));
        }
    }

    private static Receipt saved(Receipt receipt) {
        receipt.await(SOON);
        return receipt;
    }

    @AfterEach
    void closeLedgers() throws InterruptedException {
        for (var ledger : opened) {
            ledger.stop(SOON);
            ledger.close();
        }
        opened.clear();
    }

    private Ledger ledger() {
        var ledger =
                Ledgers.open(data, List.of(new NamedSink("uploader", true, new ScriptedSink())));
        opened.add(ledger);
        return ledger;
    }

    private LeasedPullSink open() {
        return open(Disk.real());
    }

    private LeasedPullSink open(Disk disk) {
        var ledger = ledger();
        return new LeasedPullSink(
                ledger.sinks().getFirst(),
                ledger,
                new Archive(disk, data.resolve("captures"), Durability.OS),
                () -> now,
                () -> nanos,
                report.sink("uploader"));
    }

    private SinkStatus status() {
        return opened.getLast().reads().sinks().getFirst();
    }

    private static List<ItemId> ids(List<Delivery> deliveries) {
        return deliveries.stream().map(delivery -> delivery.item().id()).toList();
    }

    @Test
    void alertsComeFirstThenPriorityAndWhatIsLeasedDoesNotComeAgain() throws IOException {
        var uploader = open();

        var first = uploader.due(1);
        var rest = uploader.due(10);

        assertThat(ids(first)).containsExactly(high.id());
        assertThat(ids(rest)).containsExactly(low.id(), capture.id());
        assertThat(uploader.due(10)).isEmpty();
        try (var in = rest.getLast().open()) {
            assertThat(in.readAllBytes()).isEqualTo(Pictures.jpeg(64, 48, 1));
        }
        assertThat(rest.getLast().key()).startsWith(rest.getLast().source() + "/").endsWith(".jpg");
    }

    @Test
    void aConfirmationIsADeliveryAndCountsOnce() {
        var uploader = open();
        uploader.due(10);
        var feed = report.listen(10);

        assertThat(uploader.confirm(high.id(), "https://example.org/2")).isTrue();
        assertThat(uploader.confirm(high.id(), "again")).isFalse();
        assertThat(uploader.confirm(new ItemId("nobody"), "no such item")).isFalse();
        assertThat(uploader.confirm(List.of(low.id(), low.id(), capture.id()), "batch 7"))
                .isEqualTo(2);

        for (var told : List.of(high, capture, low)) { // each once, in the order of their seqs
            assertThat(feed.next(Duration.ZERO).orElseThrow())
                    .isInstanceOfSatisfying(
                            Delivered.class, event -> assertThat(event.id()).isEqualTo(told.id()));
        }
        assertThat(feed.next(Duration.ZERO)).isEmpty();
        assertThat(report.measures().sinks().getFirst().alerts().delivered()).isEqualTo(2);
        assertThat(status().delivered().items()).isEqualTo(3);
        assertThat(status().backlog()).isEqualTo(Amount.NONE);
        assertThat(opened.getLast().reads().find(high.id()).orElseThrow().confirmations())
                .isEqualTo(1);
        nanos += PullSink.MAX_LEASE.toNanos();
        assertThat(uploader.due(10)).isEmpty();
    }

    @Test
    void aLeaseEndsByItselfAndALateConfirmationStillCounts() {
        var uploader = open();
        uploader.due(10, MINUTE);
        nanos += MINUTE.toNanos() - 1;
        assertThat(uploader.due(10, MINUTE)).isEmpty();
        nanos += 1;

        assertThat(uploader.confirm(low.id(), "late")).isTrue();
        assertThat(ids(uploader.due(10, MINUTE))).containsExactly(high.id(), capture.id());
    }

    @Test
    void theTimeOfALeaseBeginsWhenItIsHandedOverAndNobodyElseLeasesBefore() {
        var nested = new AtomicReference<List<Delivery>>();
        var uploader = new AtomicReference<LeasedPullSink>();
        uploader.set(
                open(
                        new PassingDisk() {
                            @Override
                            public InputStream open(Path file) throws IOException {
                                nanos += 2 * MINUTE.toNanos(); // a large file on a slow disk
                                nested.set(uploader.get().due(10, MINUTE));
                                return super.open(file);
                            }
                        }));

        assertThat(uploader.get().due(10, MINUTE)).hasSize(3);
        assertThat(nested.get()).isEmpty();
        assertThat(uploader.get().due(10, MINUTE)).isEmpty();
    }

    @Test
    void whoseLeaseHasEndedCannotEndTheLeaseOfAnother() {
        var uploader = open();
        var slow = uploader.due(1, MINUTE).getFirst();
        nanos += MINUTE.toNanos();
        var other = uploader.due(1, MINUTE).getFirst();
        assertThat(other.item().id()).isEqualTo(slow.item().id());

        assertThat(uploader.release(slow)).isFalse();
        assertThat(uploader.refuse(slow, "too late")).isFalse();
        assertThat(ids(uploader.due(10))).containsExactly(low.id(), capture.id());

        assertThat(uploader.refuse(other, "too large")).isTrue();
    }

    @Test
    void aLateConfirmationEndsTheLeaseOfAnotherForNothingIsOwedAnyMore() {
        var uploader = open();
        uploader.due(1, MINUTE);
        nanos += MINUTE.toNanos();
        var other = uploader.due(1, MINUTE).getFirst();

        assertThat(uploader.confirm(high.id(), "late")).isTrue();

        assertThat(uploader.release(other)).isFalse();
        assertThat(uploader.refuse(other, "gone")).isFalse();
        assertThat(uploader.confirm(high.id(), "second")).isFalse();
    }

    @Test
    void noMoreAreLeasedAtATimeThanTheirBound() {
        open();
        var ledger = opened.getLast();
        var leases = new Leases(ledger.sinks().getFirst(), ledger.reads(), () -> nanos, 2);
        while (Commits.await(ledger.fill(ledger.sinks().getFirst()))) {
            // until the deliveries of all are made
        }

        assertThat(leases.leaseAny(1)).hasSize(1);
        assertThat(leases.leaseAny(5)).hasSize(1);
        assertThat(leases.leaseAny(5)).isEmpty();
    }

    @Test
    void whatIsReleasedIsDueAtOnce() {
        var uploader = open();
        var leased = uploader.due(10);

        assertThat(ids(leased.subList(1, 2))).containsExactly(low.id());
        assertThat(uploader.release(leased.get(1))).isTrue();
        assertThat(uploader.release(leased.get(1))).isFalse();

        assertThat(ids(uploader.due(10))).containsExactly(low.id());
    }

    @Test
    void leasesEndWithTheProcessAndNothingIsLost() throws InterruptedException {
        open().due(10);
        closeLedgers();

        assertThat(open().due(10)).hasSize(3);
    }

    @Test
    void whatIsRefusedWaitsForItselfAndIsRejectedAtLast() {
        var uploader = open();
        for (var i = 1; i <= NamedSink.MAX_REFUSALS; i++) {
            var due = uploader.due(1);
            assertThat(ids(due)).containsExactly(high.id());
            assertThat(uploader.refuse(due.getFirst(), "too large")).isTrue();
            assertThat(uploader.refuse(due.getFirst(), "not leased")).isFalse();
            if (i == 1) {
                assertThat(ids(uploader.due(1))).containsExactly(low.id());
                uploader.confirm(low.id(), "");
            }
            now = now.plus(Refusals.LONGEST_WAIT);
        }
        assertThat(status().rejected().items()).isEqualTo(1);
        assertThat(ids(uploader.due(10))).containsExactly(capture.id());
        assertThat(uploader.confirm(high.id(), "too late")).isFalse();
    }

    @Test
    void aDamagedImageIsRejectedAndTheRestComes() throws IOException {
        Files.write(capture.path().orElseThrow(), new byte[] {1});

        assertThat(ids(open().due(10))).containsExactly(high.id(), low.id());
        assertThat(status().rejected().items()).isEqualTo(1);
    }

    @Test
    void whatIsWithheldHidesNothingAndWhatIsLeasedCannotBeWithheld() {
        var uploader = open();
        assertThat(uploader.leases().withhold(3)).isTrue();

        assertThat(ids(uploader.due(1))).containsExactly(low.id());
        assertThat(uploader.leases().withhold(2)).isFalse();

        uploader.leases().letGo(3);
        assertThat(ids(uploader.due(1))).containsExactly(high.id());
        nanos += PullSink.LEASE.toNanos();
        assertThat(uploader.leases().withhold(2)).isTrue();
    }

    @Test
    void amountsThatMakeNoSenseAreRefused() {
        var uploader = open();
        List<Function<PullSink, List<Delivery>>> calls =
                List.of(
                        sink -> sink.due(0),
                        sink -> sink.due(PullSink.MAX_ITEMS + 1),
                        sink -> sink.due(1, Duration.ZERO),
                        sink -> sink.due(1, PullSink.MAX_LEASE.plusSeconds(1)));
        for (var call : calls) {
            assertThatThrownBy(() -> call.apply(uploader)).hasMessageContaining("is not allowed");
        }
    }
}
