package io.camspool.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.agent.config.ConfigSources;
import io.camspool.agent.serve.Agent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The Python module's own calls through the drop-in, against a real agent.
final class PythonClientTest {
    @TempDir Path folder;

    @Test
    void theOldModulesCallsGiveTheirResultsWithoutItsFlaws() throws Exception {
        var config = folder.resolve("camspool.yaml");
        Files.writeString(
                config,
                """
                data: %s
                listen: 127.0.0.1:0
                sinks:
                  local-cache:
                    type: pull
                    takes: alerts
                """
                        .formatted(folder.resolve("data")));
        try (var agent = Agent.start(ConfigSources.of(config).read(), "test")) {
            assertThat(run("test_with_agent", agent.url())).contains("OK");
            var status = agent.spool().status();
            assertThat(status.captures().holds() && status.alerts().holds()).isTrue();
        }
    }

    /// Its tests against a small agent of their own: answers that get lost, an agent that is away.
    @Test
    void theClientsOwnTestsPass() throws Exception {
        assertThat(run("test_camspool", "http://127.0.0.1:1")).contains("OK");
    }

    private static String run(String tests, String url) throws IOException, InterruptedException {
        var builder =
                new ProcessBuilder("python3", "-B", "-m", "unittest", tests)
                        .directory(Path.of("../clients/python").toFile())
                        .redirectErrorStream(true);
        builder.environment().put("CAMSPOOL_URL", url);
        var process = builder.start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out;
    }
}
