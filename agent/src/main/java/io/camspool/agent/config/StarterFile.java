package io.camspool.agent.config;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;

/// The file that people begin with.
public final class StarterFile {
    private static final String NAME = "starter.yaml";
    private static final String BOX = "BOX";
    private static final String ANY_BOX = "box-1";

    private StarterFile() {}

    /// It works as it is.
    public static String text() {
        try (var in = StarterFile.class.getResourceAsStream(NAME)) {
            if (in != null) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace(BOX, box());
            }
        } catch (IOException e) {
            throw new CamspoolException(Reason.STORAGE, "can't read " + NAME, e);
        }
        throw new CamspoolException(Reason.STORAGE, "this build has no " + NAME);
    }

    /// The host's name, where it may be a box's.
    private static String box() {
        try {
            var name = InetAddress.getLocalHost().getHostName();
            return name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}") ? name : ANY_BOX;
        } catch (UnknownHostException _) {
            return ANY_BOX;
        }
    }
}
