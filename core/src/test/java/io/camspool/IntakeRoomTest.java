package io.camspool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.CamspoolException.Reason;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever a save is refused for, its room in the intake comes back.
final class IntakeRoomTest {
    @TempDir Path folder;

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
