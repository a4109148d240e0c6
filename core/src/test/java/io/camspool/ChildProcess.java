package io.camspool;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A JVM of its own with the tests' class path.
public final class ChildProcess {
    private ChildProcess() {}

    public static Process start(Class<?> main, List<String> options, String... arguments)
            throws IOException {
        return of(main, options, arguments).start();
    }

    /// As [#start], to be started once its environment is set.
    public static ProcessBuilder of(Class<?> main, List<String> options, String... arguments) {
        var command = new ArrayList<String>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(options);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    }
}
