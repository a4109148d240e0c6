package io.camspool.agent.config;

import io.camspool.CamspoolConfig;
import io.camspool.sink.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Everything that the agent can be told; immutable, checked whole.
///
/// @param data the data folder, and who named it
/// @param spool what the spool is told, with the sinks, which are the caller's to close if he opens
///   no spool with them
/// @param token what requests must bring; empty: nothing
/// @param keep how long what is held stays; not applied yet
/// @param watch the folders whose files are taken
/// @param publicImages the folder of the images, as other programs see it
/// @param metrics whether `/metrics` answers
public record AgentConfig(
        DataFolder data,
        CamspoolConfig spool,
        Listen listen,
        Optional<Secret> token,
        Keep keep,
        List<WatchConfig> watch,
        Optional<Path> publicImages,
        StoredFiles files,
        Heartbeat heartbeat,
        Log log,
        boolean metrics) {
    public AgentConfig {
        watch = List.copyOf(watch);
    }

    /// The data folder, absolute, and who named it.
    public record DataFolder(Path folder, Origin origin) {}

    /// Where the agent listens.
    ///
    /// @param socket a Unix socket besides
    /// @param socketMode its permissions, as 0660
    /// @param hosts further names that requests may call this agent by
    public record Listen(
            HostPort address,
            Optional<Path> socket,
            int socketMode,
            Optional<String> socketGroup,
            List<String> hosts) {
        public Listen {
            hosts = List.copyOf(hosts);
        }
    }

    /// How long what is held stays. What was not delivered stays forever.
    ///
    /// @param delivered empty: forever
    public record Keep(Optional<Duration> delivered) {}

    /// Who may read what is stored.
    ///
    /// @param mode permissions, as 0640; empty: what the system gives new files
    public record StoredFiles(Optional<Integer> mode, Optional<String> group) {}

    /// How the agent reports itself.
    ///
    /// @param every empty: never
    /// @param sinks that get it; none: all that take alerts
    public record Heartbeat(Optional<Duration> every, List<String> sinks) {
        public Heartbeat {
            sinks = List.copyOf(sinks);
        }
    }

    /// How the agent logs.
    public record Log(LogFormat format, LogLevel level) {}

    public enum LogFormat {
        TEXT,
        JSON
    }

    public enum LogLevel {
        ERROR,
        WARN,
        INFO,
        DEBUG
    }
}
