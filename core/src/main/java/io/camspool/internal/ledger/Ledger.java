package io.camspool.internal.ledger;

import io.camspool.Balance.Amount;
import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.Durability;
import io.camspool.ItemId;
import io.camspool.ItemKind;
import io.camspool.Removal;
import io.camspool.SinkStatus.PerSecond;
import io.camspool.internal.disk.Disk;
import io.camspool.internal.disk.Reserve;
import io.camspool.internal.report.Report;
import io.camspool.sink.NamedSink;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.stream.Gatherers;
import java.util.stream.Stream;

/// The ledger of one data folder, opened by its owner. Thread-safe; writes return a future that
/// completes after the COMMIT, or exceptionally with a [CamspoolException].
public final class Ledger implements AutoCloseable {
    /// Its file in the data folder; SQLite puts `-wal` and `-shm` beside it.
    public static final String FILE = "ledger.db";

    /// Characters of the spool id in keys and envelopes.
    static final int KEY_SPOOL_ID = 6;

    /// So that saves wait for no more than some milliseconds.
    private static final int ANSWERS_A_STEP = 50;

    private final Checkpoints checkpoints;
    private final LedgerWriter writer;
    private final Reads reads;
    private final Appends appends;
    private final Prepared prepared;
    private final Reserve reserve;

    /// By the numbers of the sinks.
    private final Map<Integer, Rate> rates = new ConcurrentHashMap<>();

    /// The numbers of the sinks that are paused.
    private final Set<Integer> paused = ConcurrentHashMap.newKeySet();

    /// What an open needs to know.
    ///
    /// @param captures the configured folder of the images; empty: that of the open before, else
    ///   the default
    /// @param box the configured name; empty: that of the open before, else the default
    /// @param sinksAsBefore whether sinks that are not among these stay configured as they were
    /// @param whereabouts of the data folder; another than at the last open shows a copy
    /// @param newSpoolId the spool id in case the ledger is new, or a copy
    /// @param folderCheck asked before anything of this is committed
    /// @param completions where futures complete
    /// @param committed told after each committed round, on that executor
    /// @param report told how long commits take
    public record Opening(
            Path data,
            Optional<Path> captures,
            Path defaultCaptures,
            Optional<String> box,
            String defaultBox,
            Durability durability,
            List<NamedSink> sinks,
            boolean sinksAsBefore,
            String whereabouts,
            String newSpoolId,
            FolderCheck folderCheck,
            Executor completions,
            Runnable committed,
            Report report) {}

    /// An image and its path below the folder of the images.
    public record Image(ItemId id, String path) {}

    /// Looks whether the images are where the ledger is about to say.
    public interface FolderCheck {
        /// Throws to leave the ledger as it was. May be asked again by the same open.
        ///
        /// @param newest an image that must be there; empty: none is held
        void check(Path captures, String spoolId, Optional<Image> newest);
    }

    /// A removal that is decided and committed, and what of the item must still go.
    public record MarkedRemoval(Removal removal, Optional<Remains> remains) {}

    /// What is left of an item that is marked as removing.
    ///
    /// @param sha256 of what it stored, where its path may be another's too; empty: the spool gave
    ///   its id, which is part of its path
    public record Remains(
            long seq, ItemId id, ItemKind kind, String path, Optional<String> sha256) {}

    /// Deliveries that were dropped.
    ///
    /// @param items whose they were; they stay held
    public record Loss(Amount amount, List<ItemId> items) {}

    private Ledger(Path file, Opening opening, Prepared prepared, Reserve reserve)
            throws SQLException {
        this.prepared = prepared;
        this.reserve = reserve;
        this.paused.addAll(prepared.paused());
        this.reads = new Reads(file, prepared.captures(), false);
        this.appends =
                new Appends(prepared.box(), prepared.spoolId().substring(0, KEY_SPOOL_ID), sinks());
        this.checkpoints = new Checkpoints(file, opening.durability(), reads);
        this.writer =
                new LedgerWriter(
                        file,
                        new Session(file, opening.durability(), checkpoints, reserve),
                        reserve,
                        opening.completions(),
                        opening.committed(),
                        opening.report());
    }

    /// Opens the ledger, or makes it where there is none; its name is forced to the disk.
    public static Ledger open(Opening opening, Disk disk, Reserve reserve) {
        var file = opening.data().resolve(FILE);
        try {
            return new Ledger(file, opening, prepare(file, opening, disk, reserve), reserve);
        } catch (SQLException | IOException e) {
            throw CamspoolException.storage("open", file, e, "check the disk and its permissions");
        }
    }

    private static Prepared prepare(Path file, Opening opening, Disk disk, Reserve reserve)
            throws SQLException, IOException {
        try {
            return Prepared.prepare(file, opening, disk);
        } catch (SQLException e) {
            // What stands in the write-ahead log needs room in the ledger.
            if (!reserve.giveUpWhenFull()) {
                throw e;
            }
            return Prepared.prepare(file, opening, disk);
        }
    }

    /// Opens the rows for reading only, beside an owner or without one.
    ///
    /// @param defaultCaptures where the images stand if no other folder was configured
    public static Reads read(Path data, Path defaultCaptures, Disk disk) {
        var file = data.resolve(FILE);
        if (!disk.exists(file)) {
            throw new CamspoolException(
                    Reason.NOT_FOUND,
                    data + " holds no spool; save something there first, or name another folder");
        }
        try {
            var isFrozen = isFrozen(file, disk);
            try (var settings = new Reads(file, defaultCaptures, isFrozen)) {
                var captures = settings.setting(Schema.CAPTURES).map(Path::of);
                return new Reads(file, captures.orElse(defaultCaptures), isFrozen);
            }
        } catch (SQLException | IOException e) {
            throw CamspoolException.storage("read", file, e, "check the disk and its permissions");
        }
    }

    /// Whether it can be read only without its log: where nothing can be written beside it.
    private static boolean isFrozen(Path file, Disk disk) throws SQLException, IOException {
        try (var connection = Connections.reader(file)) {
            requireTables(connection, file);
            return false;
        } catch (SQLException e) {
            if (!Connections.isLogMissing(e)) {
                throw e;
            }
            var log = file.resolveSibling(FILE + "-wal");
            if (disk.exists(log) && disk.size(log) > 0) {
                throw CamspoolException.storage(
                        "read",
                        file,
                        e,
                        "what stands in its log can't be read where nothing can be written; open it writable once");
            }
        }
        try (var connection = Connections.frozenReader(file)) {
            requireTables(connection, file);
            return true;
        }
    }

    private static void requireTables(Connection connection, Path file) throws SQLException {
        if (!Schema.check(connection, file)) {
            throw new CamspoolException(
                    Reason.FORMAT, file + " is empty; open it with its owner once");
        }
    }

    public Reads reads() {
        return reads;
    }

    /// The sinks that are configured and enabled.
    public List<ActiveSink> sinks() {
        return prepared.sinks();
    }

    /// Whether nothing is to be sent to a sink until its owner says otherwise.
    public boolean isPaused(ActiveSink sink) {
        return paused.contains(sink.number());
    }

    /// Whether no open has healed since it was made: what it doesn't know may belong to a ledger
    /// before it.
    public boolean isUnvouched() {
        return prepared.isUnvouched();
    }

    /// The folder of the images.
    public Path captures() {
        return prepared.captures();
    }

    /// Also what tells the folder of the images from any other.
    public String spoolId() {
        return prepared.spoolId();
    }

    /// Whether this open found a copy of another spool, and gave it a spool id of its own.
    public boolean isCopy() {
        return prepared.isCopy();
    }

    /// Notes that all files found are healed: from now on what has no row was never acknowledged.
    public CompletableFuture<Boolean> vouch() {
        return writer.submit(Schema::vouch);
    }

    /// Commits items that belong together, all or none; answers their seqs.
    public CompletableFuture<List<Long>> append(List<NewItem> group) {
        return writer.submit(
                round -> {
                    round.grow(group);
                    reserve.requireRoomForRows(round.newItems(), round.newBytes());
                    return appends.append(round, group);
                },
                group.stream().mapToLong(NewItem::ledgerBytes).sum());
    }

    /// Makes the next deliveries of a sink that lags behind; false when it has caught up.
    public CompletableFuture<Boolean> fill(ActiveSink sink) {
        return writer.submitBackground(round -> appends.fill(round, sink.number()));
    }

    /// Books what became of deliveries, step by step; answers the seqs of those that were owed.
    /// What is not owed changes nothing.
    public CompletableFuture<List<Long>> answer(ActiveSink sink, List<Answer> answers, long now) {
        return answers.stream()
                .gather(Gatherers.windowFixed(ANSWERS_A_STEP))
                .map(step -> answerTogether(sink, step, now))
                .reduce((some, more) -> some.thenCombine(more, Ledger::both))
                .orElse(CompletableFuture.completedFuture(List.of()));
    }

    private static List<Long> both(List<Long> some, List<Long> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    /// As [#answer], all or none.
    public CompletableFuture<List<Long>> answerTogether(
            ActiveSink sink, List<Answer> answers, long now) {
        return writer.submitBackground(round -> Answers.book(round, appends, sink, answers, now))
                .thenApply(
                        booked -> {
                            rate(sink).add(booked.confirmed(), now);
                            return booked.seqs();
                        });
    }

    /// How much a sink has taken a second, of late; empty: nothing, or it can't be told yet.
    ///
    /// @param now in milliseconds since 1970
    public Optional<PerSecond> rate(ActiveSink sink, long now) {
        return rate(sink).at(now);
    }

    private Rate rate(ActiveSink sink) {
        return rates.computeIfAbsent(sink.number(), _ -> new Rate());
    }

    /// Makes deliveries due that have waited for themselves; answers how many, at most one step.
    public CompletableFuture<Integer> ripen(ActiveSink sink, long now, Duration longestWait) {
        return writer.submitBackground(round -> Answers.ripen(round, sink, now, longestWait));
    }

    /// Fixes pending deliveries of one kind as the members of a new batch, in the order of their
    /// seqs.
    public CompletableFuture<SealedBatch> seal(
            ActiveSink sink, ItemKind kind, String id, String key, List<Long> seqs, long now) {
        return writer.submitBackground(
                round -> Batches.seal(round, sink, kind, id, key, seqs, now));
    }

    /// Writes down when a sink that is at fault is to be probed next; 0: it is well.
    public CompletableFuture<Integer> noteNextProbe(ActiveSink sink, long at) {
        return writer.submitBackground(round -> Answers.noteNextProbe(round, sink, at));
    }

    /// Marks items as removing where the order allows it, and moves the balance; answers for each,
    /// in order.
    public CompletableFuture<List<MarkedRemoval>> markRemovals(RemovalOrder order) {
        return writer.submitBackground(
                round -> Removals.mark(round, appends, order),
                order.event().isPresent() ? order.ids().size() * Drops.EVENT_BYTES : 0);
    }

    /// Deletes the rows of items whose files are gone; answers how many there were.
    public CompletableFuture<Integer> finishRemovals(List<Long> seqs) {
        return writer.submitBackground(round -> Removals.finish(round, seqs));
    }

    /// Has nothing sent to a sink from now on, also after the next open, or ends that.
    public CompletableFuture<Boolean> pause(String sink, boolean isPaused) {
        return writer.submit(round -> SinkTable.pause(round, sink, isPaused))
                .thenApply(number -> isPaused ? paused.add(number) : paused.remove(number));
    }

    /// Takes a sink off when it is owed exactly so many items, waiting or rejected, else fails with
    /// INVALID; answers the loss. [#forgetStep] takes its deliveries off.
    public CompletableFuture<Amount> forget(String sink, long items) {
        return writer.submit(round -> SinkTable.forget(round, sink, items));
    }

    /// Takes the next deliveries off that sinks were owed which are forgotten; false when there are
    /// none left.
    public CompletableFuture<Boolean> forgetStep() {
        return writer.submitBackground(SinkTable::forgetStep);
    }

    /// Makes those of these items due that a sink has rejected; answers how many.
    public CompletableFuture<Integer> retryRejected(String sink, List<ItemId> items) {
        var number = reads.numberOf(sink);
        return writer.submit(round -> RejectedDeliveries.retry(round, number, items));
    }

    /// Drops the deliveries of those of these items that a sink has rejected, when they are exactly
    /// so many, else fails with INVALID; answers the loss.
    public CompletableFuture<Loss> dropRejected(
            String sink, List<ItemId> items, long expected, long now) {
        var number = reads.numberOf(sink);
        return writer.submit(
                round -> RejectedDeliveries.drop(round, appends, number, items, expected, now));
    }

    /// Adds to what was refused or failed.
    public CompletableFuture<Boolean> countTurnedAway(Map<Reason, Long> counts) {
        return writer.submit(round -> TurnedAwayCounts.add(round, counts));
    }

    /// Why nothing can be committed now, in words; empty: it can.
    public Optional<String> trouble() {
        return writer.trouble().or(checkpoints::doubt);
    }

    /// Copies the write-ahead log into the ledger; answers how long to wait before the next call.
    public Duration checkpoint() {
        return checkpoints.copy();
    }

    /// Commits nothing, which shows whether it could: ends a trouble that is over.
    public CompletableFuture<Boolean> probe() {
        return writer.submit(_ -> true);
    }

    /// Writes what is waiting and stops the writer; what the limit leaves fails with CLOSED. False
    /// when the writer had not ended by then.
    public boolean stop(Duration limit) throws InterruptedException {
        return writer.stop(limit);
    }

    /// Lets the file go, after [#stop] has answered true.
    @Override
    public void close() {
        try (var _ = writer;
                var _ = checkpoints;
                var _ = reads) {
            // the last connection to go copies what is left in the log
        }
    }
}
