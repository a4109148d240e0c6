package io.camspool.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Builds many crash states of a recording, one after the other in fresh folders, and checks each.
final class CrashStates {
    private static final Path MEMORY = Path.of("/dev/shm");

    /// States at a time: a check mostly waits for threads of the spool it opens.
    private static final int WORKERS = Math.max(2, Runtime.getRuntime().availableProcessors());

    private CrashStates() {}

    /// Looks at one state; throws where it breaks a promise.
    interface Check {
        /// Checks the state, whose files stand in this folder.
        ///
        /// @param number of the state, for checks that not every state needs
        void check(Path folder, CrashState state, int number) throws Exception;
    }

    /// A state that breaks a promise.
    record Violation(CrashState state, int number, Throwable cause) {
        @Override
        public String toString() {
            return state + ": " + cause;
        }
    }

    /// Checks the states from one number to before another, until so many violations are found.
    static List<Violation> check(
            Recording recording, long seed, int from, int to, int most, Check check)
            throws IOException, InterruptedException {
        var violations = Collections.synchronizedList(new ArrayList<Violation>());
        var next = new AtomicInteger(from);
        var threads = new ArrayList<Thread>();
        for (var worker = 0; worker < WORKERS; worker++) {
            threads.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        for (var number = next.getAndIncrement();
                                                number < to && violations.size() < most;
                                                number = next.getAndIncrement()) {
                                            var state = CrashState.of(recording, seed, number);
                                            try {
                                                checkOne(state, number, check);
                                            } catch (Throwable e) { // an error of a check counts
                                                violations.add(new Violation(state, number, e));
                                            }
                                        }
                                    }));
        }
        for (var thread : threads) {
            thread.join();
        }
        return List.copyOf(violations);
    }

    private static void checkOne(CrashState state, int number, Check check) throws Exception {
        var folder =
                Files.isDirectory(MEMORY)
                        ? Files.createTempDirectory(MEMORY, "camspool-crash-")
                        : Files.createTempDirectory("camspool-crash-");
        try {
            state.build(folder);
            check.check(folder, state, number);
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var tree = Files.walk(folder)) {
            for (var path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
