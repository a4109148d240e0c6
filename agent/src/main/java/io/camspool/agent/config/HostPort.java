package io.camspool.agent.config;

import java.util.Optional;
import java.util.regex.Pattern;

/// Where a server listens.
///
/// @param host a name or an address, without brackets
/// @param port 0: whichever is free
public record HostPort(String host, int port) {
    static final String ALLOWED = "host:port, as 127.0.0.1:8686 or [::1]:8686";

    private static final Pattern SHAPE =
            Pattern.compile(
                    "(?:([\\p{Alnum}._-]{1,253})|\\[([\\p{XDigit}:.%]{2,64})]):([0-9]{1,5})");

    static Optional<HostPort> read(String text) {
        var parts = SHAPE.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        var host = Optional.ofNullable(parts.group(1)).orElse(parts.group(2));
        return Amounts.number(parts.group(3), 0, 65_535)
                .map(port -> new HostPort(host, Math.toIntExact(port)));
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
