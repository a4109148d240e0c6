package io.camspool.agent;

import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.CamspoolException;
import io.camspool.SpoolReader;
import io.camspool.agent.config.AgentConfig.DataFolder;
import io.camspool.agent.config.ConfigSources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// Which data folder a command means, and which configuration.
final class DataOption {
    @Option(
            names = "--data",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            description = "the data folder; else CAMSPOOL_DATA, else as configured, else ./data")
    private @Nullable Path data;

    @Option(
            names = "--config",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description =
                    "the configuration file; else CAMSPOOL_CONFIG, else ./camspool.yaml if it is there")
    private @Nullable Path file;

    ConfigSources sources() {
        return sources(Map.of());
    }

    /// @param settings what `--set` says
    ConfigSources sources(Map<String, String> settings) {
        return new ConfigSources(
                Optional.ofNullable(data),
                Optional.ofNullable(file),
                settings,
                System.getenv(),
                Path.of(""));
    }

    boolean isFileNamed() {
        return file != null;
    }

    /// For a command that saves or tidies: what the spool is told, but for its sinks.
    CamspoolConfig config() {
        var config = sources().spool();
        used();
        return config;
    }

    /// Opens what is there as its owner; never makes a new spool.
    Camspool openExisting() {
        var config = config();
        SpoolReader.open(config.data()).close();
        return Camspool.open(config);
    }

    /// As its owner has it, so that all commands show the same paths.
    Path folder() {
        return used().folder();
    }

    /// The data folder, and who named it.
    DataFolder used() {
        var used = sources().dataFolder();
        var folder = used.folder();
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw CamspoolException.invalid(
                    used.origin().where(), folder, "a folder; this is a file");
        }
        return used;
    }
}
