package io.camspool.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.camspool.CamspoolConfig;
import io.camspool.Durability;
import io.camspool.ImageFormat;
import io.camspool.agent.config.AgentConfig.LogFormat;
import io.camspool.agent.config.AgentConfig.LogLevel;
import io.camspool.agent.config.Origin.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What flags, environment, file and defaults say together.
final class ConfigSourcesTest {
    private static final Map<String, String> OTHERS =
            Map.ofEntries(
                    Map.entry("box", "site-7"),
                    Map.entry("data", "/srv/spool"),
                    Map.entry("captures", "/srv/images"),
                    Map.entry("zone", "Asia/Tokyo"),
                    Map.entry("listen.address", "[::1]:9000"),
                    Map.entry("listen.socket", "/run/camspool.sock"),
                    Map.entry("listen.socket-mode", "0600"),
                    Map.entry("listen.socket-group", "detectors"),
                    Map.entry("listen.hosts", "a.example, b.example"),
                    Map.entry("token", "hush"),
                    Map.entry("images.max-width", "640"),
                    Map.entry("images.max-height", "480"),
                    Map.entry("images.max-bytes", "300kB"),
                    Map.entry("images.quality", "70"),
                    Map.entry("images.format", "png"),
                    Map.entry("images.original", "true"),
                    Map.entry("intake.memory", "16MB"),
                    Map.entry("intake.alert-memory", "20MB"),
                    Map.entry("intake.wait", "1s"),
                    Map.entry("intake.max-image-bytes", "8MB"),
                    Map.entry("intake.max-pixels", "1000000"),
                    Map.entry("intake.max-opaque-bytes", "1GB"),
                    Map.entry("alerts.max-bytes", "10MB"),
                    Map.entry("alerts.max-depth", "9"),
                    Map.entry("durability", "os"),
                    Map.entry("naming", "plain"),
                    Map.entry("local-only", "true"),
                    Map.entry("keep.delivered", "7d"),
                    Map.entry("keep.undelivered", "forever"),
                    Map.entry("paths.public", "/host/images"),
                    Map.entry("files.mode", "0640"),
                    Map.entry("files.group", "camspool"),
                    Map.entry("heartbeat.every", "5m"),
                    Map.entry("log.format", "json"),
                    Map.entry("log.level", "debug"),
                    Map.entry("metrics", "false"));

    @TempDir Path folder;

    private final Map<String, String> settings = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("camspool.yaml"), text);
    }

    private ConfigSources sources() {
        return new ConfigSources(Optional.empty(), Optional.empty(), settings, environment, folder);
    }

    private List<String> problems() {
        return String.valueOf(catchThrowable(() -> sources().read()).getMessage())
                .replace(folder + "/", "")
                .lines()
                .toList();
    }

    private Shown shown(String key) {
        return sources().show().stream()
                .filter(value -> value.key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    private static Stream<String> keys() {
        return Keys.ALL.stream().filter(key -> !key.equals(Keys.HEARTBEAT_SINKS)).map(Key::name);
    }

    /// A file with one key, in its section.
    private static String yaml(String key, String value) {
        return key.contains(".")
                ? key.replace(".", ":\n  ") + ": \"" + value + "\"\n"
                : key + ": \"" + value + "\"\n";
    }

    @ParameterizedTest
    @MethodSource("keys")
    void eachKeyIsTakenFromFileEnvironmentAndFlag(String key) throws IOException {
        var value = OTHERS.getOrDefault(key, "");
        // Else the largest alert does not fit.
        settings.put("intake.alert-memory", "20MB");
        var other = key.equals("intake.alert-memory") ? "20MB" : value;

        settings.put(key, other);
        var byFlag = sources().read();
        assertThat(shown(key).origin()).isEqualTo(Origin.flag("--set " + key));
        settings.remove(key);
        environment.put(Key.variable(key), other);
        var byVariable = sources().read();
        assertThat(shown(key).origin()).isEqualTo(Origin.variable(Key.variable(key)));
        environment.clear();
        file(yaml(key, other));
        var byFile = sources().read();

        assertThat(shown(key).origin().source()).isEqualTo(Source.FILE);
        assertThat(byVariable).usingRecursiveComparison().ignoringFields("data").isEqualTo(byFlag);
        assertThat(byFile).usingRecursiveComparison().ignoringFields("data").isEqualTo(byFlag);
    }

    @Test
    void theDefaultsAreThoseOfTheSpool() {
        var config = sources().read();

        assertThat(config.spool())
                .usingRecursiveComparison()
                .isEqualTo(CamspoolConfig.in(folder.resolve("data")));
        assertThat(config.data().origin()).isEqualTo(Origin.DEFAULT);
        assertThat(config.listen().address()).hasToString("127.0.0.1:8686");
        assertThat(config.listen().socketMode()).isEqualTo(0660);
        assertThat(config.token()).isEmpty();
        assertThat(config.keep().delivered()).isEmpty();
        assertThat(config.heartbeat().every()).isEmpty();
        assertThat(config.log().level()).isEqualTo(LogLevel.INFO);
        assertThat(config.metrics()).isTrue();
    }

    @Test
    void allThatTheFileSaysIsInTheRecord() throws IOException {
        Files.writeString(folder.resolve("agent.token"), "hush\n");
        file(
                """
                box: site-1
                data: spool
                listen:
                  address: 0.0.0.0:80
                  socket: run/camspool.sock
                  socket-mode: 0600
                  socket-group: detectors
                  hosts: [a.example, b.example]
                token: file:agent.token
                images: {max-width: 640, max-height: 480, format: png}
                intake: {memory: 16MB, alert-memory: 100MB, wait: 1s}
                alerts: {max-bytes: 40MB}
                durability: os
                keep: {delivered: 7d, undelivered: forever}
                paths: {public: /host/images}
                files: {mode: 0640, group: camspool}
                heartbeat: {every: 5m, sinks: share}
                log: {format: json}
                metrics: false
                watch:
                  - folder: in
                    pattern: "{camera}/*"
                    after: {move: done}
                    settle: 5s
                  - folder: gate
                    camera: gate-1
                    after: delete
                    refused: bad
                    sidecar: false
                sinks:
                  share: {type: folder, folder: /mnt/share}
                """);

        var config = sources().read();

        assertThat(config.data().folder()).isEqualTo(folder.resolve("spool"));
        assertThat(config.data().origin().where()).endsWith("camspool.yaml:2");
        assertThat(config.spool().images().maxWidth()).isEqualTo(640);
        assertThat(config.spool().images().format()).hasValue(ImageFormat.PNG);
        assertThat(config.spool().intake().admissionWait()).hasSeconds(1);
        assertThat(config.spool().maxAlertBytes()).isEqualTo(40_000_000);
        assertThat(config.spool().durability()).isEqualTo(Durability.OS);
        assertThat(config.listen().address()).isEqualTo(new HostPort("0.0.0.0", 80));
        assertThat(config.listen().socket()).hasValue(folder.resolve("run/camspool.sock"));
        assertThat(config.listen().socketMode()).isEqualTo(0600);
        assertThat(config.listen().hosts()).containsExactly("a.example", "b.example");
        assertThat(config.token().orElseThrow().value()).isEqualTo("hush");
        assertThat(config.keep().delivered()).hasValue(Duration.ofDays(7));
        assertThat(config.publicImages()).hasValue(Path.of("/host/images"));
        assertThat(config.files().mode()).hasValue(0640);
        assertThat(config.heartbeat().every()).hasValue(Duration.ofMinutes(5));
        assertThat(config.heartbeat().sinks()).containsExactly("share");
        assertThat(config.log().format()).isEqualTo(LogFormat.JSON);
        assertThat(config.metrics()).isFalse();
        assertThat(config.watch())
                .containsExactly(
                        new WatchConfig(
                                folder.resolve("in"),
                                Optional.of("{camera}/*"),
                                Optional.empty(),
                                Optional.of(folder.resolve("done")),
                                Optional.empty(),
                                Optional.of(Duration.ofSeconds(5)),
                                true),
                        new WatchConfig(
                                folder.resolve("gate"),
                                Optional.empty(),
                                Optional.of("gate-1"),
                                Optional.empty(),
                                Optional.of(folder.resolve("bad")),
                                Optional.empty(),
                                false));
        assertThat(config.spool().sinks()).extracting(sink -> sink.id()).containsExactly("share");
    }

    @Test
    void aFlagGoesBeforeTheEnvironmentAndThatBeforeTheFile() throws IOException {
        file("data: of-file\nbox: of-file\nlisten: 127.0.0.1:1\nintake: {wait: 1s}\n");
        environment.put("CAMSPOOL_DATA", "of-variable");
        environment.put("CAMSPOOL_BOX", "of-variable");
        environment.put("CAMSPOOL_LISTEN", "127.0.0.1:2");
        environment.put("CAMSPOOL_INTAKE_WAIT", " ");
        settings.put("box", "of-flag");

        var config = sources().read();

        assertThat(config.spool().box()).hasValue("of-flag");
        assertThat(config.data().folder()).isEqualTo(folder.resolve("of-variable"));
        assertThat(config.listen().address().port()).isEqualTo(2);
        assertThat(config.spool().intake().admissionWait()).as("blank is not set").hasSeconds(1);
        assertThat(
                        new ConfigSources(
                                        Optional.of(Path.of("of-data-flag")),
                                        Optional.empty(),
                                        Map.of("data", "of-set"),
                                        environment,
                                        folder)
                                .dataFolder()
                                .folder())
                .isEqualTo(folder.resolve("of-data-flag"));
    }

    @Test
    void whatIsWrongIsSaidOfAllSourcesAtOnce() throws IOException {
        file(
                """
                box: .hidden
                listen: 8686
                intake: {memory: lots, memry: 1MB}
                keep: {undelivered: 7d}
                token: env:NO_SUCH
                watch:
                  - {folder: in, after: move}
                  - {camera: gate-1, afer: delete}
                sinks:
                  cloud: {type: s3, bucket: b}
                heartbeat: {sinks: server}
                alerts: {max-bytes: 5MB}
                """);
        environment.put("CAMSPOOL_INTAKE_WAIT", "soon");
        environment.put("CAMSPOOL_INTAKE_WAT", "1s");
        environment.put("CAMSPOOL_SINKS", "a");
        environment.put("CAMSPOOL_JAVA_OPTS", "-Xmx1g");
        settings.put("images.quality", "101");
        settings.put("image.quality", "80");

        assertThat(problems())
                .containsExactlyInAnyOrder(
                        "camspool.yaml:1: box: \".hidden\" is not allowed; allowed: 1 to 64 of letters, digits, -, _ and ., not first a .",
                        "camspool.yaml:2: listen: \"8686\" is not allowed; allowed: host:port, as 127.0.0.1:8686 or [::1]:8686",
                        "camspool.yaml:3: intake.memory: \"lots\" is not allowed; allowed: 1000000 to 64000000000 bytes, as 300kB or 64MB",
                        "camspool.yaml:3: intake.memry: unknown key; did you mean 'memory'?",
                        "camspool.yaml:4: keep.undelivered: \"7d\" is not allowed; allowed: forever",
                        "camspool.yaml:5: token: \"env:NO_SUCH\" is not allowed; allowed: a variable that is set",
                        "camspool.yaml:7: watch.after: \"move\" is not allowed; allowed: delete, or {move: DIR}",
                        "camspool.yaml:8: watch.folder: missing",
                        "camspool.yaml:8: watch.afer: unknown key; did you mean 'after'?",
                        "camspool.yaml:10: sinks.cloud.type: \"s3\" is not allowed; allowed: folder, http, pull; this version has no s3",
                        "camspool.yaml:11: heartbeat.sinks: \"server\" is not allowed; allowed: ids of sinks in the file",
                        "camspool.yaml:12: alerts.max-bytes: 5000000 is not allowed; allowed: 2 to half of intake.alert-memory",
                        "CAMSPOOL_INTAKE_WAIT: \"soon\" is not allowed; allowed: "
                                + Amounts.DURATION,
                        "CAMSPOOL_INTAKE_WAT: unknown variable; did you mean 'CAMSPOOL_INTAKE_WAIT'?",
                        "CAMSPOOL_SINKS: only the file can hold sinks",
                        "--set images.quality: \"101\" is not allowed; allowed: 1 to 100",
                        "--set image.quality: unknown key; did you mean 'images.quality'?");
    }

    @Test
    void aVariableThatHoldsASecretIsNoUnknownKey() throws IOException {
        file("token: env:CAMSPOOL_MY_TOKEN\n");
        environment.put("CAMSPOOL_MY_TOKEN", "hush");

        assertThat(sources().read().token().orElseThrow().value()).isEqualTo("hush");
        assertThat(shown("token").value()).isEqualTo("env:CAMSPOOL_MY_TOKEN");
    }

    @Test
    void theSpoolIsReadWithoutTheSecretsOfSinks() throws IOException {
        file(
                """
                box: site-1
                local-only: false
                sinks:
                  server:
                    type: http
                    alerts-url: https://server.example/a
                    bearer: env:NO_SUCH
                """);

        assertThat(sources().spool().box()).hasValue("site-1");
        assertThat(sources().spool().sinksAsBefore()).isTrue();
        assertThatThrownBy(() -> sources().read()).hasMessageContaining("NO_SUCH");
    }

    @Test
    void theDataFolderIsFoundThoughTheRestIsWrong() throws IOException {
        file("bax: 1\ndata: spool\n");

        assertThat(sources().dataFolder().folder()).isEqualTo(folder.resolve("spool"));
        file("bax: [\n");
        assertThatThrownBy(() -> sources().dataFolder()).hasMessageContaining("camspool.yaml:2");
        environment.put("CAMSPOOL_DATA", "elsewhere");
        assertThat(sources().dataFolder())
                .isEqualTo(
                        new AgentConfig.DataFolder(
                                folder.resolve("elsewhere"), Origin.variable("CAMSPOOL_DATA")));
    }

    @Test
    void whatIsNoPathIsAProblemAndNoCrash() throws IOException {
        file("data: \"a\\0b\"\ncaptures: \" \"\nwatch: {folder: \"\\0\"}\n");

        assertThat(problems())
                .hasSize(3)
                .allMatch(problem -> problem.endsWith(" is not allowed; allowed: a path"));
    }

    @Test
    void theFileMayBeNamedByAVariable() throws IOException {
        Files.writeString(folder.resolve("other.yaml"), "box: other\n");
        file("box: not-this-one\n");
        environment.put("CAMSPOOL_CONFIG", "other.yaml");

        assertThat(sources().spool().box()).hasValue("other");
        environment.put("CAMSPOOL_CONFIG", "none.yaml");
        assertThatThrownBy(() -> sources().spool()).hasMessageContaining("none.yaml");
    }

    @Test
    void secretsAreMaskedWhereverTheyStand() throws IOException {
        file(
                """
                token: hush-1
                sinks:
                  server:
                    type: http
                    alerts-url: https://server.example/a?access_token=hush-2&x=1
                    sign-in: {url: "https://s.example", username: u, password: hush-3, token: /t}
                    headers: {X-Key: hush-4}
                    signature: {header: X-Sign, secret: hush-5}
                    proxy: {host: p.example, user: u, password: hush-6}
                """);

        var shown = new TreeMap<String, String>();
        sources().show().forEach(value -> shown.put(value.key(), value.value()));

        assertThat(shown.toString()).doesNotContain("hush");
        assertThat(shown)
                .containsEntry("token", "***")
                .containsEntry("sinks.server.sign-in.username", "u")
                .containsEntry("sinks.server.sign-in.password", "***")
                .containsEntry("sinks.server.headers.X-Key", "***")
                .containsEntry(
                        "sinks.server.alerts-url", "https://server.example/a?access_token=***&x=1");
        settings.put("token", " ");
        assertThat(problems()).singleElement().asString().doesNotContain("hush").contains("***");
    }

    @Test
    void whatIsNotAppliedIsShownAsThat() {
        assertThat(sources().show().stream().filter(value -> !value.applied()).map(Shown::key))
                .containsExactly(
                        "keep.delivered",
                        "keep.undelivered",
                        "files.mode",
                        "files.group",
                        "heartbeat.every",
                        "heartbeat.sinks",
                        "log.format",
                        "log.level");
    }
}
