package io.camspool.agent;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.Receipt;
import io.camspool.Stored;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/// Tells what became of each input of `save`: in their order, and each as soon as it is known,
/// whatever the thread that saves is waiting for. One thread hands in; a thread of its own prints.
final class SaveReport {
    /// Saves on their way at a time: enough for the codec and the disk to work in parallel.
    private static final int IN_FLIGHT = 16;

    static final Duration STORE_LIMIT = Duration.ofMinutes(5);

    /// Prints the line of a stored capture.
    interface Line {
        void print(String input, Receipt receipt, Stored stored);
    }

    private sealed interface Attempt {
        record Accepted(String input, Receipt receipt) implements Attempt {}

        record Refused(String input, Exception why) implements Attempt {}

        record End() implements Attempt {}
    }

    private final BlockingQueue<Attempt> attempts = new ArrayBlockingQueue<>(IN_FLIGHT);
    private final Line line;
    private final PrintWriter err;
    private final Progress progress;
    private final int inputs;
    private final Thread printer;

    private int told;
    private int refused;
    private @Nullable Exception lastRefusal;
    private volatile @Nullable Exception failure;

    private SaveReport(Line line, PrintWriter err, Progress progress, int inputs) {
        this.line = line;
        this.err = err;
        this.progress = progress;
        this.inputs = inputs;
        this.printer = Thread.ofVirtual().name("save-report").unstarted(this::run);
    }

    static SaveReport start(Line line, PrintWriter err, Progress progress, int inputs) {
        var report = new SaveReport(line, err, progress, inputs);
        report.printer.start();
        return report;
    }

    void accepted(String input, Receipt receipt) throws InterruptedException {
        attempts.put(new Attempt.Accepted(input, receipt));
    }

    void refused(String input, Exception why) throws InterruptedException {
        if (isFailure(why)) {
            fail(why);
        }
        attempts.put(new Attempt.Refused(input, why));
    }

    /// Whether something else than an input is at fault, so that trying more inputs is of no use.
    boolean hasFailed() {
        return failure != null;
    }

    /// Waits until all that was handed in is told, and gives the exit code.
    int finish() throws InterruptedException {
        attempts.put(new Attempt.End());
        printer.join();
        if (told < inputs) {
            err.println("camspool: stopped; inputs that were not tried: " + (inputs - told));
        }
        var failed = failure;
        if (failed != null) {
            return ExitCode.of(failed);
        }
        var only = lastRefusal;
        return only == null
                ? ExitCode.DONE
                : refused == inputs ? ExitCode.of(only) : ExitCode.NOT_ALL;
    }

    private void run() {
        try {
            while (tell(attempts.take())) {
                told++;
                progress.show(told, inputs);
            }
        } catch (InterruptedException e) {
            fail(e);
        }
    }

    /// False when there is nothing more to tell.
    private boolean tell(Attempt attempt) {
        switch (attempt) {
            case Attempt.Accepted(var input, var receipt) -> {
                try {
                    var stored = receipt.await(STORE_LIMIT);
                    progress.clear();
                    line.print(input, receipt, stored);
                } catch (RuntimeException e) {
                    printRefusal(input, e);
                }
            }
            case Attempt.Refused(var input, var why) -> printRefusal(input, why);
            case Attempt.End() -> {
                return false;
            }
        }
        return true;
    }

    private void printRefusal(String input, Exception why) {
        if (isFailure(why)) {
            fail(why);
        }
        refused++;
        lastRefusal = why;
        progress.clear();
        err.println(
                "camspool: "
                        + (why instanceof IOException ? "" : input + ": ")
                        + CamspoolException.causeInWords(why));
    }

    private synchronized void fail(Exception why) {
        if (failure == null) {
            failure = why;
        }
    }

    private static boolean isFailure(Exception why) {
        return switch (why) {
            case CamspoolException known ->
                    known.reason() != Reason.INVALID && known.reason() != Reason.CONFLICT;
            case IOException _ -> false;
            default -> true;
        };
    }
}
