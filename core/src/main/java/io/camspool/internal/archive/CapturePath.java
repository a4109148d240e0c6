package io.camspool.internal.archive;

import io.camspool.ItemId;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/// Where an item stands in the archive and, below its prefix, at a sink: a pure function of its
/// names, time, zone and id. Known at once, no look-up, never used twice.
public final class CapturePath {
    /// Camera and alert leave room for id and extension within the 255 bytes of a name.
    private static final int MAX_PART_BYTES = 80;

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyyMMdd");

    private CapturePath() {}

    /// `20261123/gate-1_alert-42_<id>.jpg`
    public static String of(
            String camera,
            Optional<String> alertId,
            Instant time,
            ZoneId zone,
            ItemId id,
            String extension) {
        return day(time, zone)
                + "/"
                + SafeName.of(camera, MAX_PART_BYTES)
                + alertId.map(alert -> "_" + SafeName.of(alert, MAX_PART_BYTES)).orElse("")
                + "_"
                + id
                + extension;
    }

    /// `alerts/20261123/<id>.json`
    public static String ofAlert(Instant time, ZoneId zone, ItemId id) {
        return "alerts/" + day(time, zone) + "/" + id + ".json";
    }

    /// `20261123/gate-1_alert-42.jpg`. Names that had to be made safe end in digits that stand for
    /// what they were, as `a_b~3f2a91c0`. Two captures may still get one path (`a_b` and `c`, `a`
    /// and `b_c`): the ledger refuses the second.
    public static String plain(
            String camera, String alertId, Instant time, ZoneId zone, String extension) {
        return day(time, zone)
                + "/"
                + SafeName.distinct(camera, MAX_PART_BYTES)
                + "_"
                + SafeName.distinct(alertId, MAX_PART_BYTES)
                + extension;
    }

    /// `20261123`
    public static String day(Instant time, ZoneId zone) {
        return DAY.format(time.atZone(zone));
    }
}
