package io.camspool.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
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

/// `cleanup` and `clear`, on a folder that holds one capture and one alert.
final class RemovalCommandsTest {
    @TempDir Path folder;
    private Path data = Path.of("");

    private record Run(int exit, String out, String err) {}

    @BeforeEach
    void save() throws IOException {
        data = folder.resolve("data");
        var photo = Files.write(folder.resolve("photo.jpg"), Pictures.jpeg(320, 200, 1));
        var alert = Files.writeString(folder.resolve("alert.json"), "{\"n\":1}");
        assertThat(run("save", "--camera", "gate", photo.toString()).exit).isZero();
        assertThat(run("alert", alert.toString()).exit).isZero();
    }

    private Run run(String command, String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var all = new ArrayList<>(List.of(command, "--data", data.toString()));
        all.addAll(List.of(arguments));
        var exit =
                Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                        .execute(all.toArray(String[]::new));
        return new Run(exit, out.toString(), err.toString());
    }

    private void sync() throws IOException {
        var target = Files.createDirectories(folder.resolve("cloud"));
        assertThat(run("sync", "--to", target.toString()).exit).isZero();
    }

    private long held() {
        return run("ls", "--json").out.lines().count();
    }

    @Test
    void cleanupKeepsWhatIsYoungAndWhatIsUndelivered() {
        assertThat(run("cleanup", "--older-than", "7d").out)
                .startsWith("removed 0 captures and 0 alerts, older than ");

        var kept = run("cleanup", "--older-than", "0s");

        assertThat(kept.exit).isZero();
        assertThat(kept.out)
                .contains("kept 1 capture (")
                .contains(" and 1 alert (7 B), undelivered: sync them, or drop them");
        assertThat(held()).isEqualTo(2);
    }

    @Test
    void cleanupRemovesWhatWasDelivered() throws IOException {
        sync();

        assertThat(run("cleanup", "--older-than", "0s", "--alerts").out)
                .contains("removed 0 captures and 1 alert (7 B)");
        assertThat(run("cleanup", "--older-than", "0s", "--camera", "gate", "--json").out)
                .contains("\"dry_run\":false,\"removed\":{\"captures\":{\"items\":1,")
                .contains("\"images_left\":0");
        assertThat(held()).isZero();
        assertThat(run("verify").exit).isZero();
        assertThat(run("status", "--json").out).contains("\"balanced\":true");
    }

    @Test
    void cleanupDropsWhatIsUndeliveredOnlyWhenToldSoAndADryRunDropsNothing() {
        var dry = run("cleanup", "--older-than", "0s", "--include-undelivered", "--dry-run");
        assertThat(dry.out).contains("would drop 1 capture (");
        assertThat(held()).isEqualTo(2);

        var dropped = run("cleanup", "--older-than", "0s", "--include-undelivered");

        assertThat(dropped.out)
                .contains("removed 0 captures and 0 alerts")
                .contains("dropped 1 capture (")
                .contains(" and 1 alert (7 B), undelivered");
        assertThat(held()).isZero();
        assertThat(run("verify").exit).isZero();
    }

    @Test
    void clearNamesTheLossAndDropsExactlyWhatWasSeen() {
        var shown = run("clear");
        assertThat(shown.exit).isEqualTo(2);
        assertThat(shown.out).startsWith("would be lost: 1 capture (").contains("1 alert (7 B)");
        assertThat(shown.err).contains("--yes-drop 2");
        assertThat(run("clear", "--json").out)
                .startsWith("{\"undelivered\":{\"captures\":{\"items\":1,");

        var refused = run("clear", "--yes-drop", "1");
        assertThat(refused.exit).isEqualTo(2);
        assertThat(refused.err).contains("1 is not allowed; allowed: 2");
        assertThat(held()).isEqualTo(2);

        var cleared = run("clear", "--yes-drop", "2");
        assertThat(cleared.exit).isZero();
        assertThat(cleared.out).startsWith("dropped 1 capture (");
        assertThat(held()).isZero();
        assertThat(run("clear").out).contains("nothing is undelivered");
        assertThat(run("clear").exit).isZero();
    }

    @Test
    void aFolderThatIsInUseOrHoldsNoSpoolIsLeftAlone() {
        try (var _ = Camspool.open(CamspoolConfig.in(data))) {
            assertThat(run("cleanup", "--older-than", "0s").exit).isEqualTo(3);
            assertThat(run("clear", "--yes-drop", "2").exit).isEqualTo(3);
            assertThat(run("clear").out).startsWith("would be lost");
        }
        data = folder.resolve("other");
        assertThat(run("cleanup", "--older-than", "0s").err).contains("holds no spool");
        assertThat(data).doesNotExist();
        assertThat(run("cleanup", "--older-than", "soon").err)
                .contains("--older-than")
                .contains("90s, 10m, 2h or 7d");
    }
}
