package io.camspool.internal.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;

/// Makes something of the row that a result stands at.
interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
}
