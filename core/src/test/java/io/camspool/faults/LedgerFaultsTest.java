package io.camspool.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.ChildProcess;
import io.camspool.ItemId;
import io.camspool.PreloadedLibrary;
import io.camspool.SavingProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SQLite's own calls fail, by a library that is preloaded: writes, fsyncs and truncations of the
/// log and the ledger, once, a few times, or until the disk is mended. What is expected stands in
/// [LedgerFaultsProcess].
///
/// A seeded sample, `-Dcamspool.seed=N`, or all: `-Dcamspool.ledger-faults=all`.
final class LedgerFaultsTest {
    private static final int SAMPLE = 40;
    private static final int KILLS = 4;
    private static final int ALL_KILLS = 60;
    private static final int EIO = 5;
    private static final int ENOSPC = 28;
    private static final int EROFS = 30;
    private static final int ALWAYS = LedgerFaultsProcess.ALWAYS;
    private static final boolean IS_ALL =
            System.getProperty("camspool.ledger-faults", "").equals("all");

    private static Optional<Path> library = Optional.empty();
    @TempDir static Path shared;
    @TempDir Path folder;

    @BeforeAll
    static void compile() throws Exception {
        library = PreloadedLibrary.compile(Path.of("src/test/c/faults.c"), shared);
        if (library.isEmpty()) {
            System.out.println("NOT CHECKED: faults of SQLite's calls need Linux with gcc");
        }
    }

    @Test
    void whateverFailsNothingReportedStoredIsLostAndNothingRefusedComesBack() throws Exception {
        if (library.isEmpty()) {
            return;
        }
        var all = faults();
        var seed = Long.getLong("camspool.seed", System.nanoTime());
        Collections.shuffle(all, new Random(seed));
        var faults = IS_ALL ? all : all.subList(0, SAMPLE);
        System.out.println("seed " + seed + ", faults " + faults.size() + " of " + all.size());
        for (var i = 0; i < faults.size(); i++) {
            Files.createDirectories(folder.resolve("fault-" + (i + 1)));
        }
        var arguments = new ArrayList<>(List.of(folder.toString()));
        arguments.addAll(faults);
        var child =
                ChildProcess.of(
                        LedgerFaultsProcess.class, List.of(), arguments.toArray(String[]::new));
        child.environment().put("LD_PRELOAD", library.get().toString());

        assertThat(child.inheritIO().start().waitFor()).isZero();
    }

    private static List<String> faults() {
        var faults = new ArrayList<String>();
        for (var file : List.of("ledger.db-wal", "ledger.db")) {
            for (var count : List.of(1, 3, ALWAYS)) {
                for (var from = 1; from <= 4; from++) {
                    for (var error : List.of(EIO, ENOSPC, -EIO, -ENOSPC)) {
                        faults.add("write " + file + " " + from + " " + count + " " + error);
                    }
                    faults.add("sync " + file + " " + from + " " + count + " " + EIO);
                    faults.add("truncate " + file + " " + from + " " + count + " " + EIO);
                }
                faults.add("open " + file + " 1 " + count + " " + EIO);
            }
        }
        for (var count : List.of(1, 3, ALWAYS)) {
            for (var from = 1; from <= 9; from++) {
                for (var file : List.of("ledger.db-wal", "ledger.db")) {
                    faults.add("sync " + file + " " + from + " " + count + " " + -EIO);
                }
            }
            for (var reader : LedgerFaultsProcess.Reader.values()) {
                faults.add("sync ledger.db 1 " + count + " " + -EIO + " " + reader);
            }
        }
        for (var from = 1; from <= 9; from++) {
            faults.add("any - " + from + " " + ALWAYS + " " + EIO);
            faults.add("any - " + from + " " + ALWAYS + " " + EROFS);
        }
        return faults;
    }

    /// By the number of the fsync of the log, which is that of a commit or of a checkpoint.
    @Test
    void whatIsReportedStoredSurvivesAKillBeforeAndAfterEachCommit() throws Exception {
        if (library.isEmpty()) {
            return;
        }
        var random = new Random(Long.getLong("camspool.seed", System.nanoTime()));
        for (var i = 0; i < (IS_ALL ? ALL_KILLS : KILLS); i++) {
            var at = IS_ALL ? i / 2 + 1 : 1 + random.nextInt(40);
            var place = Files.createDirectories(folder.resolve("kill-" + i));
            var fault = "kill ledger.db-wal %d %d 0".formatted(at, 1 + i % 2);
            Files.writeString(place.resolve("fault"), fault);
            var reported = saveUntilKilled(place);
            Files.delete(place.resolve("fault"));
            try (var spool = Camspool.open(CamspoolConfig.in(place.resolve("data")))) {
                for (var item : reported.entrySet()) {
                    var found = spool.find(new ItemId(item.getKey())).orElseThrow();
                    assertThat(found.sha256()).as(fault).isEqualTo(item.getValue());
                }
                assertThat(spool.verify(_ -> {}).problems()).as(fault).isEmpty();
            }
        }
    }

    private static Map<String, String> saveUntilKilled(Path place) throws Exception {
        var child =
                ChildProcess.of(
                        SavingProcess.class,
                        List.of(),
                        place.resolve("data").toString(),
                        place.resolve("target").toString());
        child.environment().put("LD_PRELOAD", library.orElseThrow().toString());
        var process = child.start();
        var reported = new HashMap<String, String>();
        try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                var parts = line.split(" ", -1);
                if (parts.length == 2 && parts[1].length() == 64) {
                    reported.put(parts[0], parts[1]);
                }
            }
        }
        assertThat(process.waitFor()).isEqualTo(128 + 9);
        return reported;
    }
}
