package io.camspool.agent.http;

import io.camspool.CamspoolException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Where the server listens, and who may ask it.
///
/// @param listen TCP address; port 0 takes a free one. One that other machines reach needs a token
/// @param unixSocket beside the address, or instead of it
/// @param token what each request must carry as `Authorization: Bearer`; asked for with each
///   request, so that it can change. Never shown
/// @param hosts names, without a port, that requests may ask for besides `localhost` and addresses
public record HttpServerConfig(
        Optional<InetSocketAddress> listen,
        Optional<UnixSocket> unixSocket,
        Optional<Supplier<String>> token,
        Set<String> hosts,
        HttpLimits limits) {
    public HttpServerConfig {
        hosts = Set.copyOf(hosts);
        if (listen.isEmpty() && unixSocket.isEmpty()) {
            throw CamspoolException.invalid("listen", "", "an address, a Unix socket or both");
        }
        if (listen.isPresent() && listen.get().isUnresolved()) {
            throw CamspoolException.invalid(
                    "listen", shown(listen.get()), "an address of this machine");
        }
        if (listen.isPresent()
                && !listen.get().getAddress().isLoopbackAddress()
                && token.isEmpty()) {
            throw CamspoolException.invalid(
                    "listen",
                    shown(listen.get()),
                    "without a token only 127.0.0.1 or [::1]; set a token to let other machines in");
        }
    }

    /// This machine only, without a token.
    public static HttpServerConfig loopback(int port) {
        return new HttpServerConfig(
                Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)),
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                HttpLimits.DEFAULTS);
    }

    static String shown(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    @Override
    public String toString() {
        return "HttpServerConfig[listen=%s, unixSocket=%s, token=%s, hosts=%s, limits=%s]"
                .formatted(listen, unixSocket, token.isPresent() ? "set" : "none", hosts, limits);
    }
}
