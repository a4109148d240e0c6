package io.camspool.internal.engine;

import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.Durability;
import io.camspool.ItemId;
import io.camspool.ItemKind;
import io.camspool.SpoolReader;
import io.camspool.image.ImageCodecs;
import io.camspool.internal.archive.Archive;
import io.camspool.internal.archive.CapturePath;
import io.camspool.internal.disk.Disk;
import io.camspool.internal.disk.FolderLocks;
import io.camspool.internal.disk.Folders;
import io.camspool.internal.disk.NativeFolder;
import io.camspool.internal.disk.Reserve;
import io.camspool.internal.disk.Whereabouts;
import io.camspool.internal.intake.CrashedInputs;
import io.camspool.internal.intake.Intake;
import io.camspool.internal.intake.LazyCodec;
import io.camspool.internal.intake.Niceness;
import io.camspool.internal.intake.Placing;
import io.camspool.internal.ledger.Ledger;
import io.camspool.internal.ledger.RemovalOrder.DropEvent;
import io.camspool.internal.report.Report;
import io.camspool.internal.retention.Janitor;
import io.camspool.internal.retention.Remover;
import io.camspool.internal.sink.FolderSink;
import io.camspool.internal.sink.http.HttpSink;
import io.camspool.internal.sync.LeasedPullSink;
import io.camspool.internal.sync.Leases;
import io.camspool.internal.sync.Pump;
import io.camspool.sink.Batching;
import io.camspool.sink.HttpSettings;
import io.camspool.sink.NamedSink;
import io.camspool.sink.Sink;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// Builds spools from their parts.
public final class Engine {
    private static final String QUARANTINE = "quarantine";
    private static final String CRASHED_INPUTS = "crashed-inputs";
    private static final String DECODING = "decoding";
    private static final String NATIVE = "native";
    private static final int SPOOL_ID_CHARACTERS = 12;

    /// How long an open that fails waits for each of its threads.
    private static final Duration BRIEFLY = Duration.ofSeconds(1);

    private static final Duration IDLE_SENDS = Duration.ofSeconds(10);

    private static final System.Logger LOG = System.getLogger(Engine.class.getName());

    /// The world outside; tests put their own in its place.
    ///
    /// @param random must be thread-safe
    /// @param whereabouts tells where a folder is, see [Whereabouts]
    public record World(
            Disk disk,
            InstantSource clock,
            RandomGenerator random,
            LazyCodec codec,
            Function<Path, String> whereabouts) {
        static World real() {
            return new World(
                    Disk.real(),
                    InstantSource.system(),
                    new SecureRandom(),
                    new LazyCodec(ImageCodecs::best),
                    Whereabouts::of);
        }
    }

    private Engine() {}

    public static Camspool open(CamspoolConfig config) {
        return open(config, World.real());
    }

    public static Camspool open(CamspoolConfig config, World world) {
        requireUnicodeFileNames();
        var data = config.data();
        try {
            Folders.create(world.disk(), data);
        } catch (IOException e) {
            throw CamspoolException.storage(
                    "make the data folder", data, e, "check the path and its permissions");
        }
        var started = new Started();
        try {
            return start(config, world, started);
        } catch (Throwable e) { // a native library that is missing must not leave the folder locked
            var full = FullDisk.behind(e, world.disk(), data);
            started.stop();
            if (full.isPresent()) {
                throw full.get();
            }
            throw e;
        }
    }

    /// Cameras and alerts of any script become file names. A Java that was started in a locale like
    /// C can't even read their rows.
    private static void requireUnicodeFileNames() {
        try {
            var _ = Path.of("📷"); // only encodings of Unicode have it
        } catch (InvalidPathException e) {
            throw new CamspoolException(
                    Reason.INVALID,
                    "this Java can't name files in Unicode (sun.jnu.encoding is %s); start it with LC_ALL=C.UTF-8"
                            .formatted(System.getProperty("sun.jnu.encoding")),
                    e);
        }
    }

    private static Camspool start(CamspoolConfig config, World world, Started started) {
        var locks = started.add(new FolderLocks());
        locks.claim(config.data());
        var reserve = started.add(new Reserve(world.disk(), config.data()));
        reserve.prepareToOpen();
        NativeFolder.use(config.data().resolve(NATIVE));
        var completions = started.add(newCompletions());
        var wakeUps = new WakeUps();
        var report = new Report(System::nanoTime);
        var images = new ImagesFolder(config, world.disk(), locks);
        var ledger =
                Ledger.open(
                        new Ledger.Opening(
                                config.data(),
                                config.captures(),
                                ImagesFolder.in(config.data()),
                                config.box(),
                                HostName.asBox(),
                                config.durability(),
                                config.sinks(),
                                config.sinksAsBefore(),
                                world.whereabouts().apply(config.data()),
                                ItemIds.characters(world.random().nextLong(), SPOOL_ID_CHARACTERS),
                                images,
                                completions,
                                wakeUps::wakeAll,
                                report),
                        world.disk(),
                        reserve);
        started.add(() -> stop(ledger));
        if (ledger.isCopy()) {
            LOG.log(
                    Level.WARNING,
                    "{0} is a copy of another spool: what it accepts from now on has the spool id {1}",
                    config.data(),
                    ledger.spoolId());
        }
        var archive = images.archive(ledger.captures(), ledger.spoolId());
        var placing = new Placing(archive, id -> ledger.reads().find(id).isPresent());
        var remover = new Remover(ledger, archive);
        var recovery =
                Recovery.heal(ledger, archive, placing, remover, config.data().resolve(QUARANTINE));
        var ids = new ItemIds(world.clock(), world.random());
        var intake =
                new Intake(
                        config,
                        archive,
                        ledger,
                        placing,
                        world.clock(),
                        ids,
                        world.codec(),
                        reserve,
                        crashedInputs(config.data(), world.disk()),
                        report);
        started.add(() -> intake.stop(BRIEFLY));
        var pumps = new ArrayList<Pump>();
        var pullSinks = new ArrayList<LeasedPullSink>();
        var leases = new ArrayList<Leases>();
        var enabled = config.sinks().stream().filter(NamedSink::enabled).toList();
        for (var i = 0; i < enabled.size(); i++) {
            var active = ledger.sinks().get(i);
            var sink = enabled.get(i).sink();
            if (sink instanceof Pulled) {
                var pull =
                        new LeasedPullSink(
                                active,
                                ledger,
                                archive,
                                world.clock(),
                                System::nanoTime,
                                report.sink(active.id()));
                pullSinks.add(pull);
                leases.add(pull.leases());
            } else {
                sink.begin(hasDelivered(ledger, active.id()));
                var pump =
                        new Pump(
                                active,
                                sink,
                                ledger,
                                archive,
                                new Pump.World(
                                        world.clock(),
                                        System::nanoTime,
                                        world.random(),
                                        newSends(active.id()),
                                        TimeUnit.NANOSECONDS::sleep,
                                        report.sink(active.id())),
                                Pump.Options.of(enabled.get(i), config.zone()));
                pumps.add(pump);
                leases.add(pump.leases());
            }
        }
        var janitor =
                new Janitor(
                        ledger,
                        remover,
                        new AllLeases(leases),
                        world.clock(),
                        config.localOnly(),
                        () -> dropEvent(ids.get(), world.clock().instant(), config.zone()),
                        report);
        return new RunningSpool(
                config,
                new RunningSpool.Parts(
                        locks,
                        reserve,
                        completions,
                        archive,
                        ledger,
                        placing,
                        intake,
                        pumps,
                        pullSinks,
                        wakeUps,
                        remover,
                        janitor,
                        new Rejections(ledger, world.clock(), report),
                        report,
                        world.clock()),
                recovery);
    }

    private static boolean hasDelivered(Ledger ledger, String sink) {
        return ledger.reads().sinks().stream()
                .anyMatch(status -> status.id().equals(sink) && status.delivered().items() > 0);
    }

    private static DropEvent dropEvent(ItemId id, Instant now, ZoneId zone) {
        return new DropEvent(id, CapturePath.ofAlert(now, zone, id));
    }

    private static ExecutorService newCompletions() {
        var completions =
                new ThreadPoolExecutor(
                        1,
                        1,
                        0,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        Thread.ofPlatform().name("camspool-completions").daemon().factory());
        completions.prestartCoreThread(); // later there may be no memory for a thread
        return completions;
    }

    /// Threads of one sink's own, which end when they are idle: a folder that hangs holds up no
    /// other sink. How many there are is the pump's concern.
    private static Executor newSends(String sink) {
        var threads = Thread.ofPlatform().name("camspool-send-" + sink + "-", 1).daemon().factory();
        return new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_SENDS.toMillis(),
                TimeUnit.MILLISECONDS,
                new SynchronousQueue<>(),
                task -> threads.newThread(Niceness.standingBack(task)));
    }

    private static CrashedInputs crashedInputs(Path data, Disk disk) {
        var list = data.resolve(QUARANTINE).resolve(CRASHED_INPUTS);
        try {
            var crashed = CrashedInputs.open(disk, data.resolve(DECODING), list);
            if (crashed.size() > 0) {
                LOG.log(
                        Level.WARNING,
                        "{0} images ended the process while they were decoded; they are kept as they come, see {1}",
                        crashed.size(),
                        list);
            }
            return crashed;
        } catch (IOException e) {
            throw CamspoolException.storage(
                    "look after what was being decoded in",
                    data.resolve(DECODING),
                    e,
                    "check the disk and its permissions");
        }
    }

    private static void stop(Ledger ledger) throws InterruptedException {
        if (!ledger.stop(BRIEFLY)) {
            throw new IllegalStateException("the ledger is still being written");
        }
        ledger.close();
    }

    /// What an open that fails must stop again, the last first.
    private static final class Started {
        private final ArrayDeque<AutoCloseable> parts = new ArrayDeque<>();

        <T extends AutoCloseable> T add(T part) {
            parts.push(part);
            return part;
        }

        void stop() {
            try {
                for (var part : parts) {
                    part.close();
                }
            } catch (Exception e) {
                // What still runs may write: the folder stays claimed by this process.
                LOG.log(Level.WARNING, "after an open that failed: {0}", e.toString());
            }
        }
    }

    /// Opens a data folder for reading only.
    public static SpoolReader read(Path data) {
        requireUnicodeFileNames();
        NativeFolder.useAsLastResort(data.resolve(NATIVE));
        var disk = Disk.real();
        try {
            var reads = Ledger.read(data, ImagesFolder.in(data), disk);
            return new ReadingSpool(
                    data, reads, new Archive(disk, reads.archive(), Durability.FSYNC));
        } catch (CamspoolException e) {
            throw FullDisk.behind(e, disk, data).orElse(e);
        }
    }

    /// What stands in a configuration for a sink that programs drain.
    public static Sink pullSink() {
        return Pulled.ALL;
    }

    /// The same, for one kind of items.
    public static Sink pullSink(ItemKind only) {
        return Pulled.only(only);
    }

    public static Sink folderSink(Path folder) {
        return new FolderSink(Disk.real(), folder);
    }

    public static Sink folderSink(Path folder, Batching alerts) {
        return new FolderSink(Disk.real(), folder, Optional.of(alerts));
    }

    public static Sink httpSink(HttpSettings settings) {
        var chance = new SecureRandom();
        return new HttpSink(
                settings,
                Disk.real(),
                InstantSource.system(),
                () -> HexFormat.of().toHexDigits(chance.nextLong()));
    }
}
