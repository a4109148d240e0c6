package io.camspool.internal.sink.http;

import io.camspool.CamspoolException;
import io.camspool.internal.sink.http.Json.Value;
import io.camspool.sink.Outcome;
import java.net.URI;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Templates of addresses.
final class Addresses {
    /// A `.` or `..` between the slashes of the path.
    private static final Pattern STEP = Pattern.compile("^[^?#]*/\\.{1,2}([/?#]|$)");

    private Addresses() {}

    /// A template that gives an address, whatever its placeholders stand for.
    static Template template(String field, String url, Set<String> known) {
        var template = new Template(field, url, Template.Use.URL, known);
        try {
            var address = template.fill(_ -> Value.string("0"));
            if (!STEP.matcher(address).find()) {
                var _ = URI.create(address);
                return template;
            }
        } catch (IllegalArgumentException _) {
            // It is said below.
        }
        throw CamspoolException.invalid(
                field, url.replaceAll("\\?.*", ""), "an address with its parts encoded");
    }

    /// The address that a template gives. A name that comes to `.` or `..` would lead elsewhere,
    /// and no encoding keeps a receiver from following it: such an item has no address.
    static String fill(Template template, Function<String, Value> values) throws FaultException {
        var address = template.fill(values);
        if (STEP.matcher(address).find()) {
            throw new FaultException(
                    new Outcome.ItemRefused("no address", "a name in it comes to . or .."));
        }
        return address;
    }
}
