package io.camspool.internal.sink.http;

import io.camspool.StoredAlert;
import io.camspool.internal.sink.http.Request.Header;
import io.camspool.sink.CloudEvents;
import io.camspool.sink.Delivery;
import io.camspool.sink.HttpAlerts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;

/// Requests that carry alerts.
final class AlertRequests {
    static final Header GZIP = Header.of("Content-Encoding", "gzip");

    private final HttpAlerts settings;
    private final Template url;
    private final Optional<Template> body;

    /// An alert that was read.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Read(Delivery delivery, StoredAlert alert, byte[] json) {}

    AlertRequests(HttpAlerts settings) {
        this.settings = settings;
        var known = new TreeSet<>(Signer.STAMPS);
        if (settings.body().isPresent()) {
            known.addAll(Fields.OF_ALERTS);
        }
        this.url = Addresses.template("http.alerts-url", settings.url(), known);
        this.body =
                settings.body()
                        .map(
                                text ->
                                        new Template(
                                                "http.alerts-body",
                                                text,
                                                Template.Use.JSON,
                                                Fields.OF_ALERTS));
    }

    /// Whether each alert is a request of its own.
    boolean isSingle() {
        return body.isPresent();
    }

    Draft draft(List<Read> alerts) {
        return body.map(template -> single(template, alerts.getFirst()))
                .orElseGet(() -> batch(alerts));
    }

    private Draft single(Template template, Read read) {
        var fields = new Fields(read.delivery, read.json);
        return draft(
                fields,
                "application/json",
                IdempotencyKey.of(List.of(read.delivery)),
                template.fill(fields::value).getBytes(StandardCharsets.UTF_8));
    }

    private Draft batch(List<Read> alerts) {
        var events = new ByteArrayOutputStream();
        var separator = '[';
        for (var read : alerts) {
            events.write(separator);
            events.writeBytes(CloudEvents.alert(read.delivery, read.alert, read.json));
            separator = ',';
        }
        events.write(']');
        return draft(
                new Fields(alerts.getFirst().delivery, alerts.getFirst().json),
                "application/cloudevents-batch+json",
                IdempotencyKey.of(alerts.stream().map(Read::delivery).toList()),
                events.toByteArray());
    }

    private Draft draft(Fields fields, String type, Header idempotencyKey, byte[] content) {
        var headers = new ArrayList<Header>();
        headers.add(Header.of("Content-Type", type));
        if (settings.gzip()) {
            headers.add(GZIP);
        }
        headers.add(idempotencyKey);
        return new Draft(
                "POST",
                url,
                fields::value,
                headers,
                RequestBody.of(settings.gzip() ? compressed(content) : content));
    }

    private static byte[] compressed(byte[] content) {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
