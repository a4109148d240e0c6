package io.camspool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

final class LoopTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final BlockingQueue<Long> steps = new LinkedBlockingQueue<>();

    private Duration fail() {
        steps.add(System.nanoTime());
        throw new IllegalStateException("the disk is full");
    }

    private Duration sleepLong() {
        steps.add(System.nanoTime());
        return Duration.ofMinutes(1);
    }

    private long nextStep() throws InterruptedException {
        var step = steps.poll(SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(step).as("a step").isNotNull();
        return step;
    }

    @Test
    void aWakeUpEndsAWait() throws InterruptedException {
        var loop = Loop.start("test", this::sleepLong);
        nextStep();
        loop.wake();
        nextStep();

        assertThat(loop.stop(SOON)).isTrue();
    }

    @Test
    void aStepThatFindsNoMemoryEvenToSaySoDoesNotEndTheLoop() throws InterruptedException {
        var loop =
                Loop.start(
                        "test",
                        () -> {
                            steps.add(System.nanoTime());
                            throw new NoMemory();
                        });
        nextStep();
        nextStep();

        assertThat(loop.trouble().orElseThrow()).contains("test").contains("no memory");
        assertThat(loop.stop(SOON)).isTrue();
    }

    @SuppressWarnings("serial")
    private static final class NoMemory extends Error {
        @Override
        public String getMessage() {
            throw new OutOfMemoryError("a test's");
        }
    }

    @Test
    void aWakeUpDoesNotCutShortThePauseAfterAFailureAndTheSameTroubleIsLoggedOnce()
            throws InterruptedException {
        var logger = Logger.getLogger(Loop.class.getName());
        var log = new Log();
        logger.addHandler(log);
        try {
            var loop = Loop.start("test", this::fail);
            var first = nextStep();
            loop.wake();
            var second = nextStep();
            loop.wake();
            nextStep();

            assertThat(Duration.ofNanos(second - first))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(900));
            assertThat(loop.trouble().orElseThrow()).contains("the disk is full");
            assertThat(log.lines).hasSize(1);
            assertThat(loop.stop(SOON)).isTrue();
        } finally {
            logger.removeHandler(log);
        }
    }

    /// Keeps what is logged.
    private static final class Log extends Handler {
        private final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord line) {
            lines.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
