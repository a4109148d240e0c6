package io.camspool.internal.ledger;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.internal.disk.Reserve;
import io.camspool.internal.ledger.Request.Change;
import io.camspool.internal.report.Report;
import io.camspool.internal.report.Report.Step;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// The one thread that writes. It takes [WaitingChanges] and commits them together; when one of
/// them fails, all run again, each in a savepoint, so that the bad one fails alone. Their futures
/// complete on the given executor after the COMMIT.
///
/// What fails before the COMMIT has changed nothing. After a failed COMMIT a new connection is
/// asked what the disk holds; where it can't tell, the changes of that round fail with
/// UNKNOWN_OUTCOME.
final class LedgerWriter implements AutoCloseable {
    private record Answered<T>(Request<T> request, @Nullable T value, @Nullable Throwable failure) {
        @SuppressWarnings(
                "NullAway") // a change without a result is a Change<Void>, whose value is null
        void complete() {
            if (failure != null) {
                request.result().completeExceptionally(failure);
            } else {
                request.result().complete(value);
            }
        }
    }

    private final Path file;
    private final Session session;
    private final Reserve reserve;
    private final Executor completions;
    private final Runnable committed;
    private final Report report;
    private final WaitingChanges waiting = new WaitingChanges();

    /// Told where there is no memory left to say what happened.
    private final CamspoolException wordless;

    private final Thread thread;
    private volatile boolean closing;
    private volatile @Nullable String trouble;

    LedgerWriter(
            Path file,
            Session session,
            Reserve reserve,
            Executor completions,
            Runnable committed,
            Report report) {
        this.file = file;
        this.session = session;
        this.reserve = reserve;
        this.completions = completions;
        this.committed = committed;
        this.report = report;
        this.wordless =
                new CamspoolException(
                        Reason.UNKNOWN_OUTCOME,
                        "the commit to %s failed, the outcome is unknown; a repeat with the same id is safe"
                                .formatted(file));
        this.thread = Thread.ofPlatform().name("camspool-ledger").daemon().start(this::run);
    }

    <T> CompletableFuture<T> submit(Change<T> change) {
        return submit(change, 0);
    }

    /// @param bytes what it adds to the ledger, roughly
    <T> CompletableFuture<T> submit(Change<T> change, long bytes) {
        return submit(new Request<>(change, bytes, false));
    }

    /// For a small step of work that no save depends on.
    <T> CompletableFuture<T> submitBackground(Change<T> change) {
        return submitBackground(change, 0);
    }

    /// @param bytes what it adds to the ledger, roughly
    <T> CompletableFuture<T> submitBackground(Change<T> change, long bytes) {
        return submit(new Request<>(change, bytes, true));
    }

    private <T> CompletableFuture<T> submit(Request<T> request) {
        if (closing) {
            request.result().completeExceptionally(closed());
        } else {
            waiting.add(request);
            if (closing && waiting.withdraw(request)) {
                request.result().completeExceptionally(closed());
            }
        }
        return request.result();
    }

    /// Why nothing can be committed now, in words; empty: it can.
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    private void run() {
        var round = new ArrayList<Request<?>>();
        try {
            writeUntilClosed(round);
        } finally {
            if (!closing) { // not even the error could be answered
                trouble = wordless.getMessage();
                closing = true;
            }
            round.forEach(request -> request.result().completeExceptionally(wordless));
            failWaiting();
        }
    }

    private void writeUntilClosed(List<Request<?>> round) {
        while (true) {
            try {
                waiting.take(round);
            } catch (InterruptedException _) {
                // close() interrupts an idle writer; what came in before is still written
                if (closing && waiting.isEmpty()) {
                    return;
                }
                continue;
            }
            try {
                complete(answer(round));
                boundLog();
            } catch (Throwable e) { // no memory, no thread: each waiting caller must hear of it
                var told = afterError(e);
                round.forEach(request -> request.result().completeExceptionally(told));
            }
            round.clear();
            if (closing && waiting.isEmpty()) {
                return;
            }
        }
    }

    /// Answers what the callers are told.
    private CamspoolException afterError(Throwable e) {
        trouble = wordless.getMessage();
        try {
            session.drop();
            var told = unknown(e);
            trouble = inWords(e);
            return told;
        } catch (Throwable _) { // no memory to say so either
            return wordless;
        }
    }

    /// What is answered stays so when this fails: the next session copies the log before all else.
    private void boundLog() {
        try {
            session.boundLog();
        } catch (SQLException _) {
            session.drop();
        }
    }

    private void complete(List<Answered<?>> answers) {
        var isCommitted = trouble == null;
        completions.execute(
                () -> {
                    answers.forEach(Answered::complete);
                    if (isCommitted) {
                        committed.run();
                    }
                });
    }

    private List<Answered<?>> answer(List<Request<?>> requests) {
        try {
            return commit(requests);
        } catch (SQLException | RuntimeException e) {
            session.drop();
            if (reserve.giveUpWhenFull()) {
                return answer(requests); // it can't be given up twice
            }
            trouble = inWords(e);
            return failed(requests, asCamspoolException(e));
        }
    }

    /// May add to the requests. Throws when nothing has been changed.
    private List<Answered<?>> commit(List<Request<?>> requests) throws SQLException {
        var round = session.begin();
        List<Answered<?>> answers;
        try {
            answers = applyAll(round, requests);
        } catch (SQLException | RuntimeException e) {
            if (!round.rollBack()) {
                throw e;
            }
            round = session.begin();
            answers = applyEach(round, requests);
        }
        round.finish();
        try {
            var began = report.now();
            round.commit();
            report.took(Step.COMMIT, began);
        } catch (SQLException | RuntimeException | Error e) {
            // A log without room has no mark of the commit: that would be the last of it.
            var holds = Connections.isFull(e) ? Boolean.FALSE : session.holds(round);
            if (holds == null) {
                trouble = inWords(e);
                return failed(requests, unknown(e));
            }
            if (!holds) {
                throw e;
            }
        }
        trouble = null;
        return answers;
    }

    private static List<Answered<?>> failed(List<Request<?>> requests, CamspoolException failure) {
        var answers = new ArrayList<Answered<?>>(requests.size());
        requests.forEach(request -> answers.add(new Answered<>(request, null, failure)));
        return answers;
    }

    private CamspoolException unknown(Throwable e) {
        return new CamspoolException(
                Reason.UNKNOWN_OUTCOME,
                "the commit to %s failed, the outcome is unknown: %s; free or mend the disk; a repeat with the same id is safe"
                        .formatted(file, CamspoolException.causeInWords(e)),
                e);
    }

    private static String inWords(Throwable e) {
        return "the ledger can't be written: " + CamspoolException.causeInWords(e);
    }

    /// Applies all in one go, which is the rule, and more as long as they fit.
    private List<Answered<?>> applyAll(Round round, List<Request<?>> requests) throws SQLException {
        var answers = new ArrayList<Answered<?>>(requests.size());
        for (var request : requests) {
            answers.add(applyUnguarded(round, request));
        }
        for (var step = waiting.takeStep(requests);
                step.isPresent();
                step = waiting.takeStep(requests)) {
            requests.add(step.get());
            answers.add(applyUnguarded(round, step.get()));
        }
        return answers;
    }

    private static <T> Answered<T> applyUnguarded(Round round, Request<T> request)
            throws SQLException {
        return new Answered<>(request, request.change().apply(round), null);
    }

    /// Applies each in a savepoint, so that a bad one fails alone.
    private static List<Answered<?>> applyEach(Round round, List<Request<?>> requests)
            throws SQLException {
        var answers = new ArrayList<Answered<?>>(requests.size());
        for (var request : requests) {
            answers.add(apply(round, request));
        }
        return answers;
    }

    private static <T> Answered<T> apply(Round round, Request<T> request) throws SQLException {
        round.savepoint();
        try {
            var value = request.change().apply(round);
            round.release();
            return new Answered<>(request, value, null);
        } catch (SQLException | RuntimeException e) {
            if (Connections.isOfDisk(e)) {
                throw e; // the disk failed the round, not this change
            }
            round.rollBackToSavepoint();
            return new Answered<>(request, null, asCamspoolException(e));
        }
    }

    private static CamspoolException asCamspoolException(Exception e) {
        return e instanceof CamspoolException known
                ? known
                : CamspoolException.storage(
                        "write to", "the ledger", e, "free or mend the disk; nothing was stored");
    }

    private static CamspoolException closed() {
        return new CamspoolException(Reason.CLOSED, "the spool is closed");
    }

    /// Writes what is waiting and stops; what could not be written by then fails. False when the
    /// thread still waits for the disk.
    boolean stop(Duration limit) throws InterruptedException {
        closing = true;
        thread.interrupt();
        var ended = thread.join(limit);
        failWaiting();
        return ended;
    }

    private void failWaiting() {
        waiting.takeAll().forEach(request -> request.result().completeExceptionally(closed()));
    }

    /// After [#stop] has answered true.
    @Override
    public void close() {
        session.close();
    }
}
