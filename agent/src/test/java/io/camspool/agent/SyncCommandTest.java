package io.camspool.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Pictures;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What `sync` says while it can't deliver, and where it refuses to.
final class SyncCommandTest {
    @TempDir Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void saveOne() throws IOException {
        var photo = Files.write(folder.resolve("photo.jpg"), Pictures.jpeg(64, 48, 1));
        assertThat(run("save", "--camera", "c", photo.toString())).as("%s", err).isZero();
        out.getBuffer().setLength(0);
    }

    private int run(String command, String... arguments) {
        return run(new PrintWriter(err, true), command, arguments);
    }

    private int run(PrintWriter errors, String command, String... arguments) {
        var all = new String[arguments.length + 3];
        all[0] = command;
        all[1] = "--data";
        all[2] = folder.resolve("data").toString();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return Main.commandLine(new PrintWriter(out, true), errors).execute(all);
    }

    /// A folder in which nothing can be written aside.
    private String impossible() throws IOException {
        var target = Files.createDirectory(folder.resolve("cloud"));
        Files.createFile(target.resolve(".camspool-incoming"));
        return target.toString();
    }

    @Test
    void aBlankTargetIsNotTheCurrentFolder() {
        assertThat(run("sync", "--to", "")).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("camspool: --to: \"\" is not allowed; allowed: a path");
        assertThat(run("save", "--camera", "c", "")).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aTargetThatIsAFileIsSaid() {
        var photo = folder.resolve("photo.jpg").toString();

        assertThat(run("sync", "--to", photo)).isEqualTo(2);
        assertThat(err.toString())
                .contains("photo.jpg\" is not allowed; allowed: a folder; this is");
    }

    @Test
    void whyItWaitsIsSaidOnceAndWhatIsLeftInTheEnd() throws IOException {
        assertThat(run("sync", "--to", impossible(), "--timeout", "1s")).isEqualTo(1);

        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("camspool: waiting: ")
                .contains(".camspool-incoming");
        assertThat(out.toString())
                .contains("delivered 0 items (0 B)")
                .doesNotContain("nothing was waiting")
                .contains("1 waiting (")
                .contains("; the next sync goes on with them");
    }

    @Test
    @Timeout(60)
    void anInterruptStopsItWithASummary() throws Exception {
        var target = impossible();
        var waiting = new CountDownLatch(1);
        var errors =
                new PrintWriter(new StringWriter()) {
                    @Override
                    public void println(String line) {
                        waiting.countDown();
                    }
                };
        var exit = new AtomicInteger();
        var command =
                Thread.ofPlatform().start(() -> exit.set(run(errors, "sync", "--to", target)));
        waiting.await();

        command.interrupt();
        command.join();

        assertThat(exit).hasValue(130);
        assertThat(out.toString()).contains("stopped: 1 waiting");
    }

    @Test
    void aTerminalShowsTheReasonInPlaceOfTheBar() {
        try (var progress = new Progress(new PrintWriter(err), "delivering", true)) {
            progress.show(0, 2, Optional.of("the folder is full"));
        }

        assertThat(err.toString()).contains("delivering 0 of 2, waiting: the folder is full");
    }
}
