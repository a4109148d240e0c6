package io.camspool.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Balance.Amount;
import io.camspool.Pictures;
import io.camspool.SinkStatus;
import io.camspool.SinkStatus.PerSecond;
import io.camspool.sink.Receiver;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    void anAddressWithoutItsSchemeIsNoFolderAndIsSaidWhole() {
        for (var address : List.of("127.0.0.1:8080", "[::1]:8080/in", "server.example:443")) {
            err.getBuffer().setLength(0);

            assertThat(run("sync", "--to", address)).isEqualTo(2);
            assertThat(err.toString())
                    .isEqualToIgnoringNewLines(
                            "camspool: --to: \"%1$s\" is not allowed; allowed: a folder that exists, or an address: http://%1$s"
                                    .formatted(address));
            assertThat(Path.of(address)).doesNotExist();
        }
        err.getBuffer().setLength(0);
        assertThat(run("sync", "--to", folder.resolve("no:where").toString())).isEqualTo(2);
        assertThat(err.toString()).doesNotContain("http://");
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

    private static SinkStatus status(Optional<PerSecond> rate, Optional<String> trouble) {
        return new SinkStatus(
                "server",
                true,
                true,
                true,
                false,
                new Amount(28, 6_000_000),
                new Amount(112, 30_000_000),
                Amount.NONE,
                Amount.NONE,
                Optional.empty(),
                rate,
                Optional.empty(),
                trouble);
    }

    @Test
    void aTerminalShowsItemsBytesRateAndTimeToDrain() {
        var now = status(Optional.of(new PerSecond(2, 50_000)), Optional.empty());
        try (var progress = new SyncProgress(new PrintWriter(err), true)) {
            progress.show(List.of(new SyncProgress.Line(now, new Amount(100, 27_000_000))));
        }

        assertThat(err.toString())
                .contains("server [#########                     ] 12 of 40 items, 3.0 MB")
                .contains(", 50 kB/s, 2 min left");
    }

    @Test
    void aTerminalShowsTheReasonInPlaceOfTheBar() {
        var now = status(Optional.empty(), Optional.of("the folder is full"));
        try (var progress = new SyncProgress(new PrintWriter(err), true)) {
            progress.show(List.of(new SyncProgress.Line(now, new Amount(112, 30_000_000))));
        }

        assertThat(err.toString()).contains("server 0 of 28 items, waiting: the folder is full");
    }

    @Test
    void anAddressIsAReceiver() throws IOException {
        try (var receiver = new Receiver()) {
            assertThat(run("sync", "--to", receiver.url() + "/")).as("%s", err).isZero();

            assertThat(out.toString()).contains("delivered 1 item (").contains(" to http://");
            assertThat(receiver.requests())
                    .singleElement()
                    .satisfies(
                            request ->
                                    assertThat(request.address().getPath()).startsWith("/images/"));
            assertThat(run("sync", "--to", receiver.url())).isZero();
            assertThat(out.toString()).contains("nothing was waiting");
        }
    }

    @Test
    void anAddressWithAPasswordIsRefusedWithoutShowingIt() {
        assertThat(run("sync", "--to", "https://me:hush@server.example")).isEqualTo(2);
        assertThat(err.toString()).contains("***@server.example").doesNotContain("hush");
    }

    private String config(String text) throws IOException {
        return Files.writeString(folder.resolve("camspool.yaml"), text).toString();
    }

    @Test
    void aFileNamesSeveralSinks() throws IOException {
        Files.createDirectory(folder.resolve("share"));
        try (var receiver = new Receiver()) {
            var file =
                    config(
                            """
                            data: not-this-one
                            sinks:
                              share: {type: folder, folder: share}
                              server: {type: http, images-url: "%s/images/{key}"}
                              later: {type: folder, folder: later, enabled: false}
                            """
                                    .formatted(receiver.url()));

            assertThat(run("sync", "--config", file)).as("%s", err).isZero();

            assertThat(out.toString())
                    .contains(" to share")
                    .contains(" to server")
                    .contains("later is disabled; 1 waiting for it");
            assertThat(receiver.requests()).hasSize(1);
        }
    }

    @Test
    void theFilesDataFolderIsTakenWhereNoOtherIsNamed() throws IOException {
        Files.createDirectory(folder.resolve("share"));
        var file = config("data: data\nsinks: {share: {type: folder, folder: share}}\n");

        var exit =
                Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                        .execute("sync", "--config", file);

        assertThat(exit).as("%s", err).isZero();
        assertThat(out.toString()).contains("delivered 1 item (");
    }

    @Test
    void whereToIsSaidOnce() throws IOException {
        assertThat(run("sync")).isEqualTo(2);
        assertThat(err.toString()).contains("where to? --to DIR, --to URL, or a camspool.yaml");
        var file = config("sinks: {share: {type: folder, folder: share}}\n");
        assertThat(run("sync", "--config", file, "--to", folder.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("only without --config");
    }

    @Test
    void aPausedSinkIsNotWaitedFor() throws IOException {
        Files.createDirectory(folder.resolve("share"));
        var file = config("sinks: {share: {type: folder, folder: away}}\n");
        assertThat(run("sync", "--config", file, "--timeout", "1s")).isEqualTo(1);
        assertThat(run("sinks", "pause", "share")).as("%s", err).isZero();
        out.getBuffer().setLength(0);

        assertThat(run("sync", "--config", file)).isEqualTo(1);

        assertThat(out.toString()).contains("1 waiting: it is paused; camspool sinks resume share");
    }

    @Test
    void aFileWithFaultsDeliversNothing() throws IOException {
        assertThat(run("sync", "--config", config("sinks: {a: {type: ftp}}\nboxx: b\n")))
                .isEqualTo(2);

        assertThat(err.toString()).contains("camspool.yaml:1: ").contains("camspool.yaml:2: boxx");
        assertThat(run("sync", "--config", config("box: b\n"))).isEqualTo(2);
        assertThat(err.toString()).contains("a file with sinks");
    }
}
