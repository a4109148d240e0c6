package io.camspool.agent.api;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// A `multipart/form-data` body.
final class FormBody {
    private static final String BOUNDARY = "----b'7 x";

    private final ByteArrayOutputStream parts = new ByteArrayOutputStream();

    FormBody part(String name, String text, String... headers) {
        return part(name, text.getBytes(StandardCharsets.UTF_8), headers);
    }

    FormBody part(String name, byte[] content, String... headers) {
        write("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n");
        for (var header : headers) {
            write(header + "\r\n");
        }
        write("\r\n");
        parts.writeBytes(content);
        write("\r\n");
        return this;
    }

    String mediaType() {
        return "multipart/form-data; boundary=\"" + BOUNDARY + "\"";
    }

    byte[] bytes() {
        var whole = new ByteArrayOutputStream();
        whole.writeBytes(parts.toByteArray());
        whole.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return whole.toByteArray();
    }

    private void write(String text) {
        parts.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
