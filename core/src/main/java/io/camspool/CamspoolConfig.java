package io.camspool;

import io.camspool.internal.engine.Engine;
import io.camspool.sink.NamedSink;
import io.camspool.sink.Sink;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Everything that a spool can be told; immutable, checked whole.
///
/// @param data the data folder
/// @param captures where the images stand, as on a faster or larger disk than the rest; empty:
///   where they were at the open before, at first `captures` in the data folder
/// @param box the name of this machine, in every key and envelope: 1 to 64 of letters, digits, `-`,
///   `_`, `.`; empty: the name that the folder was opened with before, at first the host's
/// @param zone whose days the folders of captures are
/// @param images what images must fit
/// @param intake how much may be on its way
/// @param durability what "stored" means
/// @param maxAlertBytes largest alert
/// @param maxAlertDepth deepest nesting in an alert
/// @param naming how the files of captures are named
/// @param localOnly nothing will ever be delivered: without a sink everything counts as
///   undelivered, but here it may go by age and counts as removed, not as dropped; allowed without
///   sinks
/// @param sinks where items go
public record CamspoolConfig(
        Path data,
        Optional<Path> captures,
        Optional<String> box,
        ZoneId zone,
        ImagePolicy images,
        IntakeLimits intake,
        Durability durability,
        int maxAlertBytes,
        int maxAlertDepth,
        Naming naming,
        boolean localOnly,
        List<NamedSink> sinks) {
    /// Characters of a box's name.
    public static final int MAX_BOX = 64;

    public CamspoolConfig {
        box.ifPresent(CamspoolConfig::checkBox);
        if (maxAlertBytes < 2 || maxAlertBytes > intake.alertBytes() / 2) {
            throw CamspoolException.invalid(
                    "alerts.max-bytes", maxAlertBytes, "2 to half of intake.alert-memory");
        }
        if (maxAlertDepth < 1 || maxAlertDepth > 1000) {
            throw CamspoolException.invalid("alerts.max-depth", maxAlertDepth, "1 to 1000");
        }
        sinks = List.copyOf(sinks);
        var ids = new HashSet<String>();
        for (var sink : sinks) {
            if (!ids.add(sink.id())) {
                throw CamspoolException.invalid("sinks", sink.id(), "each id once");
            }
        }
        if (localOnly && !sinks.isEmpty()) {
            throw CamspoolException.invalid(
                    "sinks", sinks.getFirst().id(), "none where local-only is true");
        }
    }

    private static void checkBox(String name) {
        if (!name.matches("[A-Za-z0-9._-]{1," + MAX_BOX + "}") || name.startsWith(".")) {
            throw CamspoolException.invalid(
                    "box",
                    name,
                    "1 to " + MAX_BOX + " of letters, digits, -, _ and ., not first a .");
        }
    }

    /// The defaults, in this folder, without a sink.
    public static CamspoolConfig in(Path data) {
        return new CamspoolConfig(
                data.toAbsolutePath().normalize(),
                Optional.empty(),
                Optional.empty(),
                ZoneId.systemDefault(),
                ImagePolicy.DEFAULT,
                IntakeLimits.DEFAULT,
                Durability.FSYNC,
                1_000_000,
                100,
                Naming.WITH_ID,
                false,
                List.of());
    }

    public CamspoolConfig withCaptures(Path folder) {
        return new CamspoolConfig(
                data,
                Optional.of(folder.toAbsolutePath().normalize()),
                box,
                zone,
                images,
                intake,
                durability,
                maxAlertBytes,
                maxAlertDepth,
                naming,
                localOnly,
                sinks);
    }

    public CamspoolConfig withBox(String name) {
        return new CamspoolConfig(
                data,
                captures,
                Optional.of(name),
                zone,
                images,
                intake,
                durability,
                maxAlertBytes,
                maxAlertDepth,
                naming,
                localOnly,
                sinks);
    }

    public CamspoolConfig withZone(ZoneId newZone) {
        return new CamspoolConfig(
                data,
                captures,
                box,
                newZone,
                images,
                intake,
                durability,
                maxAlertBytes,
                maxAlertDepth,
                naming,
                localOnly,
                sinks);
    }

    public CamspoolConfig withNaming(Naming rule) {
        return new CamspoolConfig(
                data,
                captures,
                box,
                zone,
                images,
                intake,
                durability,
                maxAlertBytes,
                maxAlertDepth,
                rule,
                localOnly,
                sinks);
    }

    public CamspoolConfig withImages(ImagePolicy policy) {
        return new CamspoolConfig(
                data,
                captures,
                box,
                zone,
                policy,
                intake,
                durability,
                maxAlertBytes,
                maxAlertDepth,
                naming,
                localOnly,
                sinks);
    }

    public CamspoolConfig withIntake(IntakeLimits limits) {
        return new CamspoolConfig(
                data,
                captures,
                box,
                zone,
                images,
                limits,
                durability,
                maxAlertBytes,
                maxAlertDepth,
                naming,
                localOnly,
                sinks);
    }

    public CamspoolConfig withDurability(Durability level) {
        return new CamspoolConfig(
                data,
                captures,
                box,
                zone,
                images,
                intake,
                level,
                maxAlertBytes,
                maxAlertDepth,
                naming,
                localOnly,
                sinks);
    }

    /// The owner says that nothing will ever be delivered.
    public CamspoolConfig withLocalOnly() {
        return new CamspoolConfig(
                data,
                captures,
                box,
                zone,
                images,
                intake,
                durability,
                maxAlertBytes,
                maxAlertDepth,
                naming,
                true,
                sinks);
    }

    /// Adds a required sink; it is owed all that is accepted from now on, and all that is held and
    /// was never delivered.
    public CamspoolConfig withSink(String id, Sink sink) {
        return withSink(new NamedSink(id, true, sink));
    }

    /// Adds a required sink that programs drain themselves, through [Camspool#pull]; it is owed the
    /// same.
    public CamspoolConfig withPullSink(String id) {
        return withSink(id, Engine.pullSink());
    }

    public CamspoolConfig withSink(NamedSink sink) {
        var all = new ArrayList<>(sinks);
        all.add(sink);
        return new CamspoolConfig(
                data,
                captures,
                box,
                zone,
                images,
                intake,
                durability,
                maxAlertBytes,
                maxAlertDepth,
                naming,
                localOnly,
                all);
    }
}
