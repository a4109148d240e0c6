package io.camspool.agent;

import io.camspool.CamspoolException;
import io.camspool.sink.HttpAlerts;
import io.camspool.sink.HttpImages;
import io.camspool.sink.HttpSettings;
import io.camspool.sink.NamedSink;
import io.camspool.sink.Sinks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/// A sink that is named only on the command line: its address is its identity.
final class SyncTarget {
    private static final String OPTION = "--to";
    private static final Pattern HOST_AND_PORT =
            Pattern.compile("([\\p{Alnum}.-]+|\\[[\\p{XDigit}:.]+]):[0-9]{1,5}(/.*)?");

    private SyncTarget() {}

    /// @param target an existing folder outside the data folder, or the address of a receiver as
    ///   docs/http-sink.md describes it
    static NamedSink parse(String target, Path data) throws IOException {
        return target.matches("(?i)https?:.*") ? receiver(target) : folder(target, data);
    }

    private static NamedSink receiver(String target) {
        var address = target.replaceAll("/+$", "");
        if (!address.matches("https?://[^\\s/?#@{}]+(/[^\\s?#{}]*)?")) {
            throw CamspoolException.invalid(
                    OPTION,
                    target.replaceAll("//[^/]*@", "//***@"),
                    "http:// or https://, a host, a path; all else in a file, see --config");
        }
        var name = address.replaceFirst("https?://", "");
        return new NamedSink(
                id(name, address),
                true,
                Sinks.http(
                        HttpSettings.of(
                                HttpAlerts.to(address + "/alerts"),
                                HttpImages.to(address + "/images/{key}"))));
    }

    private static NamedSink folder(String target, Path data) throws IOException {
        if (target.isBlank()) {
            throw CamspoolException.invalid(OPTION, target, "a path, or an address as https://...");
        }
        var named = Path.of(target);
        if (!Files.isDirectory(named)) {
            throw CamspoolException.invalid(
                    OPTION,
                    target,
                    Files.exists(named)
                            ? "a folder; this is a file"
                            : HOST_AND_PORT.matcher(target).matches()
                                    ? "a folder that exists, or an address: http://" + target
                                    : "a folder that exists");
        }
        var folder = named.toRealPath();
        if (folder.startsWith(data.toRealPath())) {
            throw CamspoolException.invalid(OPTION, target, "a folder outside the data folder");
        }
        return new NamedSink(
                id(String.valueOf(folder.getFileName()), folder.toString()),
                true,
                Sinks.folder(folder));
    }

    private static String id(String name, String whole) {
        var checksum = new CRC32();
        checksum.update(whole.getBytes(StandardCharsets.UTF_8));
        return "%.32s-%08x"
                .formatted(
                        name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-"),
                        checksum.getValue());
    }
}
