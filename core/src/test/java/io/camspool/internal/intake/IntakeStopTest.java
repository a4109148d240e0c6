package io.camspool.internal.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.CamspoolConfig;
import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.Capture;
import io.camspool.Durability;
import io.camspool.Encoded;
import io.camspool.ItemId;
import io.camspool.Pictures;
import io.camspool.image.ImageCodecs;
import io.camspool.internal.archive.Archive;
import io.camspool.internal.disk.FaultyDisk;
import io.camspool.internal.disk.FaultyDisk.Call;
import io.camspool.internal.disk.Reserve;
import io.camspool.internal.ledger.Ledger;
import io.camspool.internal.ledger.Ledgers;
import io.camspool.internal.report.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class IntakeStopTest {
    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir Path folder;
    private final FaultyDisk disk = new FaultyDisk();
    private final CountDownLatch released = new CountDownLatch(1);

    @Test
    void allStagesTogetherTakeNoMoreThanTheLimit() throws IOException, InterruptedException {
        var ledger = Ledgers.open(folder);
        try (var intake = intake(ledger)) {
            // The thread of the last stage hangs, then one of each stage before it.
            saveUntilItHangsAt(Call.RENAME, intake);
            saveUntilItHangsAt(Call.FORCE_FOLDER, intake);
            saveUntilItHangsAt(Call.FORCE, intake);

            var begin = System.nanoTime();
            intake.stop(LIMIT);
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isBetween(LIMIT, LIMIT.multipliedBy(2));

            released.countDown();
            intake.stop(SOON);
        } finally {
            released.countDown();
            ledger.stop(SOON);
            ledger.close();
        }
    }

    @Test
    void whatTheLineCannotTakeGivesBackItsRoomAndEndsItsReceipt()
            throws IOException, InterruptedException {
        var ledger = Ledgers.open(folder);
        try (var intake = intake(ledger)) {
            intake.stop(SOON); // nothing can be added any more

            var receipt = intake.save(Capture.of("gate", Encoded.of(Pictures.jpeg(80, 60, 1))));

            assertThatThrownBy(() -> receipt.await(SOON))
                    .isInstanceOfSatisfying(
                            CamspoolException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.STORAGE));
            assertThat(intake.status().pendingBytes()).isZero();
            assertThat(intake.status().failed()).isEqualTo(1);
            assertThat(intake.drain(SOON)).isEmpty();
        } finally {
            ledger.stop(SOON);
            ledger.close();
        }
    }

    private Intake intake(Ledger ledger) throws IOException {
        var archive = new Archive(disk, folder.resolve("captures"), Durability.FSYNC);
        archive.prepare();
        var ids = new AtomicInteger();
        return new Intake(
                CamspoolConfig.in(folder),
                archive,
                ledger,
                new Placing(archive, _ -> true),
                InstantSource.system(),
                () -> new ItemId("item" + ids.incrementAndGet()),
                new LazyCodec(ImageCodecs::best),
                new Reserve(disk, folder),
                CrashedInputs.open(disk, folder.resolve("decoding"), folder.resolve("crashed")),
                new Report(System::nanoTime));
    }

    private void saveUntilItHangsAt(Call broken, Intake intake) throws InterruptedException {
        var reached = new CountDownLatch(1);
        var hanging = FaultyDisk.hanging(broken, released);
        disk.breakWith(
                (call, path) -> {
                    if (call == broken) {
                        reached.countDown();
                    }
                    hanging.before(call, path);
                });
        intake.save(Capture.of("gate", Encoded.of(Pictures.jpeg(80, 60, 1))));
        reached.await();
    }
}
