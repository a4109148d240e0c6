package io.camspool.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Pictures;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WatchCommandTest {
    @TempDir Path home;
    private Path folder;

    private record Run(int exit, String out, String err) {}

    @BeforeEach
    void makeFiles() throws IOException {
        folder = Files.createDirectories(home.resolve("in"));
        var gate = Files.createDirectories(folder.resolve("gate"));
        Files.write(gate.resolve("20261124101530_a7.jpg"), Pictures.jpeg(64, 48, 1));
        Files.writeString(gate.resolve("20261124101530_a7.json"), "{\"n\":1}");
        Files.write(gate.resolve("20261124101531_a8.jpg"), Pictures.jpeg(64, 48, 2));
    }

    private Run run(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data", home.resolve("data").toString()));
        var exit =
                Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                        .execute(all.toArray(String[]::new));
        return new Run(exit, out.toString(), err.toString());
    }

    private Run watch(String... more) {
        var all =
                new ArrayList<>(
                        List.of(
                                "watch",
                                folder.toString(),
                                "--once",
                                "--settle=20ms",
                                "--sidecar-wait=0s",
                                "--zone=UTC",
                                "--pattern={camera}/{time:yyyyMMddHHmmss}_{alert}.jpg"));
        all.addAll(List.of(more));
        return run(all.toArray(String[]::new));
    }

    @Test
    void onceTakesWhatIsThereAndEnds() {
        var done = watch();

        assertThat(done.exit).as(done.err).isZero();
        assertThat(done.err).contains("camspool: took 3 files");
        assertThat(done.out.lines())
                .hasSize(2)
                .anySatisfy(line -> assertThat(line).contains("_a7_").endsWith("with its alert"))
                .anySatisfy(line -> assertThat(line).contains("_a8_").contains("/20261124/"));
        assertThat(run("ls", "--json").out)
                .contains("\"alert\":\"a7\"")
                .contains("\"time\":\"2026-11-24T10:15:30Z\"");
        assertThat(folder.resolve("gate")).isEmptyDirectory();
    }

    @Test
    void takenFilesCanBeMovedAndLinesBeJson() {
        var done = watch("--after", "move:" + home.resolve("kept"), "--json");

        assertThat(done.exit).as(done.err).isZero();
        assertThat(home.resolve("kept/gate/20261124101530_a7.jpg")).exists();
        assertThat(home.resolve("kept/gate/20261124101530_a7.json")).exists();
        assertThat(done.out.lines().toList())
                .hasSize(3)
                .last()
                .asString()
                .contains("\"taken\":3")
                .contains("\"refused\":0");
    }

    @Test
    void whatIsRefusedIsSaidAndIsNotAll() throws IOException {
        Files.writeString(folder.resolve("gate/20261124101532_a9.jpg"), "no image");
        Files.writeString(folder.resolve("gate/notes.txt"), "another thing");
        var done = watch();

        assertThat(done.exit).isEqualTo(ExitCode.NOT_ALL);
        assertThat(done.err)
                .contains("camspool: refused: ")
                .contains("neither JPEG nor PNG")
                .contains("took 3 files")
                .contains("; 1 refused; 1 not matching the pattern");
        assertThat(folder.resolve(".refused/gate/20261124101532_a9.jpg")).exists();
        assertThat(folder.resolve("gate/notes.txt")).exists();
    }

    @Test
    void wrongOptionsAreNamed() {
        assertThat(run("watch", folder.toString(), "--pattern={camera").err)
                .contains("--pattern")
                .contains("character 1");
        assertThat(watch("--after=burn").err).contains("--after").contains("delete or move:DIR");
        assertThat(run("watch", folder.toString(), "--zone=Mars/Base").err).contains("--zone");
        assertThat(run("watch", folder.toString(), "--settle=soon").err).contains("--settle");
        var missing = run("watch", home.resolve("none").toString(), "--once");
        assertThat(missing.exit).isEqualTo(ExitCode.USAGE);
        assertThat(missing.err).contains("a folder that is there");
        var own = run("watch", home.toString(), "--once");
        assertThat(own.exit).isEqualTo(ExitCode.USAGE);
        assertThat(own.err).contains("apart from the spool's own");
    }
}
