package io.camspool.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.Durability;
import io.camspool.internal.disk.Disk;
import io.camspool.internal.disk.Reserve;
import io.camspool.internal.report.Report;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LedgerWriterTest {
    @TempDir Path data;
    private LedgerWriter writer;
    private Checkpoints checkpoints;
    private Reads reads;

    @BeforeEach
    void open() throws Exception {
        var ledger = Ledgers.open(data);
        ledger.stop(Duration.ofSeconds(10));
        ledger.close();
        var file = data.resolve(Ledger.FILE);
        var reserve = new Reserve(Disk.real(), data);
        reads = new Reads(file, data, false);
        checkpoints = new Checkpoints(file, Durability.OS, reads);
        var session = new Session(file, Durability.OS, checkpoints, reserve);
        writer =
                new LedgerWriter(
                        file,
                        session,
                        reserve,
                        Runnable::run,
                        () -> {},
                        new Report(System::nanoTime));
    }

    @AfterEach
    void close() throws Exception {
        assertThat(writer.stop(Duration.ofSeconds(10))).isTrue();
        reads.close();
        checkpoints.close();
        writer.close();
    }

    /// No memory, and none to say so.
    private static final class Speechless extends Error {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new OutOfMemoryError();
        }
    }

    @Test
    void anErrorThatCanNotEvenBePutIntoWordsIsAnsweredAndTheWriterGoesOn() throws Exception {
        var failing =
                writer.submit(
                        _ -> {
                            throw new Speechless();
                        });

        var failure =
                catchThrowableOfType(
                        ExecutionException.class, () -> failing.get(10, TimeUnit.SECONDS));
        assertThat(failure.getCause())
                .isInstanceOfSatisfying(
                        CamspoolException.class,
                        told -> assertThat(told.reason()).isEqualTo(Reason.UNKNOWN_OUTCOME));
        assertThat(writer.trouble()).isPresent();
        assertThat(writer.submit(_ -> true).get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(writer.trouble()).isEmpty();
    }

    @Test
    void aPauseOfReadsWaitsForThoseUnderWayButNotLongerThanItsLimit() throws Exception {
        var begun = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        var reader =
                Thread.ofVirtual()
                        .start(
                                () ->
                                        reads.first(
                                                "SELECT 1",
                                                _ -> {
                                                    begun.countDown();
                                                    await(end);
                                                    return true;
                                                }));
        begun.await();

        assertThatThrownBy(() -> reads.pause(Duration.ZERO, () -> {}))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("reads under way");
        assertThat(reads.setting("box")).hasValue("box-1");

        end.countDown();
        reader.join();
        reads.pause(Duration.ofSeconds(10), () -> {});
        assertThat(reads.setting("box")).hasValue("box-1");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new CompletionException(e);
        }
    }
}
