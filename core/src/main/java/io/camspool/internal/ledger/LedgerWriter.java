package io.camspool.internal.ledger;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.Durability;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// The one thread that writes. It takes all waiting changes, runs each in a savepoint so that a bad
/// one fails alone, and commits them together; their futures complete on the given executor after
/// the COMMIT.
///
/// After a failed COMMIT nobody knows what the disk holds: the changes of that round fail with
/// UNKNOWN_OUTCOME, the connection is dropped, and nothing more is acknowledged until a new one has
/// checkpointed the whole log.
final class LedgerWriter implements AutoCloseable {
    /// Changes a round: bounds how long the first of them waits.
    private static final int MAX_CHANGES = 1_000;

    /// Pages in the write-ahead log at which the writer copies it, 16 MB.
    private static final int FULL_FRAMES = 4_000;

    /// Pages that may be added before the writer tries again when a reader was in the way.
    private static final int RETRY_FRAMES = 1_000;

    /// A change of the ledger; sees the changes before it in the same round.
    interface Change<T> {
        T apply(Round round) throws SQLException;
    }

    private record Request<T>(Change<T> change, CompletableFuture<T> result) {}

    private record Answered<T>(Request<T> request, @Nullable T value, @Nullable Throwable failure) {
        @SuppressWarnings(
                "NullAway") // a change without a result is a Change<Void>, whose value is null
        void complete() {
            if (failure != null) {
                request.result.completeExceptionally(failure);
            } else {
                request.result.complete(value);
            }
        }
    }

    private final Path file;
    private final Durability durability;
    private final Executor completions;
    private final Runnable committed;
    private final LinkedBlockingQueue<Request<?>> waiting = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean closing;
    private volatile @Nullable String trouble;
    private long fullAt = FULL_FRAMES;
    private @Nullable Connection connection;
    private Round.@Nullable Statements statements;

    LedgerWriter(Path file, Durability durability, Executor completions, Runnable committed) {
        this.file = file;
        this.durability = durability;
        this.completions = completions;
        this.committed = committed;
        this.thread = Thread.ofPlatform().name("camspool-ledger").daemon().start(this::run);
    }

    <T> CompletableFuture<T> submit(Change<T> change) {
        var request = new Request<>(change, new CompletableFuture<T>());
        if (closing) {
            request.result.completeExceptionally(closed());
        } else {
            waiting.add(request);
            if (closing && waiting.remove(request)) {
                request.result.completeExceptionally(closed());
            }
        }
        return request.result;
    }

    /// Why nothing can be committed now, in words; empty: it can.
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    private void run() {
        var round = new ArrayList<Request<?>>();
        while (true) {
            try {
                round.add(waiting.take());
            } catch (InterruptedException _) {
                // close() interrupts an idle writer; what came in before is still written
                if (closing && waiting.isEmpty()) {
                    return;
                }
                continue;
            }
            waiting.drainTo(round, MAX_CHANGES - 1);
            commit(round);
            round.clear();
            if (closing && waiting.isEmpty()) {
                return;
            }
        }
    }

    private void commit(List<Request<?>> requests) {
        var answers = new ArrayList<Answered<?>>(requests.size());
        try {
            var round = new Round(open());
            for (var request : requests) {
                answers.add(apply(round, request));
            }
            round.commit();
            trouble = null;
        } catch (Throwable e) { // whatever it is, each waiting caller must hear of it
            dropConnection();
            trouble = "the ledger can't be written: " + e.getMessage();
            answers.clear();
            var failure =
                    new CamspoolException(
                            Reason.UNKNOWN_OUTCOME,
                            "the commit to %s failed, the outcome is unknown: %s; free or mend the disk"
                                    .formatted(file, e.getMessage()),
                            e);
            requests.forEach(request -> answers.add(new Answered<>(request, null, failure)));
        }
        var isCommitted = trouble == null;
        completions.execute(
                () -> {
                    answers.forEach(Answered::complete);
                    if (isCommitted) {
                        committed.run();
                    }
                });
        boundLog();
    }

    /// Copies the write-ahead log into the database when it is full, so that the next round begins
    /// it anew. A checkpoint beside the writer alone never catches up with it under steady load.
    private void boundLog() {
        if (connection == null) {
            return;
        }
        try {
            if (Checkpoint.run(connection, Checkpoint.Mode.NOOP).frames() < fullAt) {
                return;
            }
            Connections.letWaitBriefly(connection);
            var checkpoint = Checkpoint.run(connection, Checkpoint.Mode.RESTART);
            Connections.letWaitLong(connection);
            fullAt = checkpoint.blocked() ? checkpoint.frames() + RETRY_FRAMES : FULL_FRAMES;
        } catch (SQLException e) {
            // What is committed stays so; the next round first opens the ledger anew.
            dropConnection();
            trouble = "the write-ahead log can't be copied: " + e.getMessage();
        }
    }

    private static <T> Answered<T> apply(Round round, Request<T> request) throws SQLException {
        round.savepoint();
        try {
            var value = request.change.apply(round);
            round.release();
            return new Answered<>(request, value, null);
        } catch (SQLException | RuntimeException e) {
            round.rollBackToSavepoint();
            return new Answered<>(request, null, asCamspoolException(e));
        }
    }

    private static CamspoolException asCamspoolException(Exception e) {
        return e instanceof CamspoolException known
                ? known
                : CamspoolException.storage(
                        "write to", "the ledger", e, "see the cause; nothing was stored");
    }

    private Round.Statements open() throws SQLException {
        if (statements == null) {
            var reopened = Connections.writer(file, durability);
            try {
                Checkpoint.runWhole(reopened);
            } catch (SQLException | RuntimeException e) {
                reopened.close();
                throw e;
            }
            connection = reopened;
            statements = new Round.Statements(reopened);
        }
        return statements;
    }

    private void dropConnection() {
        var dropped = connection;
        connection = null;
        statements = null;
        if (dropped != null) {
            try {
                dropped.close();
            } catch (SQLException _) {
                // it is being dropped because it failed
            }
        }
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
        var left = new ArrayList<Request<?>>();
        waiting.drainTo(left);
        left.forEach(request -> request.result.completeExceptionally(closed()));
        return ended;
    }

    /// After [#stop] has answered true.
    @Override
    public void close() {
        dropConnection();
    }
}
