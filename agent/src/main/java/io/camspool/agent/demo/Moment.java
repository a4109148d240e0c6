package io.camspool.agent.demo;

import io.camspool.Stored;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What there is to see at one moment of the run.
///
/// @param cloudTrouble why the cloud can't be reached; empty: it can
/// @param waiting items still owed to the cloud
/// @param waits saves that had to wait for room in the intake
/// @param refused items that were refused because the intake stayed full
record Moment(
        Duration elapsed,
        Duration run,
        List<Row> rows,
        long accepted,
        double storedPerSecond,
        Optional<String> cloudTrouble,
        long waiting,
        long waits,
        long refused) {
    /// One camera, or the alerts.
    ///
    /// @param newest what was stored last
    record Row(String name, String kind, long accepted, Optional<Stored> newest) {}

    Moment {
        rows = List.copyOf(rows);
    }

    /// `01:05`
    static String clock(Duration time) {
        return "%02d:%02d".formatted(time.toMinutes(), time.toSecondsPart());
    }
}
