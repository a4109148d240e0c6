package io.camspool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.Status.Health;
import io.camspool.internal.disk.FaultyDisk;
import io.camspool.internal.disk.FaultyDisk.Call;
import io.camspool.internal.engine.Engine;
import io.camspool.internal.engine.Worlds;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What goes wrong with images after their commit holds up no alert and leaves no caller waiting.
@Timeout(60)
final class ImageFaultsTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir Path folder;
    private final FaultyDisk disk = new FaultyDisk();
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    private Camspool open() {
        return Engine.open(CamspoolConfig.in(folder), Worlds.with(disk));
    }

    private static Capture capture(String camera) {
        return Capture.of(camera, Encoded.of(Pictures.jpeg(80, 60, 1)));
    }

    private void hang(Call broken) {
        var hanging = FaultyDisk.hanging(broken, released);
        disk.breakWith(
                (call, path) -> {
                    if (call == broken) {
                        reached.countDown();
                    }
                    hanging.before(call, path);
                });
    }

    private static FaultyDisk.Fault throwing(Call broken) {
        return (call, _) -> {
            if (call == broken) {
                throw new OutOfMemoryError("Java heap space");
            }
        };
    }

    private void refuseRowsOf(String camera) throws SQLException {
        try (var connection =
                        DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ledger.db"));
                var statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TRIGGER refuse BEFORE INSERT ON items WHEN NEW.camera = '"
                            + camera
                            + "' BEGIN SELECT RAISE(ABORT, 'refused'); END");
        }
    }

    @Test
    void anAlertIsStoredWhileARenameHangs() throws InterruptedException {
        try (var spool = open()) {
            hang(Call.RENAME);
            var image = spool.save(capture("gate"));
            reached.await();

            assertThat(spool.save(Alert.of("{}")).await(SOON).seq()).isEqualTo(2);
            assertThat(image.stored().toCompletableFuture()).isNotDone();
            released.countDown();
            assertThat(image.await(SOON).seq()).isEqualTo(1);
            assertThat(image.path().orElseThrow()).exists();
        } finally {
            released.countDown();
        }
    }

    @Test
    void anAlertIsStoredWhileTheRemovalOfAnImageWithoutARowHangs()
            throws InterruptedException, SQLException {
        try (var spool = open()) {
            refuseRowsOf("broken");
            hang(Call.DELETE);
            var image = spool.save(capture("broken"));
            reached.await();

            assertThat(spool.save(Alert.of("{}")).await(SOON).seq()).isEqualTo(1);
            assertThat(image.stored().toCompletableFuture()).isNotDone();
            released.countDown();
        } finally {
            released.countDown();
        }
    }

    @Test
    void anErrorWhileAnImageIsPlacedLeavesItStoredAndItIsPlacedLater() {
        try (var spool = open()) {
            disk.breakWith(throwing(Call.RENAME));
            var image = spool.save(capture("gate"));

            assertThat(image.await(SOON).seq()).isEqualTo(1);
            assertThat(image.path().orElseThrow()).doesNotExist();
            assertThat(spool.status().health()).isEqualTo(Health.YELLOW);
            assertThat(spool.status().intake().orElseThrow().pendingBytes()).isZero();
            disk.mend();
            while (spool.status().health() != Health.GREEN) {
                Thread.onSpinWait();
            }
            assertThat(image.path().orElseThrow()).exists();
        }
    }

    @Test
    void anErrorWhileAnImageWithoutARowIsRemovedStillEndsInItsReceipt() throws SQLException {
        try (var spool = open()) {
            refuseRowsOf("broken");
            disk.breakWith(throwing(Call.DELETE));
            var image = spool.save(capture("broken"));

            assertThatThrownBy(() -> image.await(SOON)).hasMessageContaining("refused");
            assertThat(spool.status().intake().orElseThrow().pendingBytes()).isZero();
            assertThat(spool.save(capture("gate")).await(SOON).seq()).isEqualTo(1);
        }
    }

    @Test
    void imagesGetTheirPlacesThoughTheRestOfTheUpkeepFails() throws InterruptedException {
        var placed = new CountDownLatch(1);
        try (var spool = open()) {
            disk.breakWith(FaultyDisk.failing(Call.RENAME, "Input/output error"));
            spool.save(capture("gate")).await(SOON);
            disk.breakWith(throwing(Call.CREATE));
            var failed = spool.save(capture("yard"));
            assertThatThrownBy(() -> failed.await(SOON)).isInstanceOf(CamspoolException.class);
            var noProbe = throwing(Call.CREATE);
            disk.breakWith(
                    new FaultyDisk.Fault() {
                        @Override
                        public void before(Call call, Path path) throws IOException {
                            noProbe.before(call, path);
                        }

                        @Override
                        public void after(Call call, Path path) {
                            if (call == Call.RENAME) {
                                placed.countDown();
                            }
                        }
                    });

            assertThat(placed.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
            disk.mend();
        }
    }
}
