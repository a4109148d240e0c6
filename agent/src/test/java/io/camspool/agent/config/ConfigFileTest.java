package io.camspool.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.CamspoolConfig;
import io.camspool.CamspoolException;
import io.camspool.ItemKind;
import io.camspool.Naming;
import io.camspool.sink.NamedSink.Order;
import io.camspool.sink.NamedSink.Start;
import io.camspool.sink.Sinks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigFileTest {
    @TempDir Path folder;

    private CamspoolConfig read(String text) throws IOException {
        return ConfigSources.of(Files.writeString(folder.resolve("camspool.yaml"), text))
                .read()
                .spool();
    }

    @Test
    void aSinkThatProgramsDrainTakesAllOrOneKind() throws IOException {
        var sinks =
                read("""
                                sinks:
                                  everything: {type: pull}
                                  local-cache: {type: pull, takes: alerts}
                                  images: {type: pull, takes: captures, required: false}
                                """)
                        .sinks();

        assertThat(sinks)
                .extracting(sink -> sink.sink())
                .containsExactly(
                        Sinks.pull(), Sinks.pull(ItemKind.ALERT), Sinks.pull(ItemKind.CAPTURE));
        assertThat(sinks).extracting(sink -> sink.required()).containsExactly(true, true, false);
        assertThatThrownBy(() -> read("sinks: {cache: {type: pull, takes: alarms}}"))
                .hasMessageContaining("\"alarms\" is not allowed; allowed: all, alerts, captures");
    }

    @Test
    void allThatItSaysIsInTheConfiguration() throws IOException {
        var config =
                read(
                        """
                        data: spool
                        captures: /mnt/ssd/captures
                        box: site-1
                        zone: Asia/Shanghai
                        naming: plain
                        sinks:
                          server:
                            type: http
                            alerts-url: https://server.example/alerts
                            alerts-items: 50
                            alerts-linger: 2s
                            images-url: https://server.example/images/{key}
                            images-parallel: 3
                            bearer: hush
                            order: newest-first
                            max-refusals: 3
                            bandwidth: 08:00,512k 19:00,off
                            proxy: {host: proxy.example, port: 8080, user: a, password: b}
                            probe-url: https://server.example/health
                          share:
                            type: folder
                            folder: /mnt/share
                            required: false
                            enabled: false
                            start: now
                            formerly: old-share
                        """);

        assertThat(config.data()).isEqualTo(folder.resolve("spool"));
        assertThat(config.captures()).hasValue(Path.of("/mnt/ssd/captures"));
        assertThat(config.box()).hasValue("site-1");
        assertThat(config.zone()).isEqualTo(ZoneId.of("Asia/Shanghai"));
        assertThat(config.naming()).isEqualTo(Naming.PLAIN);
        assertThat(config.sinksAsBefore()).isFalse();
        var server = config.sinks().getFirst();
        assertThat(server.id()).isEqualTo("server");
        assertThat(server.required()).isTrue();
        assertThat(server.enabled()).isTrue();
        assertThat(server.start()).isEqualTo(Start.HELD);
        assertThat(server.order()).isEqualTo(Order.NEWEST_FIRST);
        assertThat(server.maxRefusals()).isEqualTo(3);
        assertThat(server.bandwidth()).hasToString("08:00,512k 19:00,off");
        assertThat(server.sink().batching(ItemKind.ALERT).maxItems()).isEqualTo(50);
        assertThat(server.sink().batching(ItemKind.ALERT).linger()).hasSeconds(2);
        assertThat(server.sink().batching(ItemKind.CAPTURE).maxParallel()).isEqualTo(3);
        var share = config.sinks().getLast();
        assertThat(share.required()).isFalse();
        assertThat(share.enabled()).isFalse();
        assertThat(share.start()).isEqualTo(Start.NOW);
        assertThat(share.formerly()).hasValue("old-share");
    }

    @Test
    void tenFaultsAreSaidInOneReport() throws IOException {
        assertThatThrownBy(
                        () ->
                                read(
                                        """
                                        bax: site-1
                                        zone: Mars/Olympus
                                        naming: short
                                        sinks:
                                          server:
                                            type: http
                                            alerts-url: ftp://server.example
                                            images-url: https://server.example/{kee}
                                            max-refusals: 0
                                            bandwidth: fast
                                            sucess: {status: 2xx}
                                            retry: {status: 9xx}
                                            alerts-linger: soon
                                          share:
                                            type: foldr
                                          office:
                                            type: folder
                                            after: shore
                                        """))
                .isInstanceOfSatisfying(
                        CamspoolException.class,
                        e -> assertThat(e.reason()).isEqualTo(CamspoolException.Reason.INVALID))
                .message()
                .satisfies(
                        message ->
                                assertThat(
                                                message.replace(folder + "/camspool.yaml:", "")
                                                        .lines()
                                                        .map(line -> line.split(" is not", -1)[0]))
                                        .containsExactly(
                                                "1: bax: unknown key; did you mean 'box'?",
                                                "2: zone: \"Mars/Olympus\"",
                                                "3: naming: \"short\"",
                                                "5: sinks.server: http.alerts-url: \"ftp://server.example\"",
                                                "9: sinks.server.max-refusals: \"0\"",
                                                "10: sinks.server.bandwidth: bandwidth: \"fast\"",
                                                "11: sinks.server.sucess: unknown key; did you mean 'success'?",
                                                "12: sinks.server.retry: answer status: \"9xx\"",
                                                "13: sinks.server.alerts-linger: \"soon\"",
                                                "15: sinks.share.type: \"foldr\"",
                                                "16: sinks.office.folder: missing",
                                                "18: sinks.office.after: \"shore\""));
    }

    @Test
    void aTemplateThatCantBeFilledIsAProblemOfItsSink() {
        assertThatThrownBy(
                        () ->
                                read(
                                        """
                                        sinks:
                                          server:
                                            type: http
                                            images-url: https://server.example/{kee}
                                        """))
                .hasMessageContaining("camspool.yaml:2: sinks.server: ")
                .hasMessageContaining("kee");
    }

    @Test
    void whatExcludesEachOtherIsSaid() {
        assertThatThrownBy(
                        () ->
                                read(
                                        """
                                        local-only: true
                                        sinks:
                                          server:
                                            type: http
                                            images-url: https://server.example/{key}
                                            images-json: '{"pic": "${image:base64}"}'
                                            images-multipart: {file: f}
                                            alerts-items: 5
                                            bearer: a
                                            basic: {user: u, password: p}
                                        """))
                .hasMessageContaining(":1: local-only: ")
                .hasMessageContaining(":6: sinks.server.images-json: not beside images-multipart")
                .hasMessageContaining(":8: sinks.server.alerts-items: only beside alerts-url")
                .hasMessageContaining(":10: sinks.server.basic: only one of bearer, basic")
                .message()
                .doesNotContain("\"it\"");
    }

    @Test
    void whatIsWrongIsSaidWithItsKey() {
        assertThatThrownBy(
                        () ->
                                read(
                                        """
                                        sinks:
                                          server:
                                            type: http
                                            images-url: https://server.example/{key}
                                            bearer: " "
                                          empty:
                                            type: http
                                          share:
                                            type: folder
                                            folder: share
                                            formerly: Old Share
                                        """))
                .hasMessageContaining(":5: sinks.server.bearer: secret: ")
                .hasMessageContaining(":6: sinks.empty: http: one of alerts-url and images-url")
                .hasMessageContaining(":8: sinks.share: formerly: \"Old Share\"");
    }

    @Test
    void aDataFolderNamedElsewhereGoesBefore() throws IOException {
        var file = Files.writeString(folder.resolve("c.yaml"), "data: spool\n");
        var named =
                new ConfigSources(
                        Optional.of(Path.of("/elsewhere")),
                        Optional.of(file),
                        Map.of(),
                        Map.of(),
                        folder);
        assertThat(named.spool().data()).isEqualTo(Path.of("/elsewhere"));
        assertThat(named.dataFolder().origin().where()).isEqualTo("--data");
        Files.writeString(file, "box: a\n");
        assertThat(ConfigSources.of(file).spool().data())
                .isEqualTo(Path.of("data").toAbsolutePath());
    }

    @Test
    void aSecretIsNotInWhatIsSaid() {
        assertThatThrownBy(
                        () ->
                                read(
                                        """
                                        sinks:
                                          server:
                                            type: http
                                            alerts-url: https://server.example/a
                                            basic: {user: "a:b", password: hush}
                                        """))
                .message()
                .doesNotContain("hush");
    }
}
