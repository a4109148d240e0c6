package io.camspool.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Whether anything depends on the backlog: the same calls in a spool of a thousand pending items
/// and in a large one, each in a fresh JVM with cold caches, in turns.
///
/// Arguments: folder, items of the large spool, turns. The spools are made where they are not there
/// yet, and stay for the next run.
public final class Backlog {
    private static final int FEW = 1_000;
    private static final Path CACHES = Path.of("/proc/sys/vm/drop_caches");

    private Backlog() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var folder = Path.of(arguments.length > 0 ? arguments[0] : "bench-data");
        var many = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000_000;
        var turns = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 5;
        var sizes = List.of(FEW, many);
        for (var size : sizes) {
            make(folder, size);
        }
        var figures = new LinkedHashMap<String, Map<Integer, List<Double>>>();
        for (var i = 0; i < turns; i++) {
            for (var size : sizes) {
                if (!dropCaches() && i == 0) {
                    System.out.println("caches can't be dropped here: they are warm");
                }
                for (var line : measure(spool(folder, size))) {
                    var parts = line.split("=", 2);
                    figures.computeIfAbsent(parts[0], _ -> new LinkedHashMap<>())
                            .computeIfAbsent(size, _ -> new ArrayList<>())
                            .add(Double.parseDouble(parts[1]));
                }
            }
        }
        System.out.printf(
                "%-28s %12s %12s %8s%n",
                "median", "%,d".formatted(FEW), "%,d".formatted(many), "ratio");
        figures.forEach(
                (name, values) -> {
                    var few = median(values.getOrDefault(FEW, List.of()));
                    var all = median(values.getOrDefault(many, List.of()));
                    System.out.printf("%-28s %12.2f %12.2f %8.2f%n", name, few, all, all / few);
                });
    }

    private static double median(List<Double> values) {
        return Latencies.median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static Path spool(Path folder, int items) {
        return folder.resolve("backlog-" + items);
    }

    private static void make(Path folder, int items) throws IOException, InterruptedException {
        var data = spool(folder, items);
        if (Files.exists(data)) {
            return;
        }
        var aside = Folders.fresh(folder.resolve("backlog-making"));
        var began = System.nanoTime();
        BacklogMaker.make(aside, items);
        Files.move(aside, data);
        System.out.printf(
                "made %,d items in %.0f s, ledger of %,d MB%n",
                items,
                (System.nanoTime() - began) / 1e9,
                Files.size(data.resolve("ledger.db")) / 1_000_000);
    }

    private static boolean dropCaches() throws IOException, InterruptedException {
        new ProcessBuilder("sync").start().waitFor();
        if (!Files.isWritable(CACHES)) {
            return false;
        }
        try {
            Files.writeString(CACHES, "3");
            return true;
        } catch (IOException _) {
            return false; // in a container
        }
    }

    private static List<String> measure(Path data) throws IOException, InterruptedException {
        var process =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElse("java"),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                BacklogMeasure.class.getName(),
                                data.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        var lines =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .toList();
        if (process.waitFor() != 0) {
            throw new IllegalStateException("the measuring JVM failed: " + lines);
        }
        return lines;
    }
}
