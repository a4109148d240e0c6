package io.camspool.sink;

import java.util.Optional;

/// How alerts go by HTTP: as batches of CloudEvents, or each as JSON of the receiver's own.
///
/// @param url template of the address, `http` or `https`
/// @param batching how much at once
/// @param gzip whether bodies are compressed
/// @param body template of the JSON; one request an alert then. Empty: CloudEvents
public record HttpAlerts(String url, Batching batching, boolean gzip, Optional<String> body) {
    private static final int MAX_ITEMS = 500;
    private static final long MAX_BYTES = 1_000_000;
    private static final int PARALLEL = 4;

    public HttpAlerts {
        HttpSettings.checkUrl("http.alerts-url", url);
        if (body.isPresent()) {
            batching =
                    new Batching(
                            1,
                            batching.maxBytes(),
                            batching.maxParallel(),
                            batching.linger(),
                            false);
        }
    }

    /// Batches of up to 500 alerts or 1 MB, compressed, sent at once.
    public static HttpAlerts to(String url) {
        return new HttpAlerts(
                url,
                Batching.of(MAX_ITEMS, MAX_BYTES).withParallel(PARALLEL),
                true,
                Optional.empty());
    }

    public HttpAlerts withBatching(Batching changed) {
        return new HttpAlerts(url, changed, gzip, body);
    }

    public HttpAlerts withGzip(boolean compressed) {
        return new HttpAlerts(url, batching, compressed, body);
    }

    /// One request an alert, with this JSON; not compressed.
    public HttpAlerts withBody(String template) {
        return new HttpAlerts(url, batching, false, Optional.of(template));
    }
}
