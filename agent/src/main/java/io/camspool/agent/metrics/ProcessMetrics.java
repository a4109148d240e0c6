package io.camspool.agent.metrics;

import io.camspool.agent.http.Refusals;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/// The process, its disk and its HTTP server.
final class ProcessMetrics {
    private final String version;
    private final Instant startedAt;
    private final Refusals refusals;

    ProcessMetrics(String version, Instant startedAt, Refusals refusals) {
        this.version = version;
        this.startedAt = startedAt;
        this.refusals = refusals;
    }

    /// The metrics of now.
    ///
    /// @param folders those whose disk counts, by what they are for
    void add(Families families, Map<String, Path> folders) {
        families.info("camspool_build_info", "The version of the agent.", "version", version);
        // The names that every client library gives these.
        families.gauge("process_start_time_seconds", "When the agent started.")
                .add(startedAt.getEpochSecond());
        var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        families.gauge("jvm_memory_used_bytes", "Memory of the JVM, in use now.")
                .add(heap.getUsed(), "area", "heap");
        families.gauge("jvm_memory_max_bytes", "The most memory of the JVM.")
                .add(heap.getMax(), "area", "heap");
        addDisks(families, folders);
        var refused =
                families.counter(
                        "camspool_http_refusals_total",
                        "Clients of the HTTP server that were refused or cut off since the start.");
        refusals.counts()
                .forEach(
                        (refusal, count) ->
                                refused.add(
                                        count,
                                        "reason",
                                        refusal.name().toLowerCase(Locale.ROOT).replace('_', '-')));
    }

    private static void addDisks(Families families, Map<String, Path> folders) {
        var free =
                families.gauge(
                        "camspool_disk_free_bytes",
                        "Room that is left for the folder; not a number where the disk can't say.");
        var total =
                families.gauge(
                        "camspool_disk_total_bytes",
                        "Size of the disk of the folder; not a number where the disk can't say.");
        folders.forEach(
                (name, path) -> {
                    // 0 is what it says when it fails.
                    var size = path.toFile().getTotalSpace();
                    var isKnown = size > 0;
                    free.add(isKnown ? path.toFile().getUsableSpace() : Double.NaN, "folder", name);
                    total.add(isKnown ? size : Double.NaN, "folder", name);
                });
    }
}
