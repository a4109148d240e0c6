package io.camspool.codec.opencv;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.ChildProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class NativePlaceTest {
    @TempDir Path folder;

    @Test
    void openCvIsUnpackedBelowTheDataFolderAndOutlivesIt()
            throws IOException, InterruptedException {
        var missing = folder.resolve("missing");

        assertThat(codecOf("-Djava.io.tmpdir=" + missing, "-Duser.home=/proc/none"))
                .startsWith("OpenCV 4");
        assertThat(folder.resolve("moved/native"))
                .isDirectoryContaining(file -> file.getFileName().toString().startsWith("opencv-"));
        assertThat(missing).doesNotExist();
    }

    @Test
    void aPlaceThatTheProgramHasSetIsKept() throws IOException, InterruptedException {
        var own = folder.resolve("own");

        assertThat(codecOf("-Dorg.bytedeco.javacpp.cachedir=" + own)).startsWith("OpenCV 4");
        assertThat(own).isNotEmptyDirectory();
        assertThat(folder.resolve("moved/native"))
                .isDirectoryNotContaining(
                        file -> file.getFileName().toString().startsWith("opencv-"));
    }

    /// The codec that a process used which made an image smaller, after its first folder was moved.
    private String codecOf(String... options) throws IOException, InterruptedException {
        var process =
                ChildProcess.start(
                        ScalingProcess.class,
                        List.of(options),
                        folder.resolve("data").toString(),
                        folder.resolve("moved").toString());
        try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
            var codec = reader.readLine();
            assertThat(process.waitFor()).isZero();
            return codec;
        }
    }
}
