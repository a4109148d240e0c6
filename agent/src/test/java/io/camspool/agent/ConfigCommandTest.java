package io.camspool.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Pictures;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigCommandTest {
    @TempDir Path folder;

    private record Run(int exit, String out, String err) {}

    private static Run run(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var exit =
                Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                        .execute(arguments);
        return new Run(exit, out.toString(), err.toString());
    }

    private String file(String text) throws IOException {
        return Files.writeString(folder.resolve("camspool.yaml"), text).toString();
    }

    private String begun() {
        var file = folder.resolve("camspool.yaml").toString();
        var made = run("config", "init", file);
        assertThat(made.exit).as(made.err).isZero();
        return file;
    }

    @Test
    void whatInitWritesIsWellAsItIs() throws IOException {
        var file = begun();

        var checked = run("config", "check", "--config", file);
        assertThat(checked.exit).as(checked.err).isZero();
        assertThat(checked.out).isEqualToIgnoringNewLines(file + ": all is well");
        assertThat(Files.readAllLines(Path.of(file)))
                .hasSizeBetween(15, 30)
                .contains("# sinks:")
                .anyMatch(line -> line.startsWith("box: \"") && !line.contains("BOX"))
                .anyMatch(line -> line.startsWith("listen: 127.0.0.1:8686"));
    }

    @Test
    void theBlocksThatInitCommentsOutAreWellToo() throws IOException {
        var text = Files.readString(Path.of(begun()));
        var sinks = text.substring(text.indexOf("# sinks:"));
        var file =
                file(
                        text.replace(
                                sinks,
                                Pattern.compile("^# ", Pattern.MULTILINE)
                                        .matcher(sinks)
                                        .replaceAll("")));

        var shown = run("config", "show", "--config", file);

        assertThat(shown.exit).as(shown.err).isZero();
        assertThat(shown.out).contains("sinks.share.folder ").contains("sinks.server.alerts-url ");
    }

    @Test
    void initWritesOverNothing() throws IOException {
        var file = file("box: mine\n");

        var refused = run("config", "init", file);

        assertThat(refused.exit).isEqualTo(2);
        assertThat(refused.err).contains(file).contains("it exists already");
        assertThat(Path.of(file)).hasContent("box: mine");
    }

    @Test
    void whatIsWrongIsSaidAsByACompiler() throws IOException {
        var file = file("box: a\nintake:\n  wait: soon\n  memry: 1MB\n");

        var refused = run("config", "check", "--config", file, "--set", "images.quality=0");

        assertThat(refused.exit).isEqualTo(2);
        assertThat(refused.out).isEmpty();
        assertThat(refused.err.lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith(file + ":3: intake.wait: \"soon\""),
                        line ->
                                assertThat(line)
                                        .startsWith(file + ":4: intake.memry: unknown key")
                                        .endsWith("did you mean 'memory'?"),
                        line -> assertThat(line).startsWith("--set images.quality: \"0\""));
    }

    @Test
    void eachValueIsShownWithWhereItComesFrom() throws IOException {
        var file = file("token: hush\nkeep: {delivered: 7d}\n");

        var shown =
                run("config", "show", "--config", file, "--set", "box=b", "--data", "/srv/spool");

        assertThat(shown.exit).as(shown.err).isZero();
        assertThat(shown.out.lines().map(line -> line.replaceAll(" {2,}", " | ")))
                .startsWith("KEY | VALUE | FROM")
                .contains("box | b | --set box")
                .contains("data | /srv/spool | --data")
                .contains("captures | - | default")
                .contains("token | *** | " + file + ":1")
                .contains("intake.memory | 64MB | default")
                .contains("keep.delivered | 7d | " + file + ":2; not applied by this version");
        assertThat(run("config", "show", "--json", "--config", file).out.lines())
                .contains(
                        "{\"key\":\"token\",\"value\":\"***\",\"from\":\"%s:1\",\"applied\":true}"
                                .formatted(file));
    }

    @Test
    void configAloneSaysWhatItTakes() {
        var alone = run("config");

        assertThat(alone.exit).isEqualTo(2);
        assertThat(alone.err).contains("check, show or init");
        assertThat(run("config", "show", "--set", "box").exit).isEqualTo(2);
    }

    @Test
    void commandsTakeFolderAndLimitsFromTheFile() throws IOException {
        var file =
                file(
                        """
                        box: site-9
                        data: spool
                        images: {max-width: 100, max-height: 100}
                        sinks: {server: {type: http, alerts-url: "http://s", bearer: "env:NO_SUCH"}}
                        """);
        var photo = Files.write(folder.resolve("photo.jpg"), Pictures.jpeg(320, 200, 1));

        var saved = run("save", "--config", file, "--camera", "c", "--json", photo.toString());

        assertThat(saved.exit).as(saved.err).isZero();
        assertThat(saved.out)
                .contains("\"width\":100")
                .contains(folder.resolve("spool").toString());
        assertThat(run("status", "--config", file).out)
                .startsWith("box site-9, ")
                .contains("data in " + folder.resolve("spool") + " (" + file + ":2)");
        assertThat(run("status", "--json", "--data", folder.resolve("spool").toString()).out)
                .contains("\"data_from\":\"--data\"");
        assertThat(run("sinks", "--config", file).exit).isZero();
    }
}
