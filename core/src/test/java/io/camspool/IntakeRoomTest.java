package io.camspool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.CamspoolException.Reason;
import io.camspool.Status.IntakeStatus;
import io.camspool.internal.disk.FaultyDisk;
import io.camspool.internal.disk.FaultyDisk.Call;
import io.camspool.internal.engine.Engine;
import io.camspool.internal.engine.Worlds;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whatever a save is refused for, its room in the intake comes back; frames that wait for room
/// hold up no alert.
@Timeout(60)
final class IntakeRoomTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir Path folder;
    private final FaultyDisk disk = new FaultyDisk();

    private static Capture frame() {
        return capture(Frame.of(new byte[600 * 400 * 3], 600, 400, PixelFormat.BGR));
    }

    private static Capture capture(Content content) {
        return Capture.of("gate", content);
    }

    private static IntakeStatus intake(Camspool spool) {
        return spool.status().intake().orElseThrow();
    }

    private static void awaitWaiting(Camspool spool, long callers) {
        while (intake(spool).waited() < callers) {
            Thread.onSpinWait();
        }
    }

    @Test
    void anAlertIsAcceptedAtOnceWhileFramesWaitForRoom() throws InterruptedException {
        var released = new CountDownLatch(1);
        var limits =
                IntakeLimits.DEFAULT
                        .withCaptureBytes(1_000_000)
                        .withAdmissionWait(Duration.ofHours(1));
        try (var spool =
                Engine.open(CamspoolConfig.in(folder).withIntake(limits), Worlds.with(disk))) {
            disk.breakWith(FaultyDisk.hanging(Call.FORCE, released));
            spool.save(frame());
            var full = intake(spool).pendingBytes();
            var frames = Thread.ofPlatform().start(() -> spool.save(frame()));
            awaitWaiting(spool, 1);
            var group =
                    Thread.ofPlatform().start(() -> spool.save(Alert.of("{}"), List.of(frame())));
            awaitWaiting(spool, 2);

            assertThat(intake(spool).pendingBytes()).as("held while waiting").isEqualTo(full);
            assertThat(spool.save(Alert.of("{}")).await(SOON).seq()).isEqualTo(1);
            assertThat(intake(spool).waited()).isEqualTo(2);

            released.countDown();
            frames.join();
            group.join();
        } finally {
            released.countDown();
        }
    }

    @Test
    void tinyImagesTakeTheRoomThatTheyOccupy() {
        var released = new CountDownLatch(1);
        var limits =
                IntakeLimits.DEFAULT.withCaptureBytes(1_000_000).withAdmissionWait(Duration.ZERO);
        var tiny = capture(Encoded.of(Pictures.jpeg(16, 16, 1)));
        try (var spool =
                Engine.open(CamspoolConfig.in(folder).withIntake(limits), Worlds.with(disk))) {
            disk.breakWith(FaultyDisk.hanging(Call.FORCE, released));
            spool.save(tiny);
            var each = intake(spool).pendingBytes();
            assertThat(each).isGreaterThan(16_000);
            for (var left = 1_000_000 / each - 1; left > 0; left--) {
                spool.save(tiny);
            }

            assertThatThrownBy(() -> spool.save(tiny))
                    .isInstanceOfSatisfying(
                            CamspoolException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.INTAKE_FULL));
            released.countDown();
        } finally {
            released.countDown();
        }
    }

    @Test
    void anErrorMidwayLeavesNothingAcceptedAndItsRoomComesBack() {
        var broken = new AtomicBoolean();
        InstantSource clock =
                () -> {
                    if (broken.get()) {
                        throw new OutOfMemoryError("Java heap space");
                    }
                    return Instant.now();
                };
        var real = Worlds.with(disk);
        var world = new Engine.World(disk, clock, real.random(), real.codec(), real.whereabouts());
        try (var spool = Engine.open(CamspoolConfig.in(folder), world)) {
            broken.set(true);
            assertThatThrownBy(() -> spool.save(Alert.of("{}"), List.of(frame())))
                    .isInstanceOf(OutOfMemoryError.class);
            broken.set(false);

            assertThat(intake(spool).pendingBytes()).isZero();
            assertThat(spool.save(frame()).await(SOON).seq()).isEqualTo(1);
        }
    }

    @Test
    void memoryThatCanNotBeReadIsRefusedAndItsRoomComesBack() {
        Frame closed;
        try (var arena = Arena.ofShared()) {
            closed = Frame.of(arena.allocate(1920 * 1080 * 3), 1920, 1080, PixelFormat.BGR);
        }
        try (var spool = Camspool.open(CamspoolConfig.in(folder))) {
            for (var i = 0; i < 30; i++) {
                assertThatThrownBy(() -> spool.save(Capture.of("gate", closed)))
                        .isInstanceOfSatisfying(
                                CamspoolException.class,
                                e -> assertThat(e.reason()).isEqualTo(Reason.INVALID))
                        .hasMessageContaining("pixels");
            }
            assertThat(spool.status().intake().orElseThrow().pendingBytes()).isZero();
        }
    }

    @Test
    void anotherThreadsConfinedMemoryIsRefusedAndItsRoomComesBack() throws InterruptedException {
        var failure = new AtomicReference<Throwable>();
        try (var arena = Arena.ofConfined();
                var spool = Camspool.open(CamspoolConfig.in(folder))) {
            var frame = Frame.of(arena.allocate(64 * 64 * 3), 64, 64, PixelFormat.RGB);
            var other = Thread.ofPlatform().unstarted(() -> spool.save(Capture.of("gate", frame)));
            other.setUncaughtExceptionHandler((_, e) -> failure.set(e));
            other.start();
            other.join();

            assertThat(failure.get()).isInstanceOf(CamspoolException.class);
            assertThat(spool.status().intake().orElseThrow().pendingBytes()).isZero();
            assertThat(spool.save(Capture.of("gate", frame)).await(Duration.ofSeconds(20)).seq())
                    .isEqualTo(1);
        }
    }

    @Test
    void halfASurrogatePairIsNoName() {
        for (var name : new String[] {"cam\uD800", "\uDC00cam"}) {
            var frame = Frame.of(new byte[3], 1, 1, PixelFormat.BGR);
            assertThatThrownBy(() -> Capture.of(name, frame)).hasMessageContaining("surrogate");
            assertThatThrownBy(() -> Alert.of("{}").withAlert(name))
                    .hasMessageContaining("surrogate");
            assertThatThrownBy(() -> Alert.of("{}").withLabel("a", name))
                    .hasMessageContaining("surrogate");
        }
    }
}
