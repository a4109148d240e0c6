package io.camspool.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Pictures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the commands make of their inputs: stdin, streams, folders, and what is not there.
final class CommandInputTest {
    private static final InputStream STDIN = System.in;
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir Path folder;

    private record Run(int exit, String out, String err) {}

    @AfterEach
    void giveStdinBack() {
        System.setIn(STDIN);
    }

    private Run run(String command, String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var exit =
                execute(new PrintWriter(out, true), new PrintWriter(err, true), command, arguments);
        return new Run(exit, out.toString(), err.toString());
    }

    private int execute(PrintWriter out, PrintWriter err, String command, String... arguments) {
        var all = new String[arguments.length + 3];
        all[0] = command;
        all[1] = "--data";
        all[2] = folder.resolve("data").toString();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return Main.commandLine(out, err).execute(all);
    }

    private static void stdin(byte[] bytes) {
        System.setIn(new ByteArrayInputStream(bytes));
    }

    private static void stdin(String text) {
        stdin(text.getBytes(StandardCharsets.UTF_8));
    }

    private String file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes).toString();
    }

    @Test
    void dashIsOneImageOnStdin() {
        stdin(Pictures.png(40, 30, 1));
        var saved = run("save", "--camera", "c", "--json", "-");
        assertThat(saved.exit).as(saved.err).isZero();
        assertThat(saved.out).contains("\"input\":\"-\"").contains("\"width\":40");

        stdin("");
        var empty = run("save", "--camera", "c", "-");
        assertThat(empty.exit).isEqualTo(2);
        assertThat(empty.err).contains("it is empty");
    }

    @Test
    void alertsOnStdinAreToldById() {
        stdin("{\"n\":1}\n{\"n\":2}\n");
        var saved = run("alert", "--camera", "gate", "--alert", "a", "--json", "-");
        assertThat(saved.exit).as(saved.err).isZero();
        assertThat(saved.out.lines())
                .hasSize(2)
                .allSatisfy(
                        line ->
                                assertThat(line)
                                        .startsWith("{\"id\":\"")
                                        .contains("\"camera\":\"gate\"")
                                        .contains("\"alert\":\"a\"")
                                        .doesNotContain("\"path\""));
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void anAlertIsToldAtOnceWhileThePipeStaysOpen() throws Exception {
        var lines = new Lines();
        Thread command;
        try (var pipe = new PipedOutputStream()) {
            System.setIn(new PipedInputStream(pipe));
            command = Thread.ofVirtual().start(() -> run(lines, "alert", "-"));
            for (var n = 1; n <= 3; n++) {
                pipe.write("{\"n\":%d}\n".formatted(n).getBytes(StandardCharsets.UTF_8));
                pipe.flush();
                assertThat(lines.next()).contains("7 B");
            }
        }
        command.join();
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void aSavedImageIsToldAtOnceWhileTheNextInputIsAwaited() throws Exception {
        var photo = Pictures.jpeg(64, 48, 1);
        var first = file("first.jpg", photo);
        var lines = new Lines();
        Thread command;
        try (var pipe = new PipedOutputStream()) {
            System.setIn(new PipedInputStream(pipe));
            command =
                    Thread.ofVirtual().start(() -> run(lines, "save", "--camera", "c", first, "-"));
            assertThat(lines.next()).contains(".jpg");
            pipe.write(photo);
        }
        assertThat(lines.next()).contains(".jpg");
        command.join();
    }

    private void run(Lines lines, String command, String... arguments) {
        execute(lines, new PrintWriter(new StringWriter()), command, arguments);
    }

    /// Lines as they are printed.
    private static final class Lines extends PrintWriter {
        private final LinkedBlockingQueue<String> printed = new LinkedBlockingQueue<>();

        Lines() {
            super(new StringWriter(), true);
        }

        @Override
        public void println(String line) {
            printed.add(line);
        }

        String next() throws InterruptedException {
            return String.valueOf(printed.poll(SOON.toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    @Test
    void brokenJsonIsRefusedWithItsPlaceAndNothingIsStored() {
        stdin("{\n\"a\": [\n{\"x\":1}\n{\"y\":2}\n]}\n");
        var refused = run("alert", "-");
        assertThat(refused.exit).isEqualTo(2);
        assertThat(refused.out).isEmpty();
        assertThat(refused.err)
                .contains("line 1: ")
                .contains("(its line 4, ")
                .doesNotContain("\tat ");
        assertThat(run("ls").out).contains("nothing held");
    }

    @Test
    void linesThatAreAllRefusedAreWrongInput() {
        stdin("junk\n[1]\n");
        var refused = run("alert", "-");
        assertThat(refused.exit).isEqualTo(2);
        assertThat(refused.err)
                .contains("stdin line 2: the alert is not allowed: it is not an object (column 1)");
    }

    @Test
    void whatIsNoNdjsonIsGivenUpOnAfterItsFirstLines() {
        stdin("junk\n".repeat(1_000) + "{}\n");
        var refused = run("alert", "-");
        assertThat(refused.exit).isEqualTo(2);
        assertThat(refused.err.lines()).hasSize(21);
        assertThat(refused.err).contains("none of the first 20 lines is an alert");
    }

    @Test
    void manyRefusedLinesAmongGoodOnesAreCounted() {
        stdin("{}\n" + "junk\n".repeat(1_000) + "{}\n");
        var saved = run("alert", "-");
        assertThat(saved.exit).isEqualTo(1);
        assertThat(saved.out.lines()).hasSize(2);
        assertThat(saved.err.lines()).hasSize(21);
        assertThat(saved.err).contains("stdin: refused 980 lines more");
    }

    @Test
    void nothingToReadIsSaid() throws IOException {
        stdin("\n");
        assertThat(run("alert", "-").exit).isEqualTo(2);
        Files.createDirectory(folder.resolve("none"));
        var none = run("save", "--camera", "c", folder.resolve("none").toString());
        assertThat(none.exit).isEqualTo(2);
        assertThat(none.err).contains("none: this folder holds no .jpg, .jpeg or .png");
    }

    @Test
    void aMissingFileIsNamed() {
        var missing = folder.resolve("missing").toString();
        for (var refused :
                new Run[] {run("alert", missing), run("save", "--camera", "c", missing)}) {
            assertThat(refused.exit).isEqualTo(2);
            assertThat(refused.err)
                    .isEqualToIgnoringNewLines("camspool: " + missing + ": no such file or folder");
        }
        assertThat(run("alert", folder.toString()).err).contains(folder + "\" is not allowed");
    }

    @Test
    void imagesOfNoOrAbsurdlyManyPixelsAreRefused() throws IOException {
        var none = file("none.png", pngDeclaring(0, 10));
        var absurd = file("absurd.png", pngDeclaring(60_000, 60_000));

        var refused = run("save", "--camera", "c", none, absurd);

        assertThat(refused.exit).isEqualTo(2);
        assertThat(refused.out).isEmpty();
        assertThat(refused.err.lines()).hasSize(2);
        assertThat(refused.err).contains("none.png: ").contains("absurd.png: ");
        assertThat(run("ls").out).contains("nothing held");
    }

    private static byte[] pngDeclaring(int width, int height) {
        var png = Pictures.png(16, 16, 1);
        ByteBuffer.wrap(png).putInt(16, width).putInt(20, height);
        return png;
    }

    @Test
    void inputsAreToldInTheirOrder() throws IOException {
        var inputs = new String[42];
        inputs[0] = "--camera";
        inputs[1] = "c";
        for (var i = 2; i < inputs.length; i++) {
            // Large ones among small ones: they take longer to make.
            var side = i % 5 == 0 ? 2400 : 32;
            inputs[i] = file("%02d.jpg".formatted(i), Pictures.jpeg(side, side / 2, i));
        }
        var all = new String[inputs.length + 1];
        all[0] = "--json";
        System.arraycopy(inputs, 0, all, 1, inputs.length);

        var saved = run("save", all);

        assertThat(saved.exit).as(saved.err).isZero();
        var told = saved.out.lines().toList();
        assertThat(told).hasSize(inputs.length - 2);
        for (var i = 0; i < told.size(); i++) {
            assertThat(told.get(i)).contains("\"input\":\"" + inputs[i + 2] + "\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "1000", "2147483647"})
    void anyLimitOfLsWorks(String limit) {
        stdin("{\"n\":1}\n{\"n\":2}\n");
        run("alert", "-");

        var expected = Math.min(2, Integer.parseInt(limit));
        assertThat(run("ls", "--json", "--limit", limit).out.lines())
                .filteredOn(line -> line.contains("\"id\""))
                .hasSize(expected);
    }

    @Test
    void statusClaimsNoHealthThatAReaderCannotKnow() {
        stdin("{}");
        run("alert", "-");

        assertThat(run("status").out)
                .contains("health unknown: only the process that owns the folder can tell")
                .contains("the balance holds");
        assertThat(run("status", "--json").out)
                .contains("\"health\":\"unknown\"")
                .contains("\"balanced\":true");
    }

    @Test
    void timeoutsOfSyncAreChecked() throws IOException {
        stdin("{}");
        run("alert", "-");
        var target = Files.createDirectory(folder.resolve("cloud")).toString();

        assertThat(run("sync", "--to", target, "--timeout", "soon").exit).isEqualTo(2);
        assertThat(run("sync", "--to", target, "--timeout", "99999999h").exit).isZero();
        for (var time : new String[] {"10000ms", "1.5h", "2 m"}) {
            assertThat(run("sync", "--to", target, "--timeout", time).exit)
                    .as("as in the file of sinks: %s", time)
                    .isZero();
        }
    }

    @Test
    void anUnknownOptionIsSuggestedANearOne() {
        var refused = run("save", "--camera", "c", "--qualty", "3", "x.jpg");
        assertThat(refused.exit).isEqualTo(2);
        assertThat(refused.err).contains("--qualty").contains("--quality");
    }

    @Test
    void wrongUsageIsSaidInTheSameWordsAsOtherRefusals() {
        assertThat(run("save", "--camera", "c", "--label", "x", "x.jpg").err)
                .startsWith("camspool: --label: \"x\" is not allowed; allowed: NAME=VALUE");
        assertThat(run("ls", "--limit", "abc").err)
                .startsWith("camspool: --limit: \"abc\" is not allowed; allowed: a whole number");
        assertThat(run("clear", "--yes-drop", "all").err)
                .startsWith(
                        "camspool: --yes-drop: \"all\" is not allowed; allowed: a whole number");
        assertThat(run("ls", "--captures", "--alerts").err)
                .startsWith("camspool: --captures, --alerts: only one of them is allowed");
        assertThat(run("ls", "frob").err).startsWith("camspool: one argument too many: 'frob'");
        assertThat(run("save", "x.jpg").err)
                .startsWith("camspool: missing required option: '--camera=NAME'");
        var command = new StringWriter();
        Main.commandLine(new PrintWriter(command), new PrintWriter(command)).execute("frob");
        assertThat(command.toString()).startsWith("camspool: unknown command 'frob'");
    }

    @Test
    void aDataFolderThatIsAFileIsSaid() throws IOException {
        file("data", new byte[] {1});

        assertThat(run("ls").err)
                .contains("data\" is not allowed; allowed: a folder; this is a file");
        assertThat(run("save", "--camera", "c", "x.jpg").exit).isEqualTo(2);
    }
}
