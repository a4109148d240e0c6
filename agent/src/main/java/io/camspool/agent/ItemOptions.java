package io.camspool.agent;

import io.camspool.Alert;
import io.camspool.Capture;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What captures and alerts can be given alike.
final class ItemOptions {
    @Option(
            names = "--alert",
            paramLabel = "ID",
            description = "your name of the alert; ties captures to it, may repeat")
    private @Nullable String alert;

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "makes a repeat of one item harmless: a-z, 0-9 and -, at most 64")
    @Nullable String id;

    @Option(names = "--at", paramLabel = "TIME", description = "when it happened; else now")
    private @Nullable String at;

    @Option(names = "--label", paramLabel = "NAME=VALUE", description = "a label; may be repeated")
    private Map<String, String> labels = Map.of();

    @Option(
            names = "--priority",
            paramLabel = "N",
            defaultValue = "5",
            description = "0 to 9; ${DEFAULT-VALUE} by default")
    private int priority;

    Capture of(Capture plain) {
        var capture = plain.withPriority(priority);
        for (var label : labels.entrySet()) {
            capture = capture.withLabel(label.getKey(), label.getValue());
        }
        if (alert != null) {
            capture = capture.withAlert(alert);
        }
        if (id != null) {
            capture = capture.withId(id);
        }
        return at == null ? capture : capture.at(TimeOption.parse(at));
    }

    Alert of(Alert plain) {
        var named = plain.withPriority(priority);
        for (var label : labels.entrySet()) {
            named = named.withLabel(label.getKey(), label.getValue());
        }
        if (alert != null) {
            named = named.withAlert(alert);
        }
        if (id != null) {
            named = named.withId(id);
        }
        return at == null ? named : named.at(TimeOption.parse(at));
    }
}
