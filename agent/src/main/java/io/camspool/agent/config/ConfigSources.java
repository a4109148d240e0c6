package io.camspool.agent.config;

import io.camspool.CamspoolConfig;
import io.camspool.agent.config.AgentConfig.DataFolder;
import io.camspool.agent.config.Values.Given;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// All that can say how the agent is configured. docs/configuration.md names the keys, and which
/// source goes before which. What is wrong is said at once, each with where it stands, by a
/// [io.camspool.CamspoolException] with reason INVALID.
///
/// @param data as `--data` has it
/// @param file as `--config` has it; else `CAMSPOOL_CONFIG`, else `camspool.yaml` in the folder, if
///   it is there
/// @param settings what `--set` says, by the names of keys
/// @param environment all variables; blank ones count as not set
/// @param folder the one that the process runs in
public record ConfigSources(
        Optional<Path> data,
        Optional<Path> file,
        Map<String, String> settings,
        Map<String, String> environment,
        Path folder) {
    private static final String NAME = "camspool.yaml";
    private static final String FILE_VARIABLE = "CAMSPOOL_CONFIG";

    public ConfigSources {
        settings = Map.copyOf(settings);
        environment =
                environment.entrySet().stream()
                        .filter(variable -> !variable.getValue().isBlank())
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        Map.Entry::getKey, Map.Entry::getValue));
    }

    /// One file and nothing else.
    public static ConfigSources of(Path file) {
        return new ConfigSources(
                Optional.empty(), Optional.of(file), Map.of(), Map.of(), Path.of(""));
    }

    /// Everything, checked whole. The sinks are the caller's to close, if he opens no spool with
    /// them.
    public AgentConfig read() {
        return new AgentConfigReader(values()).read();
    }

    /// What the spool is told, for a program that delivers nothing: nothing is said of sinks, and
    /// their secrets need not be at hand.
    public CamspoolConfig spool() {
        var values = values();
        var config = new SpoolConfigReader(values).read();
        values.end();
        values.reading().problems().throwIfAny();
        return config.withSinksAsBefore();
    }

    /// Only the data folder, for a program that only looks: the rest of the file may be as it will,
    /// and the file is not opened where a flag or the environment names the folder.
    public DataFolder dataFolder() {
        var values =
                flags().containsKey(Keys.DATA.name())
                                || environment.containsKey(Keys.DATA.variable())
                        ? values(Optional.empty())
                        : values();
        var data = values.need(Keys.DATA);
        values.reading().problems().throwIfAny();
        return new DataFolder(
                data.toAbsolutePath().normalize(), values.given(Keys.DATA).orElseThrow().origin());
    }

    /// Each value and where it comes from, once all of it is right.
    public List<Shown> show() {
        var values = values();
        new AgentConfigReader(values).read().spool().sinks().forEach(sink -> sink.sink().close());
        return Shown.of(values);
    }

    /// The file that is read; empty: there is none.
    public Optional<Path> found() {
        return file.or(
                        () ->
                                Optional.ofNullable(environment.get(FILE_VARIABLE))
                                        .map(folder::resolve))
                .or(() -> Optional.of(folder.resolve(NAME)).filter(Files::exists));
    }

    private Values values() {
        return values(found());
    }

    private Values values(Optional<Path> source) {
        var reading = new Reading(source.orElse(Path.of(NAME)), environment);
        var top =
                source.map(path -> YamlFile.read(path, reading))
                        .orElseGet(() -> Section.empty(reading));
        return new Values(reading, top, flags(), environment, folder);
    }

    private Map<String, Given> flags() {
        var flags = new LinkedHashMap<String, Given>();
        settings.forEach(
                (key, text) -> flags.put(key, new Given(text, Origin.flag("--set " + key))));
        data.ifPresent(
                path ->
                        flags.put(
                                Keys.DATA.name(),
                                new Given(path.toString(), Origin.flag("--data"))));
        return flags;
    }
}
