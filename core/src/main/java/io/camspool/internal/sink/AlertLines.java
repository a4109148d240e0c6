package io.camspool.internal.sink;

import io.camspool.StoredAlert;
import io.camspool.sink.CloudEvents;
import io.camspool.sink.Delivery;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// A file of alerts: one CloudEvents line each, compressed. The same alerts make the same bytes: no
/// time and no name stand in it.
///
/// @param deliveries of alerts
record AlertLines(List<Delivery> deliveries) implements FolderSink.Content {
    static final String SUFFIX = ".ndjson.gz";

    @Override
    public InputStream open() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            for (var delivery : deliveries) {
                if (!(delivery.item() instanceof StoredAlert alert)) {
                    throw new IllegalArgumentException("no alert: " + delivery.key());
                }
                try (var json = delivery.open()) {
                    out.write(CloudEvents.line(delivery, alert, json.readAllBytes()));
                    out.write('\n');
                }
            }
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    /// Another version of Java may compress otherwise what is the same.
    @Override
    public InputStream unpacked(InputStream file) throws IOException {
        return new GZIPInputStream(file);
    }
}
