package io.camspool.agent;

import io.camspool.ItemKind;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Counts what became of each file of an import, and tells it. Confined to one thread.
final class ImportTally {
    private final PrintWriter out;
    private final boolean json;
    private final boolean dryRun;
    private final Progress progress;
    private final Map<String, Skips> skips = new LinkedHashMap<>();
    private long images;
    private long imageBytes;
    private long alerts;
    private long alertBytes;
    private long deliveredBefore;
    private long there;
    private long quarantined;
    private long refused;

    private static final class Skips {
        private final Path first;
        private long count;

        Skips(Path first) {
            this.first = first;
        }
    }

    ImportTally(PrintWriter out, boolean json, boolean dryRun, Progress progress) {
        this.out = out;
        this.json = json;
        this.dryRun = dryRun;
        this.progress = progress;
    }

    void imported(ItemKind kind, long bytes, boolean isDeliveredBefore) {
        switch (kind) {
            case CAPTURE -> {
                images++;
                imageBytes += bytes;
            }
            case ALERT -> {
                alerts++;
                alertBytes += bytes;
            }
        }
        deliveredBefore += isDeliveredBefore ? 1 : 0;
    }

    void there() {
        there++;
    }

    /// Not one of those files that are taken over.
    void skipped(Path file, String why) {
        skips.computeIfAbsent(why, _ -> new Skips(file)).count++;
        if (json) {
            line("skipped", file, why);
        }
    }

    /// One of them, that could not be.
    void refused(Path file, String why) {
        refused++;
        if (json) {
            line("refused", file, why);
        } else {
            progress.clear();
            out.println("not imported: " + Texts.oneLine(file.toString()) + ": " + why);
        }
    }

    void quarantined(Path file, Path place, String why) {
        quarantined++;
        progress.clear();
        if (json) {
            JsonLines.print(
                    out,
                    line -> {
                        line.writeStringField("quarantined", file.toString());
                        line.writeStringField("reason", why);
                        line.writeStringField("copy", place.toString());
                    });
        } else {
            out.println(
                    "%s: %s: %s; copy: %s"
                            .formatted(
                                    dryRun ? "would be quarantined" : "quarantined",
                                    Texts.oneLine(file.toString()),
                                    why,
                                    Texts.oneLine(place.toString())));
        }
    }

    private void line(String what, Path file, String why) {
        progress.clear();
        JsonLines.print(
                out,
                line -> {
                    line.writeStringField(what, file.toString());
                    line.writeStringField("reason", why);
                });
    }

    boolean isAll() {
        return quarantined == 0 && refused == 0;
    }

    void printSum() {
        var skipped = skips.values().stream().mapToLong(some -> some.count).sum();
        if (json) {
            JsonLines.print(
                    out,
                    line -> {
                        line.writeBooleanField("dry_run", dryRun);
                        line.writeNumberField("images", images);
                        line.writeNumberField("image_bytes", imageBytes);
                        line.writeNumberField("alerts", alerts);
                        line.writeNumberField("alert_bytes", alertBytes);
                        line.writeNumberField("delivered_before", deliveredBefore);
                        line.writeNumberField("already_there", there);
                        line.writeNumberField("quarantined", quarantined);
                        line.writeNumberField("refused", refused);
                        line.writeNumberField("skipped", skipped);
                    });
            return;
        }
        skips.forEach(
                (why, some) ->
                        out.println(
                                "skipped %s: %s, as %s"
                                        .formatted(
                                                Texts.count(some.count, "file"),
                                                why,
                                                Texts.oneLine(some.first.toString()))));
        out.println(
                "%s %s (%s) and %s (%s)%s"
                        .formatted(
                                dryRun ? "would import" : "imported",
                                Texts.count(images, "image"),
                                Texts.bytes(imageBytes),
                                Texts.count(alerts, "alert"),
                                Texts.bytes(alertBytes),
                                others(skipped)));
        if (deliveredBefore > 0) {
            out.println("of them delivered already, to be held and never sent: " + deliveredBefore);
        }
    }

    private String others(long skipped) {
        var parts = new ArrayList<String>();
        add(parts, there, "already there");
        add(parts, quarantined, "quarantined");
        add(parts, refused, "not imported");
        add(parts, skipped, "skipped");
        return parts.isEmpty() ? "" : "; " + String.join(", ", parts);
    }

    private static void add(List<String> parts, long count, String what) {
        if (count > 0) {
            parts.add(count + " " + what);
        }
    }
}
