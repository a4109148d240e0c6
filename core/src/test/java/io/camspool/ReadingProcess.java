package io.camspool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Reads a data folder, and prints the file from which SQLite was loaded.
final class ReadingProcess {
    private ReadingProcess() {}

    public static void main(String[] arguments) throws IOException {
        try (var spool = SpoolReader.open(Path.of(arguments[0]));
                var maps = Files.lines(Path.of("/proc/self/maps"))) {
            spool.status();
            System.out.println(
                    maps.filter(line -> line.contains("sqlitejdbc"))
                            .map(line -> line.substring(line.indexOf('/')))
                            .findFirst()
                            .orElse("nowhere"));
        }
    }
}
