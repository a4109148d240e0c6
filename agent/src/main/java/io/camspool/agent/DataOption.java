package io.camspool.agent;

import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.CamspoolException;
import io.camspool.SpoolReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// `--data`, then `CAMSPOOL_DATA`, then `./data`.
final class DataOption {
    @Option(
            names = "--data",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            description = "the data folder; else CAMSPOOL_DATA, else ./data")
    private @Nullable Path data;

    /// Opens what is there as its owner; never makes a new spool.
    Camspool openExisting() {
        SpoolReader.open(folder()).close();
        return Camspool.open(CamspoolConfig.in(folder()).withSinksAsBefore());
    }

    Path folder() {
        var folder = named().orElse(Path.of("data"));
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw CamspoolException.invalid("--data", folder, "a folder; this is a file");
        }
        // As its owner has it, so that all commands show the same paths.
        return folder.toAbsolutePath().normalize();
    }

    /// What the command line names, or else the environment.
    Optional<Path> named() {
        if (data != null) {
            return Optional.of(data);
        }
        return Optional.ofNullable(System.getenv("CAMSPOOL_DATA"))
                .filter(Predicate.not(String::isBlank))
                .map(Path::of);
    }
}
