package io.camspool.agent;

import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.SpoolReader;
import io.camspool.agent.PythonFolders.Image;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `camspool import`
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = {
            "Takes over what the Python module left: DIR/captures/yyyyMMdd/<camera>_<alert>.jpg, DIR/cache/pending/*.json.",
            "Changes nothing there. A repeat stores nothing twice, and goes on where one was interrupted.",
            "Images share their space with the originals by hard links where possible: stop what still writes there first."
        })
final class ImportCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Mixin private DataOption data;

    @Option(
            names = "--captures",
            paramLabel = "DIR",
            description = "the folder of the date folders, where it stands alone")
    private @Nullable Path captures;

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "the folder of the pending alerts, where it stands alone")
    private @Nullable Path cache;

    @Option(
            names = "--camera-pattern",
            paramLabel = "REGEX",
            description =
                    "what of a name, without its extension, are (?<camera>...) and (?<alert>...); else a guess")
    private @Nullable String pattern;

    @Option(
            names = "--delivered-before",
            paramLabel = "DATE",
            description =
                    "images and alerts before this day count as delivered: held, but never sent")
    private @Nullable String deliveredBefore;

    @Option(names = "--copy", description = "copy images also where they could be linked")
    private boolean copies;

    @Option(names = "--dry-run", description = "show what would be done")
    private boolean dryRun;

    @Option(names = "--json", description = "one JSON object a line")
    private boolean json;

    @Parameters(arity = "0..1", paramLabel = "DIR", description = "the folder that holds both")
    private @Nullable Path folder;

    private volatile boolean isStopped;
    private long files;
    private long done;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var out = spec.commandLine().getOut();
        var config = data.config();
        var names = new CameraNames(pattern);
        var rules = new Importer.Rules(config.zone(), day(), copies, config.maxAlertBytes());
        var source = PythonFolders.find(folder, captures, cache);
        source.refuseWithin(config.data());
        var table = read(source, names);
        if (json) {
            table.printJson(out);
        } else if (dryRun || table.isGuessed()) {
            table.print(out);
        }
        try (var _ = Interruption.open(this::stop);
                var progress = new Progress(spec.commandLine().getErr(), "importing")) {
            var tally = new ImportTally(out, json, dryRun, progress);
            run(config, source, rules, names, tally, progress);
            progress.clear();
            tally.printSum();
            if (isStopped) {
                spec.commandLine().getErr().println("camspool: stopped; run again to go on");
                return ExitCode.INTERRUPTED;
            }
            return tally.isAll() ? ExitCode.DONE : ExitCode.NOT_ALL;
        }
    }

    /// Ends the import before its next file.
    void stop() {
        isStopped = true;
    }

    /// Looks at all names: what is guessed of one rests on the others.
    private CameraTable read(PythonFolders source, CameraNames names)
            throws IOException, InterruptedException {
        source.forEachImage(new EachImage(image -> names.count(image.stem())));
        var table = new CameraTable();
        source.forEachImage(
                new EachImage(
                        image -> {
                            files++;
                            names.read(image.stem())
                                    .ifPresent(name -> table.add(image.name(), name));
                        }));
        source.forEachAlert(
                new PythonFolders.Alerts() {
                    @Override
                    public void alert(Path file, String cacheId) {
                        files++;
                    }

                    @Override
                    public void skipped(Path file, String why) {}
                });
        return table;
    }

    private interface Look {
        void at(Image image);
    }

    private record EachImage(Look look) implements PythonFolders.Images {
        @Override
        public void image(Image image) {
            look.at(image);
        }

        @Override
        public void skipped(Path file, String why) {}
    }

    private void run(
            CamspoolConfig config,
            PythonFolders source,
            Importer.Rules rules,
            CameraNames names,
            ImportTally tally,
            Progress progress)
            throws IOException, InterruptedException {
        var quarantine = ImportQuarantine.in(config.data());
        Runnable step =
                () -> {
                    if (isStopped) {
                        throw new CancellationException();
                    }
                    progress.show(++done, files);
                };
        if (dryRun) {
            try (var held = heldIn(config.data())) {
                run(source, new Importer(null, held, rules, names, quarantine, tally, step));
            }
        } else {
            try (var spool = Camspool.open(config)) {
                run(source, new Importer(spool, spool, rules, names, quarantine, tally, step));
            }
        }
    }

    private static void run(PythonFolders source, Importer importer)
            throws IOException, InterruptedException {
        try {
            // Those that count as delivered come first this way: the sinks pass them by.
            source.forEachImage(importer);
            source.forEachAlert(importer);
        } catch (CancellationException _) {
            // what was handed in is stored and counted all the same
        }
        importer.finish();
    }

    private static @Nullable SpoolReader heldIn(Path data) {
        try {
            return SpoolReader.open(data);
        } catch (CamspoolException e) {
            if (e.reason() == Reason.NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }

    private @Nullable LocalDate day() {
        try {
            return deliveredBefore == null ? null : LocalDate.parse(deliveredBefore);
        } catch (DateTimeParseException _) {
            throw CamspoolException.invalid(
                    "--delivered-before", deliveredBefore, "a day as 2026-11-23");
        }
    }
}
