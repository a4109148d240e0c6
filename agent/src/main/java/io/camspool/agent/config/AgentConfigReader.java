package io.camspool.agent.config;

import io.camspool.CamspoolConfig;
import io.camspool.agent.config.AgentConfig.DataFolder;
import io.camspool.agent.config.AgentConfig.Heartbeat;
import io.camspool.agent.config.AgentConfig.Keep;
import io.camspool.agent.config.AgentConfig.Listen;
import io.camspool.agent.config.AgentConfig.Log;
import io.camspool.agent.config.AgentConfig.StoredFiles;
import io.camspool.sink.NamedSink;
import io.camspool.sink.Secret;
import io.camspool.sink.Sink;
import java.util.List;
import java.util.Optional;

/// Makes everything that the agent is told from all that is said.
final class AgentConfigReader {
    private final Values values;
    private final Section top;

    AgentConfigReader(Values values) {
        this.values = values;
        this.top = values.top();
    }

    /// Says all that is wrong at once, by a [io.camspool.CamspoolException] with reason INVALID.
    AgentConfig read() {
        var sinks = sinks();
        var config = made(sinks);
        if (config.isEmpty() || !values.reading().problems().isEmpty()) {
            sinks.stream().map(NamedSink::sink).forEach(Sink::close);
        }
        values.reading().problems().throwIfAny();
        return config.orElseThrow();
    }

    private Optional<AgentConfig> made(List<NamedSink> sinks) {
        var spoolReader = new SpoolConfigReader(values);
        var spool = spoolReader.read();
        if (spool.localOnly() && top.has("sinks")) {
            values.problem(Keys.LOCAL_ONLY, true, "false where there are sinks");
        }
        var listen = listen();
        var token = values.get(Keys.TOKEN).map(Secret::new);
        values.need(Keys.KEEP_UNDELIVERED);
        var keep = new Keep(values.need(Keys.KEEP_DELIVERED));
        var watch =
                top.list("watch").stream()
                        .flatMap(each -> new WatchReader(each).read().stream())
                        .toList();
        var publicImages = values.get(Keys.PUBLIC);
        var files = new StoredFiles(values.get(Keys.FILE_MODE), values.get(Keys.FILE_GROUP));
        var heartbeat = heartbeat();
        var log = new Log(values.need(Keys.LOG_FORMAT), values.need(Keys.LOG_LEVEL));
        var metrics = values.need(Keys.METRICS);
        values.end();
        // What is made of parts that are wrong would only repeat what is wrong with them.
        if (!values.reading().problems().isEmpty()) {
            return Optional.empty();
        }
        return spoolReader
                .withSinks(spool, sinks)
                .map(
                        whole ->
                                new AgentConfig(
                                        data(whole),
                                        whole,
                                        listen,
                                        token,
                                        keep,
                                        watch,
                                        publicImages,
                                        files,
                                        heartbeat,
                                        log,
                                        metrics));
    }

    private DataFolder data(CamspoolConfig spool) {
        return new DataFolder(spool.data(), values.given(Keys.DATA).orElseThrow().origin());
    }

    private Listen listen() {
        return new Listen(
                values.need(Keys.LISTEN),
                values.get(Keys.SOCKET),
                values.need(Keys.SOCKET_MODE),
                values.get(Keys.SOCKET_GROUP),
                values.get(Keys.HOSTS).orElse(List.of()));
    }

    private Heartbeat heartbeat() {
        var every = values.need(Keys.HEARTBEAT);
        var sinks = values.get(Keys.HEARTBEAT_SINKS).orElse(List.of());
        var known = top.sections("sinks").keySet();
        for (var sink : sinks) {
            if (!known.contains(sink)) {
                values.problem(Keys.HEARTBEAT_SINKS, sink, "ids of sinks in the file");
            }
        }
        return new Heartbeat(every, sinks);
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
}
