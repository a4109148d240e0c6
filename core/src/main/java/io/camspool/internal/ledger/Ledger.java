package io.camspool.internal.ledger;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.Durability;
import io.camspool.ItemId;
import io.camspool.ItemKind;
import io.camspool.Removal;
import io.camspool.Undelivered;
import io.camspool.internal.disk.Disk;
import io.camspool.sink.NamedSink;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/// The ledger of one data folder, opened by its owner. Thread-safe; writes return a future that
/// completes after the COMMIT, or exceptionally with a [CamspoolException].
public final class Ledger implements AutoCloseable {
    /// Its file in the data folder; SQLite puts `-wal` and `-shm` beside it.
    public static final String FILE = "ledger.db";

    /// Characters of the spool id in keys and envelopes.
    static final int KEY_SPOOL_ID = 6;

    private final LedgerWriter writer;
    private final Reads reads;
    private final Connection checkpoints;
    private final Appends appends;
    private final List<ActiveSink> sinks;
    private final String spoolId;
    private final String source;
    private final boolean isNew;

    /// What an open needs to know.
    ///
    /// @param archive the folder that paths of captures are below
    /// @param newSpoolId the spool id in case the ledger is new
    /// @param completions where futures complete
    /// @param committed told after each round, on that executor
    public record Opening(
            Path data,
            Path archive,
            String box,
            Durability durability,
            List<NamedSink> sinks,
            String newSpoolId,
            Executor completions,
            Runnable committed) {}

    /// A removal that is decided and committed, and what of the item must still go.
    public record MarkedRemoval(Removal removal, Optional<Remains> remains) {}

    /// What is left of an item that is marked as removing.
    public record Remains(long seq, ItemId id, ItemKind kind, String path) {}

    private Ledger(Opening opening, Connection connection, Connection checkpoints, boolean isNew)
            throws SQLException {
        var file = opening.data().resolve(FILE);
        this.reads = new Reads(file, opening.archive());
        this.spoolId = reads.setting("spool-id").orElseThrow();
        this.source = opening.box() + "~" + spoolId.substring(0, KEY_SPOOL_ID);
        this.sinks = register(connection, opening.box(), opening.sinks());
        this.appends = new Appends(opening.box(), source + "/", sinks);
        this.checkpoints = checkpoints;
        this.isNew = isNew;
        this.writer =
                new LedgerWriter(
                        file,
                        opening.durability(),
                        connection,
                        opening.completions(),
                        opening.committed());
    }

    /// Opens the ledger, or makes it where there is none; its name is forced to the disk.
    public static Ledger open(Opening opening, Disk disk) {
        var file = opening.data().resolve(FILE);
        try {
            var connection = Connections.writer(file, opening.durability());
            try {
                var isNew = !Schema.check(connection, file);
                if (isNew) {
                    Schema.create(connection, opening.newSpoolId());
                }
                disk.forceFolder(opening.data());
                return new Ledger(
                        opening, connection, Connections.writer(file, opening.durability()), isNew);
            } catch (SQLException | IOException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException | IOException e) {
            throw CamspoolException.storage("open", file, e, "check the disk and its permissions");
        }
    }

    /// Opens the rows for reading only, beside an owner or without one.
    public static Reads read(Path data, Path archive, Disk disk) {
        var file = data.resolve(FILE);
        if (!disk.exists(file)) {
            throw new CamspoolException(
                    Reason.NOT_FOUND,
                    data + " holds no spool; save something there first, or name another folder");
        }
        try (var connection = Connections.reader(file)) {
            if (!Schema.check(connection, file)) {
                throw new CamspoolException(
                        Reason.FORMAT, file + " is empty; open it with its owner once");
            }
        } catch (SQLException e) {
            throw CamspoolException.storage("read", file, e, "check the disk and its permissions");
        }
        return new Reads(file, archive);
    }

    private static List<ActiveSink> register(
            Connection connection, String box, List<NamedSink> configured) throws SQLException {
        var active = new ArrayList<ActiveSink>();
        try (var statement = connection.createStatement();
                var setBox =
                        connection.prepareStatement(
                                "INSERT OR REPLACE INTO spool VALUES ('box', ?)");
                var add =
                        connection.prepareStatement(
                                """
                                INSERT INTO sinks (id, required, next_seq) VALUES (?, ?, 1)
                                ON CONFLICT (id) DO UPDATE SET required = excluded.required
                                RETURNING number
                                """)) {
            statement.execute("BEGIN IMMEDIATE");
            setBox.setString(1, box);
            setBox.executeUpdate();
            for (var sink : configured) {
                add.setString(1, sink.id());
                add.setBoolean(2, sink.required());
                try (var rows = add.executeQuery()) {
                    rows.next();
                    active.add(new ActiveSink(rows.getInt(1), sink.id(), sink.required()));
                }
            }
            statement.execute("COMMIT");
        }
        return List.copyOf(active);
    }

    public Reads reads() {
        return reads;
    }

    public List<ActiveSink> sinks() {
        return sinks;
    }

    /// Whether this open made it.
    public boolean isNew() {
        return isNew;
    }

    public String spoolId() {
        return spoolId;
    }

    /// Box and spool, as in keys and envelopes.
    public String source() {
        return source;
    }

    /// Commits items that belong together, all or none; answers their seqs.
    public CompletableFuture<List<Long>> append(List<NewItem> group) {
        return writer.submit(round -> appends.append(round, group));
    }

    /// Makes the next deliveries of a sink that lags behind; false when it has caught up.
    public CompletableFuture<Boolean> fill(ActiveSink sink) {
        return writer.submit(round -> appends.fill(round, sink.number()));
    }

    /// Books what became of deliveries; answers how many were owed. What is not owed changes
    /// nothing.
    public CompletableFuture<Integer> answer(ActiveSink sink, List<Answer> answers, long now) {
        return writer.submit(round -> Answers.book(round, sink, answers, now));
    }

    /// Marks an item as removing where the policy allows it, and moves the balance.
    public CompletableFuture<MarkedRemoval> markRemoval(
            ItemId id, Undelivered policy, String reason, long now) {
        return writer.submit(round -> Removals.mark(round, id, policy, reason, now));
    }

    /// Deletes the row of an item whose file is gone; false when there was none.
    public CompletableFuture<Boolean> finishRemoval(long seq) {
        return writer.submit(round -> Removals.finish(round, seq));
    }

    /// Why nothing can be committed now, in words; empty: it can.
    public Optional<String> trouble() {
        return writer.trouble();
    }

    /// Copies the write-ahead log into the ledger as far as no reader needs it; never waits for
    /// one.
    public void checkpoint() {
        synchronized (checkpoints) {
            try (var statement = checkpoints.createStatement()) {
                statement.execute("PRAGMA wal_checkpoint(PASSIVE)");
            } catch (SQLException e) {
                throw CamspoolException.storage("checkpoint", "the ledger", e, "it is tried again");
            }
        }
    }

    /// Writes what is waiting and stops the writer; what the limit leaves fails with CLOSED.
    public void stop(Duration limit) throws InterruptedException {
        writer.stop(limit);
    }

    @Override
    public void close() {
        reads.close();
        writer.close();
        synchronized (checkpoints) {
            try {
                checkpoints.close();
            } catch (SQLException e) {
                throw CamspoolException.storage(
                        "close", "the ledger", e, "nothing acknowledged is lost");
            }
        }
    }
}
