package io.camspool;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.sink.Batching;
import io.camspool.sink.Sink;
import io.camspool.sink.Sinks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that saves as fast as it can is killed at random moments; what it had reported stored
/// is there, with the right bytes, and once; also where alerts go many to a file.
/// `-Dcamspool.kills=500` and `-Dcamspool.sealed-kills=30` kill more often; `-Dcamspool.seed=N`
/// replays.
final class KillTest {
    private static final int KILLS = Integer.getInteger("camspool.kills", 10);
    private static final int SEALED_KILLS = Integer.getInteger("camspool.sealed-kills", 5);
    private static final Pattern ALERT_ID = Pattern.compile("\"id\":\"([a-z0-9]+)\"");

    /// So many kills a folder: each kill reads all that is held again.
    private static final int KILLS_A_LIFE = 25;

    @TempDir Path folder;

    /// Batches that a kill left sealed and not confirmed.
    private int sealedAtKill;

    static Sink sink(Path target, boolean withAlertFiles) {
        return withAlertFiles
                ? Sinks.folder(target, Batching.of(20, 1_000_000))
                : Sinks.folder(target);
    }

    @Test
    void everythingReportedStoredSurvivesKillNineAndArrivesOnce() throws Exception {
        live(KILLS, false);
    }

    @Test
    void noAlertIsInTwoFilesAfterAKillBetweenSealAndConfirmation() throws Exception {
        live(SEALED_KILLS, true);
        System.out.println("sealed and not confirmed at a kill: " + sealedAtKill);
        assertThat(sealedAtKill).isPositive();
    }

    private void live(int all, boolean withAlertFiles) throws Exception {
        var seed = Long.getLong("camspool.seed", System.nanoTime());
        System.out.println("seed " + seed + ", kills " + all);
        var random = new SplittableRandom(seed);
        var reported = 0;
        for (var kills = 0; kills < all; kills += KILLS_A_LIFE) {
            var life = Files.createDirectory(folder.resolve("after-" + kills));
            reported += live(life, Math.min(KILLS_A_LIFE, all - kills), withAlertFiles, random);
        }
        System.out.println("reported stored before a kill: " + reported);
    }

    /// One folder's life: killed again and again, then delivered.
    private int live(Path life, int kills, boolean withAlertFiles, SplittableRandom random)
            throws Exception {
        var data = life.resolve("data");
        var target = Files.createDirectory(life.resolve("target"));
        var reported = new HashMap<String, String>();
        var arguments = new ArrayList<>(List.of(data.toString(), target.toString()));
        if (withAlertFiles) {
            arguments.add("alert-files");
        }
        for (var kill = 0; kill < kills; kill++) {
            reported.putAll(saveUntilKilled(arguments, random.nextInt(20, 500)));
            sealedAtKill += sealed(data);
            try (var spool = Camspool.open(CamspoolConfig.in(data))) {
                assertAllThere(spool, reported);
            }
        }
        assertThat(reported).hasSizeGreaterThan(kills * 5);
        var config = CamspoolConfig.in(data).withSink("folder", sink(target, withAlertFiles));
        try (var spool = Camspool.open(config)) {
            assertThat(spool.awaitDelivered(Duration.ofMinutes(5))).isTrue();
            assertArrivedOnce(spool, target, reported);
        }
        return reported.size();
    }

    private static int sealed(Path data) throws SQLException {
        try (var ledger = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("ledger.db"));
                var statement = ledger.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM batches")) {
            return rows.getInt(1);
        }
    }

    /// What the process reported; a line cut off by the kill is no report.
    private static Map<String, String> saveUntilKilled(List<String> arguments, int millis)
            throws IOException, InterruptedException {
        var process =
                ChildProcess.start(
                        SavingProcess.class, List.of(), arguments.toArray(String[]::new));
        var reader = process.inputReader(StandardCharsets.UTF_8);
        var reported = new HashMap<String, String>();
        var killer = new Thread(() -> kill(process, millis));
        for (var line = reader.readLine(); line != null; line = reader.readLine()) {
            if (killer.getState() == Thread.State.NEW) {
                killer.start();
            }
            var parts = line.split(" ", -1);
            if (parts.length == 2 && parts[1].length() == 64) {
                reported.put(parts[0], parts[1]);
            }
        }
        killer.join();
        process.waitFor();
        return reported;
    }

    private static void kill(Process process, int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            // By its handle: killing through Process would close the pipe with reports in it.
            process.toHandle().destroyForcibly();
        }
    }

    private static void assertAllThere(Camspool spool, Map<String, String> reported) {
        for (var item : reported.entrySet()) {
            assertThat(spool.find(new ItemId(item.getKey())))
                    .hasValueSatisfying(
                            found -> assertThat(found.sha256()).isEqualTo(item.getValue()));
        }
        var verification = spool.verify(_ -> {});
        assertThat(verification.problems()).isEmpty();
        assertThat(spool.status().captures().holds()).isTrue();
        assertThat(spool.status().alerts().holds()).isTrue();
        assertThat(verification.checked()).isGreaterThanOrEqualTo(reported.size());
    }

    private static void assertArrivedOnce(Camspool spool, Path target, Map<String, String> reported)
            throws Exception {
        var arrived = new HashMap<String, String>();
        List<Path> files;
        try (var tree = Files.walk(target)) {
            files =
                    tree.filter(Files::isRegularFile)
                            .filter(file -> !file.toString().contains(".camspool-"))
                            .toList();
        }
        for (var file : files) {
            for (var id : idsOf(file)) {
                assertThat(arrived.put(id, sha256(file))).as("doubled: " + id).isNull();
            }
        }
        var held =
                spool.status().captures().held().items() + spool.status().alerts().held().items();
        assertThat(arrived).hasSize((int) held);
        assertThat(arrived.keySet()).containsAll(reported.keySet());
        for (var item : reported.entrySet()) {
            var found = spool.find(new ItemId(item.getKey())).orElseThrow();
            if (found.kind() == ItemKind.CAPTURE) {
                assertThat(arrived.get(item.getKey())).isEqualTo(item.getValue());
            }
        }
    }

    private static List<String> idsOf(Path file) throws IOException {
        var name = file.getFileName().toString();
        if (name.endsWith(".json")) {
            return List.of(idOf(Files.readString(file)));
        }
        if (name.endsWith(".ndjson.gz")) {
            try (var in = new GZIPInputStream(Files.newInputStream(file))) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .map(KillTest::idOf)
                        .toList();
            }
        }
        return List.of(name.substring(name.lastIndexOf('_') + 1, name.lastIndexOf('.')));
    }

    private static String idOf(String event) {
        var matcher = ALERT_ID.matcher(event);
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private static String sha256(Path file) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256");
        return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
    }
}
