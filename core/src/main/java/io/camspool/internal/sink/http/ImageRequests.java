package io.camspool.internal.sink.http;

import io.camspool.CamspoolException;
import io.camspool.StoredCapture;
import io.camspool.internal.sink.http.Json.Value;
import io.camspool.internal.sink.http.Request.Header;
import io.camspool.sink.Delivery;
import io.camspool.sink.HttpImages;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Requests that carry an image or another file.
final class ImageRequests {
    /// What no template holds: where the file goes.
    private static final String HERE = "\uE000camspool\uE000";

    private final HttpImages settings;
    private final Template url;
    private final Map<String, Template> templates = new TreeMap<>();

    ImageRequests(HttpImages settings) {
        this.settings = settings;
        var known = new TreeSet<>(Signer.STAMPS);
        known.addAll(Fields.OF_IMAGES);
        this.url = Addresses.template("http.images-url", settings.url(), known);
        switch (settings.form()) {
            case HttpImages.Plain _ -> {}
            case HttpImages.Json json -> {
                if (json.body().split("\\$\\{image:base64}", -1).length != 2) {
                    throw CamspoolException.invalid(
                            "http.images-body", json.body(), "a template with one ${image:base64}");
                }
                templates.put(
                        "",
                        new Template(
                                "http.images-body",
                                json.body(),
                                Template.Use.JSON,
                                Fields.OF_IMAGE_BODIES));
            }
            case HttpImages.Multipart multipart ->
                    multipart
                            .fields()
                            .forEach(
                                    (name, text) ->
                                            templates.put(
                                                    name,
                                                    new Template(
                                                            "http.images-multipart." + name,
                                                            text,
                                                            Template.Use.TEXT,
                                                            Fields.OF_IMAGES)));
        }
    }

    Draft draft(Delivery delivery, StoredCapture capture) {
        var fields = new Fields(delivery, new byte[0]);
        var boundary = "camspool-" + capture.sha256();
        return new Draft(
                settings.method(),
                url,
                fields::value,
                headers(delivery, capture, boundary),
                switch (settings.form()) {
                    case HttpImages.Plain _ -> RequestBody.of(delivery);
                    case HttpImages.Json _ -> json(delivery, fields);
                    case HttpImages.Multipart multipart ->
                            multipart(multipart, boundary, delivery, capture, fields);
                });
    }

    private List<Header> headers(Delivery delivery, StoredCapture capture, String boundary) {
        var headers = new ArrayList<Header>();
        headers.add(
                Header.of(
                        "Content-Type",
                        switch (settings.form()) {
                            case HttpImages.Plain _ -> capture.mediaType();
                            case HttpImages.Json _ -> "application/json";
                            case HttpImages.Multipart _ ->
                                    "multipart/form-data; boundary=" + boundary;
                        }));
        headers.add(IdempotencyKey.of(List.of(delivery)));
        headers.add(Header.of("Camspool-Sha256", capture.sha256()));
        headers.add(Header.of("Camspool-Camera", visible(capture.camera())));
        headers.add(Header.of("Camspool-Time", capture.time().toString()));
        capture.alertId()
                .ifPresent(alert -> headers.add(Header.of("Camspool-Alert", visible(alert))));
        headers.add(Header.of("Camspool-Key", visible(delivery.key())));
        return headers;
    }

    /// Percent-encoded UTF-8 where it isn't plain ASCII.
    private static String visible(String text) {
        var encoded = new StringBuilder();
        text.codePoints()
                .forEach(
                        letter -> {
                            if (letter > ' ' && letter < 127 && letter != '%') {
                                encoded.appendCodePoint(letter);
                            } else {
                                encoded.append(
                                        letter == ' '
                                                ? "%20"
                                                : URLEncoder.encode(
                                                        Character.toString(letter),
                                                        StandardCharsets.UTF_8));
                            }
                        });
        return encoded.toString();
    }

    private RequestBody json(Delivery delivery, Fields fields) {
        var template = templates.values().iterator().next();
        var text =
                template.fill(
                        name ->
                                name.equals(Fields.IMAGE)
                                        ? Value.string(HERE)
                                        : fields.value(name));
        var at = text.indexOf(HERE);
        return RequestBody.aroundBase64(
                bytes(text.substring(0, at)), delivery, bytes(text.substring(at + HERE.length())));
    }

    private RequestBody multipart(
            HttpImages.Multipart multipart,
            String boundary,
            Delivery delivery,
            StoredCapture capture,
            Fields fields) {
        var before = new StringBuilder();
        templates.forEach(
                (name, template) ->
                        before.append("--%s\r\n".formatted(boundary))
                                .append("Content-Disposition: form-data; name=\"" + name)
                                .append("\"\r\n\r\n")
                                .append(template.fill(fields::value))
                                .append("\r\n"));
        before.append("--%s\r\n".formatted(boundary))
                .append(
                        "Content-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\n"
                                .formatted(
                                        multipart.fileField(),
                                        Fields.name(delivery).replace("\"", "%22")))
                .append("Content-Type: %s\r\n\r\n".formatted(capture.mediaType()));
        return RequestBody.around(
                bytes(before.toString()), delivery, bytes("\r\n--" + boundary + "--\r\n"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
