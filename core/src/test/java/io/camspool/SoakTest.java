package io.camspool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Days of running leave memory, descriptors and threads flat. `-Dcamspool.soak.seconds=3600
/// -Dcamspool.test-timeout=2h` soaks for an hour.
@EnabledOnOs(OS.LINUX) // reads /proc
final class SoakTest {
    private static final int SECONDS = Integer.getInteger("camspool.soak.seconds", 8);

    @TempDir Path folder;

    /// One line of [SoakingProcess].
    private record Sample(
            long seconds, long residentKb, long heapKb, long descriptors, long threads) {
        static Sample parse(String line) {
            var parts = line.split(" ", -1);
            return new Sample(
                    Long.parseLong(parts[0]),
                    Long.parseLong(parts[1]),
                    Long.parseLong(parts[2]),
                    Long.parseLong(parts[3]),
                    Long.parseLong(parts[4]));
        }
    }

    @Test
    void memoryDescriptorsAndThreadsStayFlat() throws IOException {
        var process =
                ChildProcess.start(
                        SoakingProcess.class,
                        List.of("-Xmx128m"),
                        folder.toString(),
                        Integer.toString(SECONDS));
        List<String> lines;
        try (var out = process.inputReader(StandardCharsets.UTF_8)) {
            lines = out.lines().toList();
        }
        assertThat(lines.getLast()).startsWith("delivered true, problems 0,");
        var samples =
                lines.stream().filter(line -> line.matches("[0-9 ]+")).map(Sample::parse).toList();
        var third = samples.size() / 3;
        var middle = samples.subList(third, 2 * third);
        var end = samples.subList(2 * third, samples.size());

        System.out.printf(
                "%d s: resident %d -> %d kB, heap %d -> %d kB, descriptors %d -> %d, threads %d -> %d%n",
                SECONDS,
                median(middle, Sample::residentKb),
                median(end, Sample::residentKb),
                median(middle, Sample::heapKb),
                median(end, Sample::heapKb),
                median(middle, Sample::descriptors),
                median(end, Sample::descriptors),
                median(middle, Sample::threads),
                median(end, Sample::threads));
        assertThat(median(end, Sample::residentKb))
                .isLessThan(median(middle, Sample::residentKb) * 5 / 4);
        assertThat(median(end, Sample::heapKb)).isLessThan(median(middle, Sample::heapKb) * 3 / 2);
        assertThat(median(end, Sample::descriptors))
                .isLessThan(median(middle, Sample::descriptors) + 10);
        assertThat(median(end, Sample::threads)).isLessThan(median(middle, Sample::threads) + 5);
    }

    private static long median(List<Sample> samples, ToLongFunction<Sample> figure) {
        var sorted = samples.stream().mapToLong(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
