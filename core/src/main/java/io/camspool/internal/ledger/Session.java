package io.camspool.internal.ledger;

import io.camspool.Durability;
import io.camspool.internal.disk.Reserve;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// The writer's connection. It is dropped on any error, and the next one is trusted only when the
/// disk holds all that it shows and takes a commit. Confined to one thread.
final class Session {
    private final Path file;
    private final Durability durability;
    private final Checkpoints checkpoints;
    private final Reserve reserve;
    private @Nullable Connection connection;
    private Round.@Nullable Statements statements;
    private boolean isFirst = true;

    Session(Path file, Durability durability, Checkpoints checkpoints, Reserve reserve) {
        this.file = file;
        this.durability = durability;
        this.checkpoints = checkpoints;
        this.reserve = reserve;
    }

    Round begin() throws SQLException {
        if (checkpoints.doubt().isPresent()) {
            drop();
        }
        return new Round(statements());
    }

    private Round.Statements statements() throws SQLException {
        if (statements != null) {
            return statements;
        }
        try {
            return open();
        } catch (SQLException e) {
            // The log can be copied only where there is room for what it holds.
            if (!reserve.giveUpWhenFull()) {
                throw e;
            }
            return open();
        }
    }

    private Round.Statements open() throws SQLException {
        checkpoints.mend();
        var opened = Connections.writer(file, durability);
        try {
            checkpoints.copyWhole(opened);
            if (!isFirst) {
                Connections.commitNothing(opened);
            }
            isFirst = false;
            var prepared = new Round.Statements(opened);
            statements = prepared;
            connection = opened;
            return prepared;
        } finally {
            if (connection == null) {
                opened.close();
            }
        }
    }

    /// Whether a round whose COMMIT failed is in the ledger after all; null: nobody knows. A round
    /// that accepted nothing leaves no mark to tell by.
    @Nullable Boolean holds(Round round) {
        drop();
        if (round.acceptedNothing()) {
            return null;
        }
        try {
            return Round.nextSeq(statements()) == round.nextSeq();
        } catch (SQLException e) {
            return null;
        }
    }

    /// Keeps the write-ahead log short.
    void boundLog() throws SQLException {
        if (connection != null) {
            checkpoints.bound(connection);
        }
    }

    /// After the checkpoints.
    void close() {
        drop();
        checkpoints.letGo();
    }

    void drop() {
        var dropped = connection;
        connection = null;
        statements = null;
        if (dropped != null) {
            try {
                dropped.close();
            } catch (SQLException _) {
                // it is being dropped because it failed, or holds nothing more
            }
        }
    }
}
