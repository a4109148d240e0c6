package io.camspool.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.ChildProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A spool on a small file system of its own that is full to the last byte; what is expected of it
/// stands in [FullDiskProcess].
final class FullDiskTest {
    private static final String MOUNT = "mount -t tmpfs -o size=64m tmpfs \"$0\" && exec \"$@\"";

    @TempDir Path folder;

    @Test
    void onAFullDiskAlertsAreTakenTheLongestAndAllIsWellAgainWhenThereIsRoom() throws Exception {
        if (!run("true")) {
            System.out.println("NOT CHECKED: a full disk needs a mount of one's own, as on Linux");
            return;
        }
        var child = ChildProcess.of(FullDiskProcess.class, List.of(), folder.toString()).command();

        assertThat(run(child.toArray(String[]::new))).isTrue();
    }

    /// Whether a command ends well that sees the small file system in the folder's place. It goes
    /// with the command.
    private boolean run(String... command) throws IOException, InterruptedException {
        var mounted =
                new ArrayList<>(List.of("unshare", "-rm", "sh", "-c", MOUNT, folder.toString()));
        mounted.addAll(List.of(command));
        try {
            return new ProcessBuilder(mounted).inheritIO().start().waitFor() == 0;
        } catch (IOException _) {
            return false; // there is no such command
        }
    }
}
