package io.camspool.internal.sink.http;

import io.camspool.CamspoolException;
import io.camspool.internal.sink.http.Json.Value;
import java.net.URI;
import java.util.Set;

/// Templates of addresses.
final class Addresses {
    private Addresses() {}

    /// A template that gives an address, whatever its placeholders stand for.
    static Template template(String field, String url, Set<String> known) {
        var template = new Template(field, url, Template.Use.URL, known);
        try {
            var _ = URI.create(template.fill(_ -> Value.string("0")));
        } catch (IllegalArgumentException _) {
            throw CamspoolException.invalid(
                    field, url.replaceAll("\\?.*", ""), "an address with its parts encoded");
        }
        return template;
    }
}
