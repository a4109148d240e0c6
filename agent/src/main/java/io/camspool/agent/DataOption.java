package io.camspool.agent;

import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.CamspoolException;
import io.camspool.SpoolReader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// `--data`, then `CAMSPOOL_DATA`, then `./data`.
final class DataOption {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "the data folder; else CAMSPOOL_DATA, else ./data")
    private @Nullable Path data;

    /// Opens what is there as its owner; never makes a new spool.
    Camspool openExisting() {
        SpoolReader.open(folder()).close();
        return Camspool.open(CamspoolConfig.in(folder()).withSinksAsBefore());
    }

    Path folder() {
        var folder = named();
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw CamspoolException.invalid("--data", folder, "a folder; this is a file");
        }
        // As its owner has it, so that all commands show the same paths.
        return folder.toAbsolutePath().normalize();
    }

    private Path named() {
        if (data != null) {
            return data;
        }
        var configured = System.getenv("CAMSPOOL_DATA");
        return Path.of(configured == null || configured.isBlank() ? "data" : configured);
    }
}
