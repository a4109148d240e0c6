package io.camspool.codec.opencv;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.ChildProcess;
import io.camspool.SpoolReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Raw 1080p frames come faster than they can be encoded, in a JVM with a 256 MB heap.
/// `-Dcamspool.flood.seconds=60` for the long form.
final class FloodTest {
    private static final int SECONDS = Integer.getInteger("camspool.flood.seconds", 6);

    @TempDir Path data;

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "resident memory is read from /proc")
    void memoryStaysFlatTheIntakeWaitsAndNothingIsLost() throws IOException, InterruptedException {
        var process =
                ChildProcess.start(
                        FloodingProcess.class,
                        List.of("-Xmx256m", "-XX:+UseSerialGC"),
                        data.toString(),
                        String.valueOf(SECONDS));
        var resident = new ArrayList<Long>();
        var summary = "";
        try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.startsWith("rss ")) {
                    resident.add(Long.valueOf(line.substring(4)));
                } else {
                    summary = line;
                }
            }
        }
        assertThat(process.waitFor()).isZero();
        System.out.println(summary + ", resident kB each second " + resident);

        var numbers = summary.replaceAll("[^0-9 ]", "").strip().split(" +", -1);
        var accepted = Long.parseLong(numbers[0]);
        assertThat(Long.parseLong(numbers[2])).as("waited").isPositive();
        try (var reader = SpoolReader.open(data)) {
            assertThat(reader.status().captures().held().items()).isEqualTo(accepted);
            assertThat(reader.verify(_ -> {}).problems()).isEmpty();
        }
        var half = resident.size() / 2;
        var early =
                resident.subList(1, half).stream().mapToLong(Long::longValue).max().orElseThrow();
        var late =
                resident.subList(half, resident.size()).stream()
                        .mapToLong(Long::longValue)
                        .max()
                        .orElseThrow();
        assertThat(late).as("resident memory late, early " + early).isLessThan(early * 5 / 4);
        assertThat(late).as("resident memory, kB").isLessThan(700_000);
    }
}
