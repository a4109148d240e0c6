package io.camspool.internal.intake;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;

/// How far a thread stands back for others. Java's own priorities do nothing on Linux.
final class Niceness {
    /// Of those that encode: any thread that handles an alert goes first, and all of an idle core
    /// is still theirs.
    private static final int ENCODING = 10;

    private static final int PRIO_PROCESS = 0;
    private static final int THIS_THREAD = 0;

    private Niceness() {}

    /// Has the present thread stand back from now on, where the system can do that for one thread.
    @SuppressWarnings("restricted") // as SQLite's and OpenCV's libraries are
    static void standBack() {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return;
        }
        try {
            var linker = Linker.nativeLinker();
            var setPriority =
                    linker.downcallHandle(
                            linker.defaultLookup().findOrThrow("setpriority"),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT));
            var _ = (int) setPriority.invokeExact(PRIO_PROCESS, THIS_THREAD, ENCODING);
        } catch (Throwable _) {
            // it encodes at the priority that it has
        }
    }
}
