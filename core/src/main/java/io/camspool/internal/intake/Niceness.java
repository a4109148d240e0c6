package io.camspool.internal.intake;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;

/// How far a thread stands back for others. Java's own priorities do nothing on Linux.
public final class Niceness {
    /// Of those that encode or send: any thread that a save waits for goes first, and all of an
    /// idle core is still theirs.
    private static final int BACKGROUND = 10;

    private static final int PRIO_PROCESS = 0;
    private static final int THIS_THREAD = 0;

    private Niceness() {}

    /// A task whose thread stands back while it lasts, and after it.
    public static Runnable standingBack(Runnable task) {
        return () -> {
            standBack();
            task.run();
        };
    }

    /// Has the present thread stand back from now on, where the system can do that for one thread.
    @SuppressWarnings("restricted") // as SQLite's and OpenCV's libraries are
    public static void standBack() {
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
            var _ = (int) setPriority.invokeExact(PRIO_PROCESS, THIS_THREAD, BACKGROUND);
        } catch (Throwable _) {
            // it works at the priority that it has
        }
    }
}
