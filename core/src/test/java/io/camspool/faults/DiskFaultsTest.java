package io.camspool.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.internal.disk.FaultyDisk;
import io.camspool.internal.disk.FaultyDisk.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each call to the disk fails once in each way, or from then on until the disk is mended; what is
/// expected of the spool stands in [DiskFaultsRun]. A seeded sample, `-Dcamspool.seed=N`, or all:
/// `-Dcamspool.disk-faults=all`.
final class DiskFaultsTest {
    private static final int SAMPLE = 40;
    private static final int AT_ONCE = 6;

    private static final Logger LOG = Logger.getLogger("io.camspool");

    @TempDir Path folder;

    /// How a call fails. Not reading: what can't be read waits half a minute for itself.
    @SuppressWarnings("ImmutableEnumChecker") // the sets are never changed
    private enum Kind {
        ERROR("Input/output error", EnumSet.complementOf(EnumSet.of(Call.OPEN))),
        FULL(
                "No space left on device",
                EnumSet.of(Call.CREATE, Call.CREATE_FOLDERS, Call.WRITE, Call.FORCE, Call.RENAME)),
        SHORT("No space left on device", EnumSet.of(Call.WRITE)),
        LOST("Input/output error", EnumSet.of(Call.FORCE)),
        DONE_ALL_THE_SAME("Input/output error", EnumSet.of(Call.RENAME, Call.DELETE)),
        ALL_ERROR("Input/output error", EnumSet.complementOf(EnumSet.of(Call.OPEN))),
        ALL_FULL(
                "No space left on device",
                EnumSet.of(Call.CREATE, Call.CREATE_FOLDERS, Call.WRITE, Call.FORCE, Call.LINK)),
        ALL_READ_ONLY(
                "Read-only file system",
                EnumSet.of(
                        Call.CREATE,
                        Call.CREATE_FOLDERS,
                        Call.WRITE,
                        Call.FORCE,
                        Call.LINK,
                        Call.RENAME,
                        Call.DELETE));

        private final String message;
        private final Set<Call> calls;

        Kind(String message, Set<Call> calls) {
            this.message = message;
            this.calls = calls;
        }

        boolean lasts() {
            return name().startsWith("ALL_");
        }
    }

    /// Fails the call of this number.
    private static final class Nth implements FaultyDisk.Fault {
        private final Kind kind;
        private final int number;
        private final AtomicInteger calls = new AtomicInteger();
        private volatile String failed = "nothing";

        Nth(Kind kind, int number) {
            this.kind = kind;
            this.number = number;
        }

        private boolean fails(Call call, Path path) {
            if (!kind.calls.contains(call)) {
                return false;
            }
            var at = calls.getAndIncrement();
            if (at == number) {
                failed = call + " " + path;
            }
            return kind.lasts() ? at >= number : at == number;
        }

        @Override
        public void before(Call call, Path path) throws IOException {
            if (kind == Kind.DONE_ALL_THE_SAME || !fails(call, path)) {
                return;
            }
            if (kind == Kind.SHORT) {
                throw new FaultyDisk.ShortWrite(kind.message);
            }
            if (kind == Kind.LOST) {
                Files.write(
                        path,
                        new byte[(int) Files.size(path)],
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING);
            }
            throw new IOException(kind.message);
        }

        @Override
        public void after(Call call, Path path) throws IOException {
            if (kind == Kind.DONE_ALL_THE_SAME && fails(call, path)) {
                throw new IOException(kind.message);
            }
        }
    }

    private record Case(Kind kind, int number) {}

    @BeforeAll
    static void quiet() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void logAgain() {
        LOG.setLevel(null);
    }

    @Test
    void whateverCallFailsNothingReportedStoredIsLostAndAllIsWellAfterwards() throws Exception {
        var seed = Long.getLong("camspool.seed", System.nanoTime());
        var cases = cases(seed);
        System.out.println("seed " + seed + ", disk faults " + cases.size());
        var failures = Collections.synchronizedList(new ArrayList<Throwable>());
        try (var pool = Executors.newFixedThreadPool(AT_ONCE)) {
            var runs = new ArrayList<Future<?>>();
            for (var one : cases) {
                runs.add(pool.submit(() -> check(one, failures)));
            }
            for (var run : runs) {
                run.get();
            }
        }
        assertThat(failures).isEmpty();
    }

    /// Every call of every kind, or a sample of them.
    private List<Case> cases(long seed) throws Exception {
        var all = new ArrayList<Case>();
        for (var kind : Kind.values()) {
            var counting = new Nth(kind, Integer.MAX_VALUE);
            new DiskFaultsRun(folder.resolve("count-" + kind), counting, false).run();
            IntStream.range(0, counting.calls.get()).forEach(n -> all.add(new Case(kind, n)));
        }
        if (System.getProperty("camspool.disk-faults", "").equals("all")) {
            return all;
        }
        Collections.shuffle(all, new Random(seed));
        return all.subList(0, SAMPLE);
    }

    private void check(Case one, List<Throwable> failures) {
        var fault = new Nth(one.kind, one.number);
        try {
            new DiskFaultsRun(folder.resolve(one.kind + "-" + one.number), fault, one.kind.lasts())
                    .run();
        } catch (Throwable e) { // each case is told about
            failures.add(new AssertionError(one + " failed " + fault.failed, e));
        }
    }
}
