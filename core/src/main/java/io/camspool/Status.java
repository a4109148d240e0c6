package io.camspool;

import io.camspool.CamspoolException.Reason;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The state of a spool, read at constant cost.
///
/// @param box the configured name of this machine
/// @param spoolId made at random on first open
/// @param captures the balance of captures
/// @param alerts the balance of alerts
/// @param turnedAway items that were refused or failed since the folder was made, by reason; what
///   was under way when the process was killed is not among them
/// @param intake what the running spool holds in memory; empty when read from another process
public record Status(
        Path data,
        String box,
        String spoolId,
        Health health,
        List<String> reasons,
        Balance captures,
        Balance alerts,
        List<SinkStatus> sinks,
        Optional<IntakeStatus> intake,
        Map<Reason, Long> turnedAway,
        Recovery recovery) {
    /// GREEN: all is well. YELLOW: nothing is lost, something needs attention. RED: nothing can be
    /// accepted.
    public enum Health {
        GREEN,
        YELLOW,
        RED
    }

    /// What the intake holds and has turned away.
    ///
    /// @param pendingBytes admitted and not yet stored
    /// @param maxPendingBytes the limit of that
    /// @param waited saves that had to wait for room
    /// @param refused saves that waited in vain
    /// @param failed admitted items that could not be stored
    /// @param codec what encodes images
    /// @param pools what else takes memory as the load grows
    public record IntakeStatus(
            long pendingBytes,
            long maxPendingBytes,
            long waited,
            long refused,
            long failed,
            String codec,
            List<Pool> pools) {
        public IntakeStatus {
            pools = List.copyOf(pools);
        }
    }

    /// What the last `open` healed.
    ///
    /// @param placed captures whose file was renamed to its place
    /// @param discarded files without a row, removed: they were never acknowledged
    public record Recovery(long placed, long discarded) {
        public static final Recovery NONE = new Recovery(0, 0);
    }

    /// Memory of one kind.
    ///
    /// @param usedBytes in use now
    /// @param maxBytes never more than this
    public record Pool(String name, long usedBytes, long maxBytes) {}

    public Status {
        turnedAway = Map.copyOf(turnedAway);
        reasons = List.copyOf(reasons);
        sinks = List.copyOf(sinks);
    }
}
