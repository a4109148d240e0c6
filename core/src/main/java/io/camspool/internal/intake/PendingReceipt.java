package io.camspool.internal.intake;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.ItemId;
import io.camspool.Receipt;
import io.camspool.Stored;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/// A receipt on its way. Thread-safe.
final class PendingReceipt implements Receipt {
    /// Callers' code runs on threads of its own: what it does can't hold up the line.
    private static final Executor CALLERS =
            task -> Thread.ofVirtual().name("camspool-receipt").start(task);

    private final ItemId id;
    private final Optional<Path> path;
    private final CompletableFuture<Stored> result = new CompletableFuture<>();

    PendingReceipt(ItemId id, Optional<Path> path) {
        this.id = id;
        this.path = path;
    }

    /// False when it had completed, or failed, before.
    boolean complete(Stored stored) {
        return result.complete(stored);
    }

    void fail(CamspoolException failure) {
        result.completeExceptionally(failure);
    }

    @Override
    public ItemId id() {
        return id;
    }

    @Override
    public Optional<Path> path() {
        return path;
    }

    @Override
    public CompletionStage<Stored> stored() {
        return result.thenApplyAsync(Function.identity(), CALLERS).minimalCompletionStage();
    }

    @Override
    public Stored await(Duration limit) {
        try {
            return result.get(TimeUnit.NANOSECONDS.convert(limit), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CamspoolException failure) {
                throw new CamspoolException(
                        failure.reason(), String.valueOf(failure.getMessage()), failure);
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException _) {
            throw new CamspoolException(
                    Reason.TIMEOUT,
                    "%s is not stored after %d ms; it may still be, ask again"
                            .formatted(id, limit.toMillis()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CamspoolException(
                    Reason.TIMEOUT, "interrupted before " + id + " was stored; it may still be");
        }
    }
}
