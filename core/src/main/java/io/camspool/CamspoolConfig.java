package io.camspool;

import io.camspool.sink.NamedSink;
import io.camspool.sink.Sink;
import io.camspool.sink.Sinks;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

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
/// @param sinksAsBefore what this says of sinks it doesn't name: false, they are no longer
///   configured; true, nothing
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
        List<NamedSink> sinks,
        boolean sinksAsBefore) {
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
        for (var sink : sinks) {
            if (sink.formerly().filter(ids::contains).isPresent()) {
                throw CamspoolException.invalid(
                        "formerly of sink " + sink.id(),
                        sink.formerly().get(),
                        "an id that no sink has now");
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
                List.of(),
                false);
    }

    public CamspoolConfig withCaptures(Path folder) {
        return changed(draft -> draft.captures = Optional.of(folder.toAbsolutePath().normalize()));
    }

    public CamspoolConfig withBox(String name) {
        return changed(draft -> draft.box = Optional.of(name));
    }

    public CamspoolConfig withZone(ZoneId newZone) {
        return changed(draft -> draft.zone = newZone);
    }

    public CamspoolConfig withNaming(Naming rule) {
        return changed(draft -> draft.naming = rule);
    }

    public CamspoolConfig withImages(ImagePolicy policy) {
        return changed(draft -> draft.images = policy);
    }

    public CamspoolConfig withIntake(IntakeLimits limits) {
        return changed(draft -> draft.intake = limits);
    }

    public CamspoolConfig withDurability(Durability level) {
        return changed(draft -> draft.durability = level);
    }

    /// What alerts must fit.
    ///
    /// @param maxBytes largest alert
    /// @param maxDepth deepest nesting in one
    public CamspoolConfig withAlertLimits(int maxBytes, int maxDepth) {
        return changed(
                draft -> {
                    draft.maxAlertBytes = maxBytes;
                    draft.maxAlertDepth = maxDepth;
                });
    }

    /// The owner says that nothing will ever be delivered.
    public CamspoolConfig withLocalOnly() {
        return changed(draft -> draft.localOnly = true);
    }

    /// Adds a required sink; it is owed all that is accepted from now on, and all that is held and
    /// was never delivered.
    public CamspoolConfig withSink(String id, Sink sink) {
        return withSink(new NamedSink(id, true, sink));
    }

    /// Adds a required sink that programs drain themselves, through [Camspool#pull]; it is owed the
    /// same. For one kind of items, or one that is not required: [Sinks#pull(ItemKind)] in
    /// [#withSink(NamedSink)].
    public CamspoolConfig withPullSink(String id) {
        return withSink(id, Sinks.pull());
    }

    public CamspoolConfig withSink(NamedSink sink) {
        return changed(draft -> draft.sinks.add(sink));
    }

    /// Says nothing of sinks that are not named here: they stay configured as they were. For
    /// programs that look after a folder and don't know where its items go.
    public CamspoolConfig withSinksAsBefore() {
        return changed(draft -> draft.sinksAsBefore = true);
    }

    private CamspoolConfig changed(Consumer<Draft> change) {
        var draft = new Draft(this);
        change.accept(draft);
        return draft.checked();
    }

    /// A configuration on its way to the next, so that a change names only what it changes.
    private static final class Draft {
        private final CamspoolConfig from;
        private Optional<Path> captures;
        private Optional<String> box;
        private ZoneId zone;
        private ImagePolicy images;
        private IntakeLimits intake;
        private Durability durability;
        private int maxAlertBytes;
        private int maxAlertDepth;
        private Naming naming;
        private boolean localOnly;
        private final List<NamedSink> sinks;
        private boolean sinksAsBefore;

        Draft(CamspoolConfig from) {
            this.from = from;
            this.captures = from.captures;
            this.box = from.box;
            this.zone = from.zone;
            this.images = from.images;
            this.intake = from.intake;
            this.durability = from.durability;
            this.maxAlertBytes = from.maxAlertBytes;
            this.maxAlertDepth = from.maxAlertDepth;
            this.naming = from.naming;
            this.localOnly = from.localOnly;
            this.sinks = new ArrayList<>(from.sinks);
            this.sinksAsBefore = from.sinksAsBefore;
        }

        CamspoolConfig checked() {
            return new CamspoolConfig(
                    from.data,
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
                    sinks,
                    sinksAsBefore);
        }
    }
}
