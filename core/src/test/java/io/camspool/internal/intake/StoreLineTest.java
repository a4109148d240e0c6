package io.camspool.internal.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.Alert;
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
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class StoreLineTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir Path folder;
    private final FaultyDisk disk = new FaultyDisk();
    private final AtomicInteger ids = new AtomicInteger();
    private Ledger ledger;
    private Intake intake;

    /// What is thrown where there is no memory even to say so.
    @SuppressWarnings("serial")
    private static final class NoMemory extends Error {
        @Override
        public String getMessage() {
            throw new OutOfMemoryError("a test's");
        }
    }

    @BeforeEach
    void open() throws IOException {
        var archive = new Archive(disk, folder.resolve("captures"), Durability.FSYNC);
        archive.prepare();
        ledger = Ledgers.open(folder);
        intake =
                new Intake(
                        CamspoolConfig.in(folder),
                        archive,
                        ledger,
                        new Placing(archive, id -> ledger.reads().find(id).isPresent()),
                        InstantSource.system(),
                        () -> new ItemId("item" + ids.incrementAndGet()),
                        new LazyCodec(ImageCodecs::best),
                        new Reserve(disk, folder),
                        CrashedInputs.open(
                                disk, folder.resolve("decoding"), folder.resolve("crashed")),
                        new Report(System::nanoTime));
    }

    @AfterEach
    void close() throws InterruptedException {
        intake.drain(SOON);
        intake.stop(SOON);
        intake.close();
        ledger.stop(SOON);
        ledger.close();
    }

    private void save(int picture) {
        intake.save(Capture.of("gate", Encoded.of(Pictures.jpeg(64, 48, picture)))).await(SOON);
    }

    private void refused(int picture) {
        assertThatThrownBy(() -> save(picture))
                .isInstanceOfSatisfying(
                        CamspoolException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.STORAGE));
    }

    @ParameterizedTest
    @EnumSource(names = {"CREATE", "FORCE_FOLDER"})
    void anImageThatFindsNoMemoryFailsAloneAndItsThreadGoesOn(Call call) {
        disk.breakWith(
                (broken, _) -> {
                    if (broken == call) {
                        throw new NoMemory();
                    }
                });
        for (var picture = 0; picture <= WriteLimit.MOST_WRITES; picture++) {
            refused(picture);
        }
        assertThat(intake.trouble()).isPresent();
        disk.mend();

        save(100);

        assertThat(intake.trouble()).isEmpty();
        assertThat(intake.status().pendingBytes()).isZero();
    }

    @Test
    void anImageThatIsCommittedWithoutMemoryGetsItsPlaceAndItsReceipt() {
        var thrown = new AtomicBoolean();
        disk.breakWith(
                (call, path) -> {
                    if (call == Call.RENAME && !thrown.getAndSet(true)) {
                        throw new NoMemory();
                    }
                });

        save(1);
        save(2);

        assertThat(thrown).isTrue();
        assertThat(disk.exists(folder.resolve("captures/.incoming/item1"))).isFalse();
        assertThat(intake.status().pendingBytes()).isZero();
    }

    @Test
    void anAlertGetsItsReceiptAlsoWhenTheLedgerCannotTakeIt() throws InterruptedException {
        ledger.stop(SOON);

        var receipt = intake.save(Alert.of("{}"));

        assertThatThrownBy(() -> receipt.await(SOON)).isInstanceOf(CamspoolException.class);
        assertThat(intake.drain(SOON)).isEmpty();
    }

    @Test
    void namesAndLabelsTakeRoomInTheIntake() {
        var until = new CountDownLatch(1);
        disk.breakWith(FaultyDisk.hanging(Call.CREATE, until));
        try {
            var capture = Capture.of("gate", Encoded.of(Pictures.jpeg(64, 48, 1)));
            intake.save(Alert.of("{}"), List.of(capture));
            var before = intake.status().pendingBytes();
            var labelled = capture;
            for (var label = 0; label < 4; label++) {
                labelled = labelled.withLabel("note-" + label, "v".repeat(1_000));
            }
            intake.save(Alert.of("{}").withAlert("a".repeat(1_000)), List.of(labelled));

            assertThat(intake.status().pendingBytes() - before).isGreaterThan(before + 2_000);
        } finally {
            until.countDown();
        }
    }

    @Test
    void aDiskThatTakesOnlySmallFilesIsATroubleUntilItTakesWhatFailed() {
        var rest = new AtomicInteger();
        var image = Encoded.of(Pictures.jpeg(1200, 900, 1));
        assertThat(image.bytes()).isGreaterThan(66_000);
        disk.breakWith(
                (call, _) -> {
                    if (call == Call.CREATE) {
                        rest.set(1);
                    }
                    // An image is one write, and a probe of its size more than one.
                    if (call == Call.WRITE && (isWritingImage() || rest.getAndDecrement() == 0)) {
                        throw new IOException("No space left on device");
                    }
                });
        var receipt = intake.save(Capture.of("gate", image));
        assertThatThrownBy(() -> receipt.await(SOON)).isInstanceOf(CamspoolException.class);

        intake.keepUp();
        assertThat(intake.trouble()).isPresent();
        disk.mend();
        intake.keepUp();

        assertThat(intake.trouble()).isEmpty();
    }

    private static boolean isWritingImage() {
        return Thread.currentThread().getName().startsWith("camspool-write");
    }
}
