package io.camspool;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Checks what callers name things by.
final class Labels {
    private static final int MAX_LABELS = 32;
    private static final int MAX_NAME = 64;
    private static final int MAX_TEXT = 1024;

    /// Of all names and values of an item, in UTF-8: they stand in its row.
    private static final int MAX_BYTES = 16_384;

    private Labels() {}

    static Map<String, String> checked(Map<String, String> labels) {
        if (labels.size() > MAX_LABELS) {
            throw CamspoolException.invalid("labels", labels.size(), "at most " + MAX_LABELS);
        }
        labels.forEach(
                (name, value) -> {
                    text("label name", name, MAX_NAME);
                    wellFormed("label " + name, value);
                    if (value.length() > MAX_TEXT) {
                        throw CamspoolException.invalid(
                                "label " + name, value, "at most " + MAX_TEXT + " characters");
                    }
                });
        var bytes = labels.entrySet().stream().mapToInt(Labels::bytes).sum();
        if (bytes > MAX_BYTES) {
            throw CamspoolException.invalid(
                    "labels",
                    bytes,
                    "names and values of at most " + MAX_BYTES + " bytes in UTF-8");
        }
        return Map.copyOf(labels);
    }

    private static int bytes(Map.Entry<String, String> label) {
        return label.getKey().getBytes(StandardCharsets.UTF_8).length
                + label.getValue().getBytes(StandardCharsets.UTF_8).length;
    }

    static String name(String field, String value) {
        return text(field, value, MAX_TEXT);
    }

    static int priority(int priority) {
        if (priority < 0 || priority > 9) {
            throw CamspoolException.invalid("priority", priority, "0 to 9");
        }
        return priority;
    }

    /// Half a surrogate pair would come back as another name.
    private static void wellFormed(String field, String value) {
        if (value.codePoints().anyMatch(point -> point >= 0xD800 && point <= 0xDFFF)) {
            throw CamspoolException.invalid(field, value, "text without unpaired surrogates");
        }
    }

    private static String text(String field, String value, int limit) {
        wellFormed(field, value);
        if (value.isBlank() || value.length() > limit) {
            throw CamspoolException.invalid(
                    field, value, "1 to " + limit + " characters, not blank");
        }
        return value;
    }
}
