package io.camspool.agent;

import io.camspool.Alert;
import io.camspool.Capture;
import io.camspool.StoredAlert;
import io.camspool.StoredCapture;
import io.camspool.StoredItem;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
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
            description =
                    "makes a repeat of one item harmless: a-z, 0-9 and -, at most 64; only the bytes are compared, all else is that of the first time")
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

    /// Says that a repeat under an id changes nothing of what was stored the first time.
    void noteIfOther(
            PrintWriter err,
            Optional<StoredItem> stored,
            Optional<String> camera,
            Optional<String> alertId) {
        if (id == null || stored.isEmpty()) {
            return;
        }
        var first = stored.get();
        var firstCamera =
                switch (first) {
                    case StoredCapture capture -> Optional.of(capture.camera());
                    case StoredAlert stands -> stands.camera();
                };
        if (!firstCamera.equals(camera) || !first.alertId().equals(alertId)) {
            err.println(
                    "camspool: already stored as camera %s, alert %s; that stands"
                            .formatted(
                                    Texts.oneLine(firstCamera.orElse("-")),
                                    Texts.oneLine(first.alertId().orElse("-"))));
        }
    }

    Capture of(Capture plain) {
        var capture = ofGroup(plain);
        if (id == null) {
            return capture;
        }
        var own = id;
        return UsageErrors.naming("--id", () -> capture.withId(own));
    }

    /// One that is saved with an alert, whose id it is that was given.
    Capture ofGroup(Capture plain) {
        var capture = UsageErrors.naming("--priority", () -> plain.withPriority(priority));
        for (var label : labels.entrySet()) {
            capture = capture.withLabel(label.getKey(), label.getValue());
        }
        if (alert != null) {
            capture = capture.withAlert(alert);
        }
        return at == null ? capture : capture.at(TimeOption.parse("--at", at));
    }

    Optional<String> alertId() {
        return Optional.ofNullable(alert);
    }

    Alert of(Alert plain) {
        var named = UsageErrors.naming("--priority", () -> plain.withPriority(priority));
        for (var label : labels.entrySet()) {
            named = named.withLabel(label.getKey(), label.getValue());
        }
        if (alert != null) {
            named = named.withAlert(alert);
        }
        if (id != null) {
            var own = id;
            var before = named;
            named = UsageErrors.naming("--id", () -> before.withId(own));
        }
        return at == null ? named : named.at(TimeOption.parse("--at", at));
    }
}
