package io.camspool.agent.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DemoCommandTest {
    @TempDir Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void everythingArrivesOnceThoughTheCloudGoesAway() {
        var exitCode = run("--seconds", "4", "--data", folder.resolve("box").toString());

        var lines = out.toString().stripTrailing().lines().toList();
        assertThat(exitCode).as("%s%s", out, err).isZero();
        assertThat(lines.getLast())
                .matches("accepted [1-9]\\d*, delivered [1-9]\\d*, lost 0, doubled 0");
        assertThat(out.toString()).contains("the cloud goes away").contains("the cloud is back");
        assertThat(folder.resolve("box-cloud")).isNotEmptyDirectory();
        assertThat(folder.resolve("box-cloud-away")).doesNotExist();
    }

    @Test
    void folderWithSomethingInItIsRefused() throws IOException {
        var box = Files.createDirectory(folder.resolve("box"));
        Files.writeString(box.resolve("mine.txt"), "mine");

        assertThat(run("--data", box.toString())).isNotZero();
        assertThat(err.toString()).contains("allowed: a new or empty folder");
        assertThat(box.resolve("mine.txt")).exists();
    }

    @Test
    void runThatIsTooShortForAnOutageIsRefused() {
        assertThat(run("--seconds", "1")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("--seconds: 1 is not allowed; allowed: 3 to 3600");
    }

    @Test
    @Timeout(60)
    void anInterruptSaysWhatIsKept() throws InterruptedException {
        var runs = new CountDownLatch(1);
        var watched =
                new StringWriter() {
                    @Override
                    public void write(String text, int offset, int length) {
                        super.write(text, offset, length);
                        if (text.contains("accepted")) {
                            runs.countDown();
                        }
                    }
                };
        var box = folder.resolve("box").toString();
        var exit = new AtomicInteger();
        var demo =
                Thread.ofPlatform()
                        .start(
                                () ->
                                        exit.set(
                                                new CommandLine(new DemoCommand())
                                                        .setOut(new PrintWriter(watched, true))
                                                        .execute("--data", box)));
        runs.await();

        demo.interrupt();
        demo.join();

        assertThat(exit).hasValue(130);
        assertThat(watched.toString()).contains("stopped; kept: " + box);
    }

    private int run(String... arguments) {
        return new CommandLine(new DemoCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
