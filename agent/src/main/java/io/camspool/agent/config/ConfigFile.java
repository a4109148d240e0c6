package io.camspool.agent.config;

import io.camspool.CamspoolConfig;
import io.camspool.Naming;
import io.camspool.sink.NamedSink;
import io.camspool.sink.Sink;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/// Reads `camspool.yaml`. docs/configuration.md names its keys.
public final class ConfigFile {
    private static final String WITHOUT_DATA = "data";

    private final Section top;
    private final Problems problems;

    private ConfigFile(Section top, Problems problems) {
        this.top = top;
        this.problems = problems;
    }

    /// Reads all of it; what is wrong is said at once, each with file and line, by a
    /// [io.camspool.CamspoolException] with reason INVALID. The sinks are the caller's to close, if
    /// he opens no spool with them.
    ///
    /// @param data the data folder, where it was named elsewhere; the file's `data` counts only
    ///   without it
    public static CamspoolConfig read(Path file, Optional<Path> data) {
        var problems = new Problems(file);
        return new ConfigFile(YamlFile.read(file, problems), problems).read(data);
    }

    private CamspoolConfig read(Optional<Path> named) {
        var inFile = top.path("data");
        var data = named.or(() -> inFile).orElse(Path.of(WITHOUT_DATA));
        var captures = top.path("captures");
        var box = top.text("box");
        var zone = top.value("zone", "a time zone as Asia/Shanghai or UTC", ConfigFile::zone);
        var naming = top.oneOf("naming", List.of("with-id", "plain"));
        var localOnly = top.flag("local-only");
        var sinks = sinks();
        top.end();
        if (localOnly.orElse(false) && top.has("sinks")) {
            top.problem("local-only", true, "false where there are sinks");
        }
        // What is made of parts that are wrong would only repeat what is wrong with them.
        var config =
                problems.isEmpty()
                        ? top.made(
                                () -> {
                                    var made = CamspoolConfig.in(data);
                                    made =
                                            captures.isPresent()
                                                    ? made.withCaptures(captures.get())
                                                    : made;
                                    made = box.isPresent() ? made.withBox(box.get()) : made;
                                    made = zone.isPresent() ? made.withZone(zone.get()) : made;
                                    made =
                                            naming.filter("plain"::equals).isPresent()
                                                    ? made.withNaming(Naming.PLAIN)
                                                    : made;
                                    made = localOnly.orElse(false) ? made.withLocalOnly() : made;
                                    for (var sink : sinks) {
                                        made = made.withSink(sink);
                                    }
                                    return made;
                                })
                        : Optional.<CamspoolConfig>empty();
        if (config.isEmpty()) {
            sinks.stream().map(NamedSink::sink).forEach(Sink::close);
        }
        problems.throwIfAny();
        return config.orElseThrow();
    }

    private List<NamedSink> sinks() {
        var sections = top.sections("sinks");
        return sections.entrySet().stream()
                .flatMap(
                        entry ->
                                new SinkReader(entry.getKey(), entry.getValue())
                                        .read(sections.keySet()).stream())
                .toList();
    }

    private static Optional<ZoneId> zone(String text) {
        try {
            return Optional.of(ZoneId.of(text));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }
}
