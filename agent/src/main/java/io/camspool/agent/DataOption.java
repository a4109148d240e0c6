package io.camspool.agent;

import io.camspool.CamspoolException;
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
