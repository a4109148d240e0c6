package io.camspool.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Pictures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `save --alert-json`: an alert and its captures in one go.
final class SaveTogetherTest {
    private static final InputStream STDIN = System.in;

    @TempDir Path folder;
    private String alert = "";
    private String one = "";
    private String two = "";

    private record Run(int exit, String out, String err) {}

    @BeforeEach
    void makeFiles() throws IOException {
        alert = Files.writeString(folder.resolve("alert.json"), "{\"n\":1}\n").toString();
        one = Files.write(folder.resolve("one.jpg"), Pictures.jpeg(64, 48, 1)).toString();
        two = Files.write(folder.resolve("two.jpg"), Pictures.jpeg(64, 48, 2)).toString();
    }

    @AfterEach
    void giveStdinBack() {
        System.setIn(STDIN);
    }

    private Run run(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data", folder.resolve("data").toString()));
        var exit =
                Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                        .execute(all.toArray(String[]::new));
        return new Run(exit, out.toString(), err.toString());
    }

    private List<String> held() {
        return run("ls", "--json").out.lines().toList();
    }

    @Test
    void anAlertAndItsCapturesAreStoredTogether() throws IOException {
        var saved =
                run("save", "--camera", "gate", "--alert", "a-1", "--alert-json", alert, one, two);

        assertThat(saved.exit).as(saved.err).isZero();
        var lines = saved.out.lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.getFirst()).endsWith("  7 B");
        assertThat(Path.of(lines.get(1).split("  ", 2)[0])).hasSameBinaryContentAs(Path.of(one));
        assertThat(Path.of(lines.get(2).split("  ", 2)[0])).hasSameBinaryContentAs(Path.of(two));
        assertThat(held())
                .hasSize(3)
                .allSatisfy(
                        line ->
                                assertThat(line)
                                        .contains("\"camera\":\"gate\"")
                                        .contains("\"alert\":\"a-1\""));
        var share = Files.createDirectory(folder.resolve("share"));
        assertThat(run("sync", "--to", share.toString()).exit).isZero();
        try (var files = Files.walk(share)) {
            assertThat(files.filter(file -> file.toString().endsWith(".json")))
                    .singleElement()
                    .satisfies(
                            file ->
                                    assertThat(file)
                                            .content()
                                            .as("it names its captures")
                                            .containsPattern("\"captures\":\"[^ \"]+ [^ \"]+\"")
                                            .contains("\"data\":{\"n\":1}"));
        }
    }

    @Test
    void whereOneCantBeStoredNoneIs() throws IOException {
        Files.writeString(Path.of(two), "no image");
        var refused = run("save", "--camera", "gate", "--alert-json", alert, one, two);
        assertThat(refused.exit).isEqualTo(2);
        assertThat(refused.out).isEmpty();
        assertThat(refused.err).contains("the image is not allowed");
        var missing = run("save", "--camera", "gate", "--alert-json", alert, one, two + "x");
        assertThat(missing.exit).isEqualTo(2);
        assertThat(missing.err).contains("two.jpgx: no such file");
        var empty = Files.createDirectory(folder.resolve("empty")).toString();
        var none = run("save", "--camera", "gate", "--alert-json", alert, empty);
        assertThat(none.exit).isEqualTo(2);
        assertThat(none.err).contains(empty + ": this folder holds no .jpg");
        Files.writeString(Path.of(alert), "{}\n{}\n");
        var many = run("save", "--camera", "gate", "--alert-json", alert, one);
        assertThat(many.exit).isEqualTo(2);
        assertThat(many.err).contains("--alert-json: ").contains("allowed: one JSON object");

        assertThat(run("ls").out).contains("nothing held");
    }

    @Test
    void aRepeatUnderAnIdStoresNothingTwice() {
        var first =
                run("save", "--camera", "gate", "--id", "alert-1", "--alert-json", alert, one, two);
        assertThat(first.exit).as(first.err).isZero();
        assertThat(first.out).startsWith("alert-1  7 B");

        var repeat =
                run("save", "--camera", "gate", "--id", "alert-1", "--alert-json", alert, one, two);

        assertThat(repeat).isEqualTo(first);
        assertThat(held()).hasSize(3);
    }

    @Test
    void theAlertOrAnImageMayComeOnStdin() throws IOException {
        System.setIn(new ByteArrayInputStream("{\"n\":2}".getBytes(StandardCharsets.UTF_8)));
        var saved = run("save", "--camera", "gate", "--json", "--alert-json", "-", one);
        assertThat(saved.exit).as(saved.err).isZero();
        assertThat(saved.out.lines().toList().getFirst()).contains("\"input\":\"-\"");
        System.setIn(new ByteArrayInputStream(Files.readAllBytes(Path.of(two))));
        assertThat(run("save", "--camera", "gate", "--alert-json", alert, "-").exit).isZero();

        assertThat(held()).hasSize(4);
        var both = run("save", "--camera", "gate", "--alert-json", "-", "-");
        assertThat(both.exit).isEqualTo(2);
        assertThat(both.err).contains("--alert-json: \"-\" is not allowed");
    }
}
