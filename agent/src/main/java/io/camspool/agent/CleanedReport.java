package io.camspool.agent;

import io.camspool.Cleaned;
import io.camspool.agent.json.CleanedJson;
import java.io.PrintWriter;

/// What `cleanup` and `clear` say alike.
final class CleanedReport {
    private CleanedReport() {}

    static void printJson(PrintWriter out, Cleaned cleaned, boolean dryRun) {
        JsonLines.print(
                out,
                line -> {
                    line.writeBooleanField("dry_run", dryRun);
                    CleanedJson.write(line, cleaned);
                });
    }

    static void printLeft(PrintWriter out, Cleaned cleaned) {
        if (cleaned.keptLeased().items() > 0) {
            out.println(
                    "kept "
                            + Texts.count(cleaned.keptLeased().items(), "item")
                            + " being sent just now: try again");
        }
        if (cleaned.imagesLeft() > 0) {
            out.println(
                    Texts.count(cleaned.imagesLeft(), "image")
                            + " could not be deleted; the next start tries again");
        }
    }

    static int exitCode(Cleaned cleaned) {
        return cleaned.imagesLeft() + cleaned.keptLeased().items() == 0
                ? ExitCode.DONE
                : ExitCode.NOT_ALL;
    }
}
