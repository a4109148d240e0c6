package io.camspool.internal.engine;

import io.camspool.CamspoolConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;

/// The name of a box that nobody has named.
final class HostName {
    private static final String UNKNOWN = "box";

    private HostName() {}

    /// The host's name as far as a box may be called so.
    static String asBox() {
        try {
            var name = InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9._-]", "-");
            return name.isEmpty() || name.startsWith(".")
                    ? UNKNOWN
                    : name.substring(0, Math.min(CamspoolConfig.MAX_BOX, name.length()));
        } catch (UnknownHostException _) {
            return UNKNOWN;
        }
    }
}
