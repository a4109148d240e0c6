package io.camspool.agent;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Turns the end of the process (Ctrl-C) into an interrupt of the thread that opened this, or into
/// a word to it, and waits a little until that thread has closed it: so the spool is closed,
/// temporary folders are deleted, and a last word is said.
public final class Interruption implements AutoCloseable {
    private static final Duration CLEAN_UP_LIMIT = Duration.ofSeconds(10);

    private final CountDownLatch left = new CountDownLatch(1);
    private final Thread hook;

    private Interruption(Runnable told) {
        this.hook = new Thread(() -> end(told), "ctrl-c");
    }

    public static Interruption open() {
        return open(Thread.currentThread()::interrupt);
    }

    /// For what an interrupt would hit in the middle of a file.
    ///
    /// @param told run on a thread of its own
    static Interruption open(Runnable told) {
        var interruption = new Interruption(told);
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    private void end(Runnable told) {
        told.run();
        try {
            var _ = left.await(CLEAN_UP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        left.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The process is ending already, and the hook is what ended the run.
        }
    }
}
