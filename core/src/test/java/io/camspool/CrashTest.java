package io.camspool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// An image that takes the process down while it is decoded does so once.
@Timeout(60)
final class CrashTest {
    @TempDir Path data;

    private List<String> run(int status) throws IOException, InterruptedException {
        var process = ChildProcess.start(CrashingProcess.class, List.of(), data.toString());
        try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
            var lines = reader.lines().toList();
            assertThat(process.waitFor()).isEqualTo(status);
            return lines;
        }
    }

    private static Path pathIn(String line) {
        return Path.of(line.substring(line.indexOf('/')));
    }

    @Test
    void anImageThatCrashedTheDecoderIsStoredAsItCameWhenSeenAgain()
            throws IOException, InterruptedException {
        assertThat(run(CrashingProcess.STATUS)).hasSize(1);
        assertThat(data.resolve("decoding")).isNotEmptyDirectory();

        for (var again = 0; again < 2; again++) {
            var lines = run(0);

            assertThat(lines).hasSize(3);
            assertThat(lines.get(0)).startsWith("resized 400x300 -> 100x75");
            assertThat(lines.get(1))
                    .startsWith("not decoded: it crashed the decoder")
                    .endsWith(".png");
            assertThat(pathIn(lines.get(1))).hasBinaryContent(CrashingProcess.BAD);
            assertThat(lines.get(2)).startsWith("resized 400x300 -> 100x75");
            assertThat(data.resolve("decoding")).isEmptyDirectory();
        }
        try (var reader = SpoolReader.open(data)) {
            var recorded =
                    reader.captures(Query.ALL).items().stream()
                            .filter(capture -> capture.mediaType().equals("image/png"))
                            .toList();
            assertThat(recorded).hasSize(2);
            assertThat(recorded.getFirst().sides().orElseThrow().width()).isEqualTo(402);
            assertThat(reader.verify(_ -> {}).problems()).isEmpty();
        }
    }
}
