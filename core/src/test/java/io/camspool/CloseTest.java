package io.camspool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.CamspoolException.Reason;
import io.camspool.internal.disk.FaultyDisk;
import io.camspool.internal.disk.FaultyDisk.Call;
import io.camspool.internal.engine.Engine;
import io.camspool.internal.engine.Worlds;
import io.camspool.sink.Batch;
import io.camspool.sink.Batching;
import io.camspool.sink.Outcome;
import io.camspool.sink.Sink;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What was accepted before `close` is stored when it returns, or named in what it returns.
final class CloseTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir Path folder;

    @Test
    void allThatWasAcceptedWhileOthersStillSaveIsStoredWhenCloseReturns()
            throws InterruptedException {
        var spool = Camspool.open(CamspoolConfig.in(folder));
        var accepted = Collections.synchronizedList(new ArrayList<Receipt>());
        var begun = new CountDownLatch(4 * 20);
        var producers = new ArrayList<Thread>();
        for (var producer = 0; producer < 4; producer++) {
            var seed = producer;
            producers.add(
                    Thread.ofPlatform().start(() -> saveUntilClosed(spool, seed, accepted, begun)));
        }
        begun.await();

        var unfinished = spool.close(Duration.ofSeconds(30));
        for (var producer : producers) {
            producer.join();
        }

        assertThat(unfinished.isEmpty()).isTrue();
        try (var reader = SpoolReader.open(folder)) {
            for (var receipt : List.copyOf(accepted)) {
                assertThat(receipt.await(Duration.ofSeconds(1)).id()).isEqualTo(receipt.id());
                assertThat(reader.find(receipt.id())).isPresent();
            }
            assertThat(reader.verify(_ -> {}).checked()).isEqualTo(accepted.size());
        }
    }

    private static void saveUntilClosed(
            Camspool spool, int seed, List<Receipt> accepted, CountDownLatch begun) {
        var frame = Pictures.bgr(320, 180, seed);
        while (true) {
            try {
                accepted.add(
                        spool.save(Capture.of("gate", Frame.of(frame, 320, 180, PixelFormat.BGR))));
                accepted.add(spool.save(Alert.of("{\"n\":" + seed + "}")));
                begun.countDown();
            } catch (CamspoolException e) {
                if (e.reason() == Reason.CLOSED) {
                    return;
                }
            }
        }
    }

    @Test
    void whatAHangingDiskHoldsUpIsNamed() {
        var disk = new FaultyDisk();
        var released = new CountDownLatch(1);
        var spool = Engine.open(CamspoolConfig.in(folder), Worlds.with(disk));
        disk.breakWith(FaultyDisk.hanging(Call.FORCE, released));
        var stuck = spool.save(Capture.of("gate", Encoded.of(Pictures.jpeg(64, 48, 1))));

        var unfinished = spool.close(Duration.ofMillis(200));

        assertThat(unfinished.items()).containsExactly(stuck.id());
        assertThatThrownBy(() -> stuck.await(Duration.ofSeconds(5)))
                .isInstanceOfSatisfying(
                        CamspoolException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.UNKNOWN_OUTCOME));
        released.countDown();
    }

    @Test
    void theFolderStaysClaimedUntilWhatTheDiskHoldsUpHasEnded() throws InterruptedException {
        var disk = new FaultyDisk();
        var released = new CountDownLatch(1);
        var config = CamspoolConfig.in(folder);
        var spool = Engine.open(config, Worlds.with(disk));
        disk.breakWith(FaultyDisk.hanging(Call.FORCE, released));
        var stuck = spool.save(Capture.of("gate", Encoded.of(Pictures.jpeg(64, 48, 1))));
        spool.close(Duration.ofMillis(100));

        assertThatThrownBy(() -> Camspool.open(config))
                .isInstanceOfSatisfying(
                        CamspoolException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.LOCKED));
        released.countDown();
        try (var next = openWhenFree(config)) {
            assertThat(next.find(stuck.id())).isPresent();
            assertThat(next.verify(_ -> {}).problems()).isEmpty();
        }
    }

    private static Camspool openWhenFree(CamspoolConfig config) throws InterruptedException {
        for (var end = System.nanoTime() + Duration.ofSeconds(20).toNanos(); ; Thread.sleep(10)) {
            try {
                return Camspool.open(config);
            } catch (CamspoolException e) {
                if (e.reason() != Reason.LOCKED || System.nanoTime() > end) {
                    throw e;
                }
            }
        }
    }

    @Test
    void aCloseThatIsInterruptedAtOnceGoesOnAndTheNextOneWaitsForIt() {
        var disk = new FaultyDisk();
        var released = new CountDownLatch(1);
        var config = CamspoolConfig.in(folder);
        var spool = Engine.open(config, Worlds.with(disk));
        disk.breakWith(FaultyDisk.hanging(Call.FORCE, released));
        var stuck = spool.save(Capture.of("gate", Encoded.of(Pictures.jpeg(64, 48, 1))));

        Thread.currentThread().interrupt();
        isInterrupted(spool);
        assertThat(Thread.interrupted()).isTrue();
        released.countDown();

        assertThat(spool.close(SOON).isEmpty()).isTrue();
        assertThat(stuck.await(SOON).id()).isEqualTo(stuck.id());
        Camspool.open(config).close();
    }

    @Test
    void aCloseThatIsInterruptedWhileASinkClosesLetsEverythingGoOnce() throws InterruptedException {
        var closes = new AtomicInteger();
        var reached = new CountDownLatch(1);
        var released = new CountDownLatch(1);
        var slow =
                new Sink() {
                    @Override
                    public Batching batching(ItemKind kind) {
                        return Batching.of(1, 1);
                    }

                    @Override
                    public List<Outcome> send(Batch batch) {
                        return List.of();
                    }

                    @Override
                    public void close() {
                        closes.incrementAndGet();
                        reached.countDown();
                        try {
                            released.await();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                };
        var config = CamspoolConfig.in(folder);
        var spool = Camspool.open(config.withSink("slow", slow));
        var closer = Thread.ofPlatform().start(() -> isInterrupted(spool));
        reached.await();
        closer.interrupt();
        closer.join();
        spool.close(Duration.ofMillis(10));
        released.countDown();

        assertThat(spool.close(SOON).isEmpty()).isTrue();
        assertThat(closes).hasValue(1);
        Camspool.open(config).close();
    }

    private static void isInterrupted(Camspool spool) {
        assertThatThrownBy(() -> spool.close(SOON))
                .isInstanceOfSatisfying(
                        CamspoolException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.TIMEOUT));
    }

    @Test
    void aClosedSpoolRefusesAndClosesTwice() {
        var spool = Camspool.open(CamspoolConfig.in(folder));
        spool.close();
        spool.close();

        assertThatThrownBy(spool::status)
                .isInstanceOfSatisfying(
                        CamspoolException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.CLOSED));
        assertThatThrownBy(() -> spool.save(Alert.of("{}")))
                .isInstanceOfSatisfying(
                        CamspoolException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.CLOSED));
    }
}
