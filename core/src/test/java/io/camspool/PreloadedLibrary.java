package io.camspool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// A library of one C file that is preloaded into child processes (`LD_PRELOAD`).
public final class PreloadedLibrary {
    private PreloadedLibrary() {}

    /// Compiles it; empty where that can't be: no Linux, no gcc.
    public static Optional<Path> compile(Path source, Path folder)
            throws IOException, InterruptedException {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return Optional.empty();
        }
        var library = folder.resolve(source.getFileName() + ".so");
        var command = new ProcessBuilder("gcc", "-shared", "-fPIC", "-O2", "-pthread", "-o");
        command.command().add(library.toString());
        command.command().add(source.toAbsolutePath().toString());
        command.inheritIO();
        Process gcc;
        try {
            gcc = command.start();
        } catch (IOException _) {
            return Optional.empty();
        }
        if (gcc.waitFor() != 0) {
            throw new IOException(source + " does not compile");
        }
        return Optional.of(library);
    }
}
