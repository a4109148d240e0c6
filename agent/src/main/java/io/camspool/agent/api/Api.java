package io.camspool.agent.api;

import io.camspool.Camspool;
import io.camspool.agent.http.Routes;
import io.camspool.agent.json.ItemJson;
import io.camspool.agent.json.ReceiptJson;
import io.helidon.webserver.http.HttpRouting;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.Function;

/// The HTTP API over one spool. Closing it ends its streams; the spool stays open.
public final class Api implements AutoCloseable {
    private final Intake intake;
    private final ItemsApi items;
    private final CleanupApi cleanup;
    private final SinksApi sinks;
    private final RejectedApi rejected;
    private final PullApi pull;
    private final StatusApi status;
    private final EventsApi events;

    /// The API of an agent.
    ///
    /// @param version of the agent
    /// @param path how the path of a capture's file is shown
    public Api(
            Camspool spool,
            IntakeSettings settings,
            String version,
            InstantSource clock,
            Function<Path, String> path) {
        var shape = new ItemJson(path);
        this.intake = Intake.open(spool, settings, new ReceiptJson(path));
        this.items = new ItemsApi(spool, shape);
        this.cleanup = new CleanupApi(spool);
        this.sinks = new SinksApi(spool);
        this.rejected = new RejectedApi(spool, shape);
        this.pull = new PullApi(spool, shape, new HandedOut(System::nanoTime, new SecureRandom()));
        this.status = new StatusApi(spool, version, clock.instant());
        this.events = new EventsApi(spool, clock);
    }

    public void addTo(HttpRouting.Builder routing) {
        Routes.at("/v1/captures").get(items::captures).post(intake.captures()::save).addTo(routing);
        Routes.at("/v1/alerts").get(items::alerts).post(intake.alerts()::save).addTo(routing);
        items.addTo(routing);
        cleanup.addTo(routing);
        sinks.addTo(routing);
        rejected.addTo(routing);
        pull.addTo(routing);
        status.addTo(routing);
        events.addTo(routing);
    }

    @Override
    public void close() {
        events.close();
    }
}
