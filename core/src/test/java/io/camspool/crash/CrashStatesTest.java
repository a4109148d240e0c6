package io.camspool.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What is reported stored survives a power cut at any moment; see the package. Checks
/// `-Dcamspool.crash-states=10000` states, seeded by `-Dcamspool.seed=N`. A failure prints how to
/// replay its state alone, by its log.
final class CrashStatesTest {
    private static final int STATES = Integer.getInteger("camspool.crash-states", 300);

    /// A new recording after so many: another interleaving, another moment of the kill.
    private static final int STATES_A_RECORDING = 1_250;

    /// States within which a planted bug must be seen.
    private static final int STATES_A_BUG = 300;

    /// States that are checked for one moment of a kill.
    private static final int STATES_A_KILL = 150;

    /// The variable that tells the recorder to kill.
    private static final String KILL = "CAMSPOOL_RECORD_KILL";

    /// How the JVM names the end of a process by SIGKILL.
    private static final int KILLED = 128 + 9;

    /// Violations after which a recording has told enough.
    private static final int MOST_VIOLATIONS = 20;

    private static final Path FAILURES = Path.of("target", "crash-states");

    /// Each open says what it healed; kept so that its level stays.
    private static final Logger LOG = Logger.getLogger("io.camspool");

    @TempDir static Path shared;
    private static Optional<Path> library = Optional.empty();

    @TempDir Path folder;

    @BeforeAll
    static void compile() throws Exception {
        LOG.setLevel(Level.WARNING);
        library = Recorder.compile(shared);
        if (library.isEmpty()) {
            System.out.println("NOT CHECKED: crash states are recorded on Linux with gcc only");
        }
    }

    @AfterAll
    static void logAgain() {
        LOG.setLevel(null);
    }

    @Test
    void whatIsReportedStoredSurvivesAPowerCutAtAnyMoment() throws Exception {
        var seed = Long.getLong("camspool.seed", System.nanoTime());
        var replayed = System.getProperty("camspool.crash-log");
        if (replayed != null) {
            var state = Integer.getInteger("camspool.crash-state", 0);
            var recording = Recording.read(Path.of(replayed));
            var from = Integer.getInteger("camspool.crash-from", recording.earliest());
            assertSound(check(recording.cutFrom(from), seed, state, state + 1));
            return;
        }
        if (library.isEmpty()) {
            return;
        }
        System.out.println("seed " + seed + ", crash states " + STATES);
        var violations = new ArrayList<CrashStates.Violation>();
        for (var from = 0; from < STATES; from += STATES_A_RECORDING) {
            var to = Math.min(STATES, from + STATES_A_RECORDING);
            var half = (from + to) / 2;
            var kills = new SplittableRandom(seed + from);
            var place = folder.resolve("from-" + from);
            var recording = recordKilled(place, emptyRoot(place), kills.nextInt(1_000, 3_000));
            violations.addAll(check(recording, seed, from, half));
            place = folder.resolve("from-" + half);
            var recovery =
                    recordKilled(
                            place,
                            rootAfter(CrashState.of(recording, seed, from), place),
                            kills.nextInt(1, 500));
            violations.addAll(check(recovery, seed, half, to));
        }
        assertSound(violations);
    }

    /// Checks these states; keeps the log where one breaks a promise, and says how to replay it.
    private static List<CrashStates.Violation> check(
            Recording recording, long seed, int from, int to) throws Exception {
        var began = System.nanoTime();
        var violations =
                CrashStates.check(recording, seed, from, to, MOST_VIOLATIONS, new SpoolCheck());
        System.out.printf(
                "%d states in %d s, %d break a promise%n",
                to - from, (System.nanoTime() - began) / 1_000_000_000, violations.size());
        if (!violations.isEmpty()) {
            Files.createDirectories(FAILURES);
            var kept = Files.createTempFile(FAILURES, seed + "-", ".log").toAbsolutePath();
            Files.copy(recording.log(), kept, StandardCopyOption.REPLACE_EXISTING);
            for (var violation : violations) {
                System.out.printf(
                        "VIOLATION %s%n  replay: %s%n",
                        violation,
                        "-Dcamspool.crash-log=%s -Dcamspool.crash-from=%d -Dcamspool.seed=%d -Dcamspool.crash-state=%d"
                                .formatted(kept, recording.earliest(), seed, violation.number()));
            }
        }
        return violations;
    }

    private static void assertSound(List<CrashStates.Violation> violations) {
        if (!violations.isEmpty()) {
            var first = violations.getFirst();
            throw new AssertionError(
                    violations.size() + " crash states break a promise, first " + first,
                    first.cause());
        }
    }

    /// The first process dies at a call of a kind on a path, as recorder.c names them: when it has
    /// made the last folder at the sink, when it has deleted a removed image, and when a commit is
    /// written to the ledger and not forced. The next one lives for so many records, and the power
    /// fails in them.
    @ParameterizedTest
    @CsvSource({
        "Msink/.camspool-incoming, 1, 400",
        "Udata/captures/2026, 1, 400",
        "Bdata/ledger.db-wal, 7, 40"
    })
    void whatAKillLeftUnforcedIsForcedByTheNextProcess(String last, String times, String life)
            throws Exception {
        if (library.isEmpty()) {
            return;
        }
        var log = folder.resolve("log");
        var root = emptyRoot(folder);
        var recorder = Recorder.begin(library.get(), root, log);
        var kill = Map.of(KILL + "_AT", last, KILL, times);
        assertThat(run(recorder, kill, root, PlantedBug.NONE, "0")).isEqualTo(KILLED);
        var later = Recording.read(log).operations().size();
        assertThat(run(recorder, Map.of(KILL, life), root, PlantedBug.NONE, "0")).isEqualTo(KILLED);
        var recording = Recording.read(log);
        assertAddsUp(recording, root, folder.resolve("whole"));
        assertSound(check(recording.cutFrom(later), 1, 0, STATES_A_KILL));
    }

    @Test
    void aDataFolderThatTheSpoolHasMadeIsThereAfterAPowerCut() throws Exception {
        if (library.isEmpty()) {
            return;
        }
        var log = folder.resolve("log");
        var root = emptyRoot(folder);
        Files.delete(root.resolve(RecordedProcess.DATA));
        var recorder = Recorder.begin(library.get(), root, log);
        assertThat(run(recorder, Map.of(KILL, "600"), root, PlantedBug.NONE, "0"))
                .isEqualTo(KILLED);
        assertSound(check(Recording.read(log), 1, 0, STATES_A_KILL));
    }

    @ParameterizedTest
    @EnumSource(value = PlantedBug.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void aPlantedBugIsSeen(PlantedBug bug) throws Exception {
        if (library.isEmpty()) {
            return;
        }
        var log = folder.resolve("log");
        var root = emptyRoot(folder);
        var recorder = Recorder.begin(library.get(), root, log);
        assertThat(run(recorder, Map.of(), root, bug, "0")).isZero();
        var recording = Recording.read(log);
        var violations = CrashStates.check(recording, 1, 0, STATES_A_BUG, 1, new SpoolCheck());
        assertThat(violations).as("seen within %d states", STATES_A_BUG).isNotEmpty();
        System.out.println(bug + " seen: " + violations.getFirst());
    }

    /// A process that opens the spool twice and is killed, and one that recovers and goes on.
    private static Recording recordKilled(Path place, Path root, int killAfter) throws Exception {
        var log = place.resolve("log");
        var recorder = Recorder.begin(library.orElseThrow(), root, log);
        var kill = Map.of(KILL, Integer.toString(killAfter));
        var first = run(recorder, kill, root, PlantedBug.NONE, "0", "1300");
        assertThat(run(recorder, Map.of(), root, PlantedBug.NONE, "0")).isZero();
        var recording = Recording.read(log);
        System.out.printf(
                "recorded %d operations, %s after %d%n",
                recording.operations().size(),
                first == KILLED ? "killed" : "not killed",
                killAfter);
        assertAddsUp(recording, root, place.resolve("whole"));
        return recording;
    }

    /// Without a power cut, what was recorded gives what is on the disk: nothing went unseen.
    private static void assertAddsUp(Recording recording, Path root, Path place)
            throws IOException {
        CrashState.whole(recording).build(Files.createDirectory(place));
        assertThat(filesIn(place)).isEqualTo(filesIn(root));
    }

    private static Map<String, String> filesIn(Path root) throws IOException {
        var files = new TreeMap<String, String>();
        try (var tree = Files.walk(root)) {
            for (var path : tree.filter(path -> !path.toString().endsWith("-shm")).toList()) {
                files.put(
                        root.relativize(path).toString(),
                        Files.isDirectory(path)
                                ? "folder"
                                : Arrays.hashCode(Files.readAllBytes(path)) + "");
            }
        }
        return files;
    }

    /// A root in which the folders of data and sink are there, and durable.
    private static Path emptyRoot(Path place) throws IOException {
        var root = Files.createDirectories(place.resolve("root")).toRealPath();
        Files.createDirectories(root.resolve(RecordedProcess.DATA));
        Files.createDirectories(root.resolve(RecordedProcess.SINK));
        return root;
    }

    /// A root as a power cut left it; what was reported before is known all the same.
    private static Path rootAfter(CrashState state, Path place) throws IOException {
        var root = Files.createDirectories(place.resolve("root")).toRealPath();
        state.build(root);
        Files.write(root.resolve(RecordedProcess.RECEIPTS), state.lines(RecordedProcess.RECEIPTS));
        return root;
    }

    private static int run(
            Recorder recorder, Map<String, String> kill, Path root, PlantedBug bug, String... runs)
            throws Exception {
        var arguments = new ArrayList<>(List.of(root.toString(), bug.name()));
        arguments.addAll(List.of(runs));
        var child =
                ChildProcess.of(RecordedProcess.class, List.of(), arguments.toArray(String[]::new));
        child.environment().putAll(recorder.environment());
        child.environment().putAll(kill);
        return child.start().waitFor();
    }
}
