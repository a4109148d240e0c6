package io.camspool.internal.ledger;

import io.camspool.ItemId;
import io.camspool.ItemKind;
import io.camspool.StoredAlert;
import io.camspool.StoredCapture;
import io.camspool.StoredItem;
import io.camspool.sink.CaptureLink;
import io.camspool.sink.NamedSink;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Turns rows of `items` into values.
final class Rows {
    /// The columns that [#item] reads, of the table `i`.
    static final String COLUMNS =
            "i.seq, i.id, i.kind, i.camera, i.alert_id, i.time, i.labels, i.priority, i.path, i.media_type, i.width,"
                    + " i.height, i.bytes, i.sha256, i.input_sha256, i.change, i.confirmations, i.delivered_before, i.event";

    /// What of the spool id stands in keys and envelopes: that under which the item of the table
    /// `i` was accepted.
    static final String KEY_SPOOL_ID =
            "(SELECT substr(id, 1, "
                    + Ledger.KEY_SPOOL_ID
                    + ") FROM spool_ids WHERE first_seq <= i.seq ORDER BY first_seq DESC LIMIT 1)";

    private Rows() {}

    static StoredItem item(ResultSet row, Path archive) throws SQLException {
        return row.getInt("kind") == Kinds.ALERT ? alert(row) : capture(row, archive);
    }

    static StoredCapture capture(ResultSet row, Path archive) throws SQLException {
        return new StoredCapture(
                new ItemId(row.getString("id")),
                row.getLong("seq"),
                row.getString("camera"),
                Optional.ofNullable(row.getString("alert_id")),
                Instant.ofEpochMilli(row.getLong("time")),
                LabelsText.read(row.getString("labels")),
                row.getInt("priority"),
                archive.resolve(row.getString("path")),
                row.getString("media_type"),
                sides(row),
                row.getLong("bytes"),
                hex(row.getBytes("sha256")),
                Optional.ofNullable(row.getBytes("input_sha256")).map(Rows::hex),
                Optional.ofNullable(row.getString("change")),
                row.getInt("confirmations"),
                row.getBoolean("delivered_before"));
    }

    static StoredAlert alert(ResultSet row) throws SQLException {
        return new StoredAlert(
                new ItemId(row.getString("id")),
                row.getLong("seq"),
                Optional.ofNullable(row.getString("camera")),
                Optional.ofNullable(row.getString("alert_id")),
                Instant.ofEpochMilli(row.getLong("time")),
                LabelsText.read(row.getString("labels")),
                row.getInt("priority"),
                row.getLong("bytes"),
                hex(row.getBytes("sha256")),
                row.getInt("confirmations"),
                row.getBoolean("delivered_before"),
                Optional.ofNullable(row.getString("event")));
    }

    /// What stands with an alert of the captures that are saved with it: a line each, id and path.
    /// It stays when they go, so that a repeat of the alert says the same. Null: there are none.
    static @Nullable String captures(List<NewItem> group) {
        var lines =
                group.stream()
                        .filter(item -> item.kind() == ItemKind.CAPTURE)
                        .map(item -> item.id() + " " + item.path())
                        .toList();
        return lines.isEmpty() ? null : String.join("\n", lines);
    }

    /// @param source what is before the path in their keys
    /// @param publicUrl the template of their addresses; null: they have none
    /// @param absent the places of those that are not there, from 0, with commas between; null: all
    ///   are
    static List<CaptureLink> captures(
            @Nullable String lines,
            String source,
            @Nullable String publicUrl,
            @Nullable String absent) {
        if (lines == null) {
            return List.of();
        }
        var missing = absent == null ? Set.<String>of() : Set.of(absent.split(","));
        var links = new ArrayList<CaptureLink>();
        for (var line : lines.lines().toList()) {
            var idAndPath = line.split(" ", 2);
            var key = source + "/" + idAndPath[1];
            var url =
                    Optional.ofNullable(publicUrl)
                            .filter(_ -> !missing.contains(String.valueOf(links.size())))
                            .map(template -> NamedSink.url(template, key));
            links.add(new CaptureLink(new ItemId(idAndPath[0]), key, url));
        }
        return links;
    }

    private static Optional<StoredCapture.Sides> sides(ResultSet row) throws SQLException {
        var width = row.getInt("width");
        return row.wasNull()
                ? Optional.empty()
                : Optional.of(new StoredCapture.Sides(width, row.getInt("height")));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
