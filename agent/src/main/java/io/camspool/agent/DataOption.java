package io.camspool.agent;

import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.CamspoolException;
import io.camspool.SpoolReader;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// `--data`, then `CAMSPOOL_DATA`, then `./data`.
final class DataOption {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "the data folder; else CAMSPOOL_DATA, else ./data")
    private @Nullable String data;

    /// Opens what is there as its owner; never makes a new spool.
    Camspool openExisting() {
        SpoolReader.open(folder()).close();
        return Camspool.open(CamspoolConfig.in(folder()));
    }

    Path folder() {
        if (data != null) {
            if (data.isBlank()) {
                throw CamspoolException.invalid("--data", data, "a folder");
            }
            return Path.of(data);
        }
        var configured = System.getenv("CAMSPOOL_DATA");
        return Path.of(configured == null || configured.isBlank() ? "data" : configured);
    }
}
