package io.camspool.sink;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A receiver over HTTP. docs/http-sink.md says what goes over the wire. Templates are checked when
/// the sink is made.
///
/// @param alerts where alerts go; empty: it takes none
/// @param images where images and files go; empty: it takes none
/// @param answers what answers count as, where the status doesn't tell
/// @param access how the receiver is shown who asks
/// @param signature a header that signs each request
/// @param headers templates of further headers of each request by name, with `${timestamp}`
///   `${timestampMillis}` `${nonce}` `${token}`
/// @param connection how it is reached
/// @param probeUrl what a HEAD is sent to, to see whether it can take something; empty: the
///   smallest delivery is sent instead
public record HttpSettings(
        Optional<HttpAlerts> alerts,
        Optional<HttpImages> images,
        HttpAnswers answers,
        HttpAccess access,
        Optional<HttpSignature> signature,
        Map<String, String> headers,
        HttpConnection connection,
        Optional<String> probeUrl) {
    public HttpSettings {
        headers = new TreeMap<>(headers);
        if (alerts.isEmpty() && images.isEmpty()) {
            throw new CamspoolException(
                    Reason.INVALID,
                    "http: one of alerts-url and images-url, or both, must be there");
        }
        headers.keySet().forEach(name -> checkHeader("http.headers", name));
        probeUrl.ifPresent(url -> checkUrl("http.probe-url", url));
    }

    private static HttpSettings of(Optional<HttpAlerts> alerts, Optional<HttpImages> images) {
        return new HttpSettings(
                alerts,
                images,
                HttpAnswers.DEFAULTS,
                new HttpAccess.None(),
                Optional.empty(),
                Map.of(),
                HttpConnection.DEFAULTS,
                Optional.empty());
    }

    public static HttpSettings of(HttpAlerts alerts, HttpImages images) {
        return of(Optional.of(alerts), Optional.of(images));
    }

    public static HttpSettings of(HttpAlerts alerts) {
        return of(Optional.of(alerts), Optional.empty());
    }

    public static HttpSettings of(HttpImages images) {
        return of(Optional.empty(), Optional.of(images));
    }

    public HttpSettings withAnswers(HttpAnswers changed) {
        return new HttpSettings(
                alerts, images, changed, access, signature, headers, connection, probeUrl);
    }

    public HttpSettings withAccess(HttpAccess changed) {
        return new HttpSettings(
                alerts, images, answers, changed, signature, headers, connection, probeUrl);
    }

    public HttpSettings withSignature(HttpSignature changed) {
        return new HttpSettings(
                alerts,
                images,
                answers,
                access,
                Optional.of(changed),
                headers,
                connection,
                probeUrl);
    }

    public HttpSettings withHeader(String name, String template) {
        var more = new TreeMap<>(headers);
        more.put(name, template);
        return new HttpSettings(
                alerts, images, answers, access, signature, more, connection, probeUrl);
    }

    public HttpSettings withConnection(HttpConnection changed) {
        return new HttpSettings(
                alerts, images, answers, access, signature, headers, changed, probeUrl);
    }

    public HttpSettings withProbeUrl(String url) {
        return new HttpSettings(
                alerts, images, answers, access, signature, headers, connection, Optional.of(url));
    }

    /// Without addresses and headers, which may hold keys.
    @Override
    public String toString() {
        return "HttpSettings[alerts=%s, images=%s, access=%s, headers=%s]"
                .formatted(
                        alerts.isPresent(),
                        images.isPresent(),
                        access.getClass().getSimpleName(),
                        headers.keySet());
    }

    static void checkUrl(String field, String url) {
        if (!url.matches("https?://[^\\s/?#@{}]+([/?][^\\s#]*)?")) {
            throw CamspoolException.invalid(
                    field,
                    url.replaceAll("//[^/]*@", "//***@").replaceAll("\\?.*", ""),
                    "http:// or https://, a host, a path; no user and no #");
        }
    }

    static void checkHeader(String field, String name) {
        if (!name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}")
                || name.matches("(?i)connection|content-length|expect|host|upgrade")) {
            throw CamspoolException.invalid(
                    field, name, "the name of a header that isn't the connection's own");
        }
    }
}
