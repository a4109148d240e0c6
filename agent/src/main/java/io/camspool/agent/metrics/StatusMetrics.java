package io.camspool.agent.metrics;

import io.camspool.Balance;
import io.camspool.CamspoolException.Reason;
import io.camspool.SinkStatus;
import io.camspool.Status;
import io.camspool.Status.Health;
import io.camspool.Status.IntakeStatus;
import io.camspool.agent.json.SinkJson;
import io.camspool.agent.json.StatusJson;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/// How the spool stands, and the totals that its ledger keeps.
final class StatusMetrics {
    private static final String SINCE_MADE = " since the data folder was made.";
    private static final String SINCE_ADDED = " since the sink was added.";

    private StatusMetrics() {}

    /// The metrics of a status.
    ///
    /// @param now what ages are told by
    static void add(Families families, Status status, Instant now) {
        addHealth(families, status);
        addBalance(families, Map.of("capture", status.captures(), "alert", status.alerts()));
        addStates(families, status);
        addBacklogs(families, status, now);
        status.intake().ifPresent(intake -> addIntake(families, intake));
    }

    private static void addHealth(Families families, Status status) {
        var health =
                families.gauge(
                        "camspool_health",
                        "1 for the health that the spool has: green, yellow or red.");
        for (var each : Health.values()) {
            health.add(
                    truth(status.health() == each), "health", each.name().toLowerCase(Locale.ROOT));
        }
        families.gauge(
                        "camspool_balanced",
                        "1 while accepted = held + removed + dropped, in items and in bytes.")
                .add(truth(StatusJson.isBalanced(status)));
        var turnedAway =
                families.counter(
                        "camspool_turned_away_items_total",
                        "Items that were refused or failed" + SINCE_MADE);
        for (var reason : Reason.values()) {
            turnedAway.add(
                    status.turnedAway().getOrDefault(reason, 0L),
                    "reason",
                    StatusJson.inWords(reason));
        }
    }

    private static void addBalance(Families families, Map<String, Balance> balances) {
        var accepted = families.totals("camspool_accepted", "that were accepted" + SINCE_MADE);
        var held = families.amounts("camspool_held", "that are held.");
        var removed =
                families.totals(
                        "camspool_removed", "that were removed after delivery" + SINCE_MADE);
        var dropped =
                families.totals("camspool_dropped", "that were dropped undelivered" + SINCE_MADE);
        balances.forEach(
                (kind, balance) -> {
                    accepted.add(balance.accepted(), "kind", kind);
                    held.add(balance.held(), "kind", kind);
                    removed.add(balance.removed(), "kind", kind);
                    dropped.add(balance.dropped(), "kind", kind);
                });
    }

    private static void addStates(Families families, Status status) {
        var up =
                families.gauge(
                        "camspool_sink_up",
                        "1 while the sink is sent to and takes it; 0 also where it is paused or disabled.");
        var paused = families.gauge("camspool_sink_paused", "1 while the sink is paused.");
        var enabled =
                families.gauge(
                        "camspool_sink_enabled", "1 where the sink is configured and enabled.");
        for (var sink : status.sinks()) {
            up.add(truth(SinkJson.state(sink, status).equals(SinkJson.UP)), "sink", sink.id());
            paused.add(truth(sink.paused()), "sink", sink.id());
            enabled.add(truth(sink.configured() && sink.enabled()), "sink", sink.id());
        }
    }

    private static void addBacklogs(Families families, Status status, Instant now) {
        var backlog = families.amounts("camspool_sink_backlog", "still owed to the sink.");
        var oldest =
                families.gauge(
                        "camspool_sink_backlog_oldest_age_seconds",
                        "Time since the oldest item of the backlog was accepted; 0 where nothing is owed.");
        var delivered =
                families.totals(
                        "camspool_sink_delivered", "that the sink has confirmed" + SINCE_ADDED);
        var rejected =
                families.amounts(
                        "camspool_sink_rejected",
                        "that the sink has refused for good and that are kept.");
        var dropped =
                families.totals(
                        "camspool_sink_dropped",
                        "that the sink had rejected and that were given up" + SINCE_ADDED);
        for (var sink : status.sinks()) {
            backlog.add(sink.backlog(), "sink", sink.id());
            oldest.add(age(sink, now), "sink", sink.id());
            delivered.add(sink.delivered(), "sink", sink.id());
            rejected.add(sink.rejected(), "sink", sink.id());
            dropped.add(sink.dropped(), "sink", sink.id());
        }
    }

    /// A clock that was set back makes nothing younger than new.
    private static double age(SinkStatus sink, Instant now) {
        return sink.oldest()
                .map(oldest -> Math.max(0, Families.seconds(Duration.between(oldest, now))))
                .orElse(0.0);
    }

    private static void addIntake(Families families, IntakeStatus intake) {
        families.gauge(
                        "camspool_intake_pending_bytes",
                        "Bytes that are admitted and not yet stored.")
                .add(intake.pendingBytes());
        families.gauge("camspool_intake_max_pending_bytes", "The limit of that.")
                .add(intake.maxPendingBytes());
        families.counter(
                        "camspool_intake_waits_total",
                        "Saves that had to wait for room in the intake.")
                .add(intake.waited());
        families.counter(
                        "camspool_intake_refusals_total",
                        "Saves that waited for room in the intake in vain.")
                .add(intake.refused());
        var used =
                families.gauge(
                        "camspool_memory_pool_used_bytes", "Memory of one kind, in use now.");
        var most =
                families.gauge("camspool_memory_pool_max_bytes", "The most memory of this kind.");
        for (var pool : intake.pools()) {
            used.add(pool.usedBytes(), "pool", pool.name());
            most.add(pool.maxBytes(), "pool", pool.name());
        }
    }

    private static double truth(boolean value) {
        return value ? 1 : 0;
    }
}
