package io.camspool.agent.config;

import io.camspool.CamspoolConfig;
import io.camspool.ImagePolicy;
import io.camspool.IntakeLimits;
import io.camspool.sink.NamedSink;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Makes what the spool is told from what is said of its keys.
final class SpoolConfigReader {
    /// The limits of alerts depend on those of the intake: while these change, those are least.
    private static final int LEAST_ALERT = 2;

    private final Values values;

    SpoolConfigReader(Values values) {
        this.values = values;
    }

    /// Without its sinks; what is wrong is among the problems, and left out here.
    CamspoolConfig read() {
        var config = CamspoolConfig.in(values.need(Keys.DATA));
        var captures = values.get(Keys.CAPTURES);
        var box = values.get(Keys.BOX);
        var zone = values.get(Keys.ZONE);
        var images = images();
        var intake = intake();
        var alertBytes = values.need(Keys.MAX_ALERT);
        var alertDepth = values.need(Keys.MAX_DEPTH);
        if (captures.isPresent()) {
            config = config.withCaptures(captures.get());
        }
        if (zone.isPresent()) {
            config = config.withZone(zone.get());
        }
        if (values.need(Keys.LOCAL_ONLY)) {
            config = config.withLocalOnly();
        }
        config =
                config.withImages(images)
                        .withDurability(values.need(Keys.DURABILITY))
                        .withNaming(values.need(Keys.NAMING))
                        .withAlertLimits(LEAST_ALERT, alertDepth)
                        .withIntake(intake);
        config = changed(config, now -> now.withAlertLimits(alertBytes, alertDepth));
        return changed(config, now -> box.isPresent() ? now.withBox(box.get()) : now);
    }

    /// With these sinks; empty where they can't stand together.
    Optional<CamspoolConfig> withSinks(CamspoolConfig config, List<NamedSink> sinks) {
        return values.made(
                () -> {
                    var all = config;
                    for (var sink : sinks) {
                        all = all.withSink(sink);
                    }
                    return all;
                });
    }

    private CamspoolConfig changed(CamspoolConfig config, UnaryOperator<CamspoolConfig> change) {
        return values.made(() -> change.apply(config)).orElse(config);
    }

    private ImagePolicy images() {
        return new ImagePolicy(
                values.need(Keys.MAX_WIDTH),
                values.need(Keys.MAX_HEIGHT),
                values.need(Keys.MAX_IMAGE),
                values.need(Keys.QUALITY),
                values.get(Keys.FORMAT),
                values.need(Keys.ORIGINAL));
    }

    private IntakeLimits intake() {
        return new IntakeLimits(
                values.need(Keys.MEMORY),
                values.need(Keys.ALERT_MEMORY),
                values.need(Keys.WAIT),
                values.need(Keys.MAX_INPUT),
                values.need(Keys.MAX_PIXELS),
                values.need(Keys.MAX_OPAQUE));
    }
}
