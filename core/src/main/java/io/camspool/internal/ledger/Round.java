package io.camspool.internal.ledger;

import io.camspool.Balance.Amount;
import io.camspool.ItemKind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One transaction of the writer. Counters change in memory, for one savepoint at a time, and are
/// written once before the COMMIT: a round of a thousand alerts updates one balance row.
final class Round {
    private static final Terms NOTHING =
            new Terms(SinkTable.NONE, SinkTable.NONE, Optional.empty());

    private final Statements statements;
    private final Map<String, Amount> total = new HashMap<>();
    private final Map<Integer, Long> committedCursors = new HashMap<>();
    private final Map<Integer, Terms> terms = new HashMap<>();
    private Map<String, Amount> current = new HashMap<>();
    private Map<Integer, Long> cursors;
    private Map<Integer, Long> cursorsAtSavepoint;
    private final long firstSeq;
    private long nextSeq;
    private long nextSeqAtSavepoint;
    private long newItems;
    private long newBytes;

    /// What a sink is owed, and when.
    private record Terms(long firstCapture, long firstAlert, Optional<After> after) {}

    /// What a sink comes after.
    ///
    /// @param sink its number
    /// @param limit how long an alert waits at most, in milliseconds
    /// @param publicUrl the template of the addresses of what it holds; null: not known
    record After(int sink, long limit, @Nullable String publicUrl) {}

    /// Begins the transaction.
    Round(Statements statements) throws SQLException {
        this.statements = statements;
        execute("BEGIN IMMEDIATE");
        this.firstSeq = nextSeq(statements);
        this.nextSeq = firstSeq;
        this.nextSeqAtSavepoint = firstSeq;
        try (var rows =
                statements
                        .of(
                                """
                                SELECT s.number, s.next_seq, s.first_capture, s.first_alert, s.after_sink, s.after_limit, a.public_url
                                FROM sinks s LEFT JOIN sinks a ON a.number = s.after_sink AND a.forgotten = 0 WHERE s.forgotten = 0
                                """)
                        .executeQuery()) {
            while (rows.next()) {
                committedCursors.put(rows.getInt(1), rows.getLong(2));
                var after = rows.getInt(5);
                terms.put(
                        rows.getInt(1),
                        new Terms(
                                rows.getLong(3),
                                rows.getLong(4),
                                after == 0
                                        ? Optional.empty()
                                        : Optional.of(
                                                new After(
                                                        after,
                                                        rows.getLong(6),
                                                        rows.getString(7)))));
            }
        }
        this.cursors = new HashMap<>(committedCursors);
        this.cursorsAtSavepoint = Map.copyOf(cursors);
    }

    /// The seq that the next item will get, by what is committed.
    static long nextSeq(Statements statements) throws SQLException {
        var select = statements.of("SELECT sum(accepted_items) FROM balance");
        try (var rows = select.executeQuery()) {
            return rows.next() ? rows.getLong(1) + 1 : 1;
        }
    }

    PreparedStatement prepare(String sql) throws SQLException {
        return statements.of(sql);
    }

    /// The next in the gapless order of acceptance.
    long takeSeq() {
        return nextSeq++;
    }

    boolean acceptedNothing() {
        return nextSeq == firstSeq;
    }

    /// Counts items that the round is asked to take, whether it will or not.
    void grow(List<NewItem> group) {
        newItems += group.size();
        for (var item : group) {
            newBytes += item.ownBytes();
        }
    }

    long newItems() {
        return newItems;
    }

    /// Bytes of theirs that stand in the ledger itself.
    long newBytes() {
        return newBytes;
    }

    /// The seq that the next item will get.
    long nextSeq() {
        return nextSeq;
    }

    /// The first item whose delivery to this sink has not been made yet.
    long cursor(int sink) {
        return cursors.getOrDefault(sink, nextSeq);
    }

    /// The numbers of all sinks, also of those that are away.
    Set<Integer> sinks() {
        return committedCursors.keySet();
    }

    /// Whether a sink takes a kind, and did so when this item came.
    boolean isMeant(int sink, ItemKind kind, long seq) {
        var owed = terms.getOrDefault(sink, NOTHING);
        return (kind == ItemKind.CAPTURE ? owed.firstCapture : owed.firstAlert) <= seq;
    }

    /// The sink that a sink's alerts wait for; empty: none.
    Optional<After> after(int sink) {
        return terms.getOrDefault(sink, NOTHING).after;
    }

    void moveCursor(int sink, long seq) {
        cursors.put(sink, seq);
    }

    /// Moves the cursors that stand at an item to the next: of all sinks, also of those that are
    /// not configured now, for none is owed it.
    void passBy(long seq) {
        cursors.replaceAll((_, cursor) -> cursor == seq ? seq + 1 : cursor);
    }

    /// Moves a column pair of the balance: `accepted`, `held`, `removed` or `dropped`.
    void count(ItemKind kind, String column, long items, long bytes) {
        current.merge(
                "balance/" + Kinds.number(kind) + "/" + column,
                new Amount(items, bytes),
                Amount::plus);
    }

    /// Moves a column pair of a sink: `backlog`, `delivered`, `rejected` or `dropped`.
    void countSink(int sink, String column, long items, long bytes) {
        current.merge("sinks/" + sink + "/" + column, new Amount(items, bytes), Amount::plus);
    }

    /// What a sink is owed, waiting or rejected, with what this round has changed of it so far.
    ///
    /// @param committed what it was owed before
    Amount sinkAmount(int sink, Amount committed) {
        var amount = committed;
        for (var counter : List.of("sinks/" + sink + "/backlog", "sinks/" + sink + "/rejected")) {
            amount =
                    amount.plus(total.getOrDefault(counter, Amount.NONE))
                            .plus(current.getOrDefault(counter, Amount.NONE));
        }
        return amount;
    }

    void savepoint() throws SQLException {
        execute("SAVEPOINT change");
    }

    void release() throws SQLException {
        execute("RELEASE change");
        countCurrent();
        nextSeqAtSavepoint = nextSeq;
        cursorsAtSavepoint = Map.copyOf(cursors);
    }

    void rollBackToSavepoint() throws SQLException {
        execute("ROLLBACK TO change");
        execute("RELEASE change");
        current = new HashMap<>();
        nextSeq = nextSeqAtSavepoint;
        cursors = new HashMap<>(cursorsAtSavepoint);
    }

    private void countCurrent() {
        current.forEach((counter, amount) -> total.merge(counter, amount, Amount::plus));
        current = new HashMap<>();
    }

    /// Undoes all of it; the round can't be used any more. False where SQLite has done so itself,
    /// as it does on a full disk.
    boolean rollBack() {
        try {
            execute("ROLLBACK");
            return true;
        } catch (SQLException _) {
            return false;
        }
    }

    /// Writes the counters; after that only the COMMIT is left.
    void finish() throws SQLException {
        countCurrent();
        for (var counter : total.entrySet()) {
            var name = counter.getKey().split("/", 3);
            var column = name[2];
            var update =
                    prepare(
                            "UPDATE %1$s SET %2$s_items = %2$s_items + ?, %2$s_bytes = %2$s_bytes + ? WHERE %3$s = ?"
                                    .formatted(
                                            name[0],
                                            column,
                                            name[0].equals("sinks") ? "number" : "kind"));
            update.setLong(1, counter.getValue().items());
            update.setLong(2, counter.getValue().bytes());
            update.setInt(3, Integer.parseInt(name[1]));
            update.executeUpdate();
        }
        for (var cursor : cursors.entrySet()) {
            if (!cursor.getValue().equals(committedCursors.get(cursor.getKey()))) {
                var update = prepare("UPDATE sinks SET next_seq = ? WHERE number = ?");
                update.setLong(1, cursor.getValue());
                update.setInt(2, cursor.getKey());
                update.executeUpdate();
            }
        }
    }

    void commit() throws SQLException {
        execute("COMMIT");
    }

    private void execute(String sql) throws SQLException {
        prepare(sql).execute();
    }

    /// The prepared statements of one connection, by their text.
    static final class Statements {
        private final Connection connection;
        private final Map<String, PreparedStatement> prepared = new HashMap<>();

        Statements(Connection connection) {
            this.connection = connection;
        }

        /// The texts of all statements so far.
        Set<String> texts() {
            return prepared.keySet();
        }

        PreparedStatement of(String sql) throws SQLException {
            var statement = prepared.get(sql);
            if (statement == null) {
                statement = connection.prepareStatement(sql);
                prepared.put(sql, statement);
            }
            return statement;
        }
    }
}
