package io.camspool.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The tour of the README, run from its own text.
@EnabledOnOs(OS.LINUX)
final class TourTest {
    private static final String ADDRESS = "127.0.0.1:8686";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir Path folder;
    private int port;
    private @Nullable Process agent;

    /// A clone as far as the tour needs it.
    @BeforeEach
    void prepare() throws IOException {
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        var demo = Path.of("src/main/resources/io/camspool/agent/demo");
        Files.createDirectories(folder.resolve("agent").resolve(demo));
        var photo = demo.resolve("gate-1.jpg");
        Files.copy(photo, folder.resolve("agent").resolve(photo));
        var script = folder.resolve("camspool");
        Files.writeString(
                script,
                "#!/bin/sh\nexec '%s' -Xmx256m --enable-native-access=ALL-UNNAMED -cp '%s' io.camspool.agent.Main \"$@\"%n"
                        .formatted(
                                Path.of(System.getProperty("java.home"), "bin", "java"),
                                System.getProperty("java.class.path")));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (agent != null) {
            agent.destroy();
            assertThat(agent.waitFor(LIMIT)).as("the agent ended").isTrue();
        }
    }

    @Test
    void aNewUserSeesAnOutageComeAndGo() throws Exception {
        agent = start("start");
        awaitListening();

        assertThat(run("in"))
                .contains("\"kind\":\"capture\"", "\"camera\":\"gate-1\"", "captures/")
                .contains("\"kind\":\"alert\"")
                .doesNotContain("problems/");
        assertThat(run("outage")).contains("3 (").doesNotContain("problems/");
        assertThat(run("back").strip()).endsWith("4").doesNotContain("3 (");
    }

    private void awaitListening() throws Exception {
        var end = System.nanoTime() + LIMIT.toNanos();
        while (!Files.exists(folder.resolve("data/camspool.sock"))) {
            assertThat(System.nanoTime()).as("listens in time").isLessThan(end);
            Thread.sleep(50);
        }
    }

    private String run(String step) throws IOException, InterruptedException {
        var process = start(step);
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out;
    }

    private Process start(String step) throws IOException {
        var builder =
                new ProcessBuilder("bash", "-euc", command(step))
                        .directory(folder.toFile())
                        .redirectErrorStream(true);
        builder.environment().put("CAMSPOOL_LISTEN", "127.0.0.1:" + port);
        if (step.equals("start")) {
            builder.redirectOutput(folder.resolve("agent.log").toFile());
        }
        return builder.start();
    }

    private String command(String step) throws IOException {
        var block =
                Pattern.compile("```sh tour: " + step + "\n(.*?)```", Pattern.DOTALL)
                        .matcher(Files.readString(Path.of("../README.md")));
        assertThat(block.find()).as("the README has the step " + step).isTrue();
        return block.group(1)
                .replace(ADDRESS, "127.0.0.1:" + port)
                .replace("./camspool serve", "exec ./camspool serve");
    }
}
