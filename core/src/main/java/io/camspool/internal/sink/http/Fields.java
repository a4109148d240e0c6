package io.camspool.internal.sink.http;

import com.fasterxml.jackson.core.JsonPointer;
import io.camspool.StoredAlert;
import io.camspool.StoredCapture;
import io.camspool.internal.sink.http.Json.Value;
import io.camspool.sink.CaptureLink;
import io.camspool.sink.Delivery;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What placeholders of a delivery give.
final class Fields {
    private static final Set<String> COMMON =
            Set.of(
                    "camera",
                    "alert",
                    "alertId",
                    "box",
                    "bytes",
                    "date",
                    "id",
                    "key",
                    "labels",
                    "labels.*",
                    "priority",
                    "seq",
                    "sha256",
                    "source",
                    "time",
                    "timeMillis");

    static final Set<String> OF_ALERTS =
            with("captures", "captures[*", "incomplete", "json", "json:/*");

    /// Where the file goes in a JSON body.
    static final String IMAGE = "image:base64";

    static final Set<String> OF_IMAGES = with("height", "mediaType", "name", "width");
    static final Set<String> OF_IMAGE_BODIES = with("height", "mediaType", "name", "width", IMAGE);

    private static final Pattern CAPTURE = Pattern.compile("captures\\[(\\d{1,4})]\\.(id|key|url)");
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyyMMdd");

    private final Delivery delivery;
    private final byte[] json;

    /// @param json the alert's; empty for others
    Fields(Delivery delivery, byte[] json) {
        this.delivery = delivery;
        this.json = json;
    }

    private static Set<String> with(String... more) {
        var names = new TreeSet<>(COMMON);
        names.addAll(Set.of(more));
        return names;
    }

    /// Whether a name that begins as one of a capture ends as one too.
    static boolean isWhole(String name) {
        return !name.startsWith("captures[") || CAPTURE.matcher(name).matches();
    }

    Value value(String name) {
        var item = delivery.item();
        return switch (name) {
            case "camera" -> text(camera(delivery));
            case "alert", "alertId" -> text(item.alertId());
            case "box" -> Value.string(box(delivery.source()));
            case "bytes" -> Value.raw(String.valueOf(item.bytes()));
            case "date" -> Value.string(DATE.format(item.time().atOffset(ZoneOffset.UTC)));
            case "id" -> Value.string(item.id().value());
            case "key" -> Value.string(delivery.key());
            case "name" -> Value.string(name(delivery));
            case "labels" -> Value.raw(labels());
            case "priority" -> Value.raw(String.valueOf(item.priority()));
            case "seq" -> Value.raw(String.valueOf(item.seq()));
            case "sha256" -> Value.string(item.sha256());
            case "source" -> Value.string(delivery.source());
            case "time" -> Value.string(item.time().toString());
            case "timeMillis" -> Value.raw(String.valueOf(item.time().toEpochMilli()));
            case "captures" -> Value.raw(captures());
            case "incomplete" -> Value.raw(String.valueOf(delivery.isIncomplete()));
            case "json" -> Value.raw(new String(json, StandardCharsets.UTF_8));
            default -> other(name);
        };
    }

    private Value other(String name) {
        if (!(delivery.item() instanceof StoredCapture capture)) {
            return ofPath(name);
        }
        return switch (name) {
            case "mediaType" -> Value.string(capture.mediaType());
            case "width" -> capture.sides().map(sides -> number(sides.width())).orElse(Value.NULL);
            case "height" ->
                    capture.sides().map(sides -> number(sides.height())).orElse(Value.NULL);
            default -> ofPath(name);
        };
    }

    private Value ofPath(String name) {
        if (name.startsWith("labels.")) {
            return text(Optional.ofNullable(delivery.item().labels().get(name.substring(7))));
        }
        if (name.startsWith("json:")) {
            var found = Json.at(json, JsonPointer.compile(name.substring(5)));
            return found == null ? Value.NULL : found;
        }
        var match = CAPTURE.matcher(name);
        if (match.matches()) {
            var index = Integer.parseInt(match.group(1));
            if (index < delivery.captures().size()) {
                var capture = delivery.captures().get(index);
                return switch (match.group(2)) {
                    case "id" -> Value.string(capture.id().value());
                    case "key" -> Value.string(capture.key());
                    default -> text(capture.url());
                };
            }
        }
        return Value.NULL;
    }

    private String labels() {
        return new TreeMap<>(delivery.item().labels())
                .entrySet().stream()
                        .map(
                                label ->
                                        Json.quoted(label.getKey())
                                                + ":"
                                                + Json.quoted(label.getValue()))
                        .collect(Collectors.joining(",", "{", "}"));
    }

    private String captures() {
        return delivery.captures().stream()
                .map(Fields::link)
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static String link(CaptureLink capture) {
        return "{\"id\":%s,\"key\":%s,\"url\":%s}"
                .formatted(
                        Json.quoted(capture.id().value()),
                        Json.quoted(capture.key()),
                        text(capture.url()).asJson());
    }

    static Optional<String> camera(Delivery delivery) {
        return switch (delivery.item()) {
            case StoredAlert alert -> alert.camera();
            case StoredCapture capture -> Optional.of(capture.camera());
        };
    }

    /// The file's name at the receiver: the end of the key.
    static String name(Delivery delivery) {
        return delivery.key().substring(delivery.key().lastIndexOf('/') + 1);
    }

    private static String box(String source) {
        var end = source.lastIndexOf('~');
        return end < 0 ? source : source.substring(0, end);
    }

    private static Value number(int number) {
        return Value.raw(String.valueOf(number));
    }

    private static Value text(Optional<String> text) {
        return text.map(Value::string).orElse(Value.NULL);
    }
}
