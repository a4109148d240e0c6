package io.camspool.internal.sink.http;

import io.camspool.ItemId;
import io.camspool.StoredAlert;
import io.camspool.StoredCapture;
import io.camspool.StoredItem;
import io.camspool.sink.CaptureLink;
import io.camspool.sink.Delivery;
import io.camspool.sink.SinkContract.Sent;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the tests of this package send.
final class Deliveries {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00.250Z");

    private Deliveries() {}

    static Sent capture(byte[] content) {
        return capture(content, "ab".repeat(32));
    }

    static Sent capture(byte[] content, String sha256) {
        return new Sent(
                new StoredCapture(
                        new ItemId("c1"),
                        1,
                        "gate-1",
                        Optional.of("alert-1"),
                        NOON,
                        Map.of("zone", "north"),
                        5,
                        Path.of("/nowhere/c1.jpg"),
                        "image/jpeg",
                        Optional.of(new StoredCapture.Sides(64, 48)),
                        content.length,
                        sha256,
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        false),
                "box-1~abc123/20261123/gate-1_c1.jpg",
                content);
    }

    /// An alert with two captures, of which one has an address.
    static Delivery alert(String json) {
        var content = json.getBytes(StandardCharsets.UTF_8);
        return new WithCaptures(
                new StoredAlert(
                        new ItemId("a1"),
                        2,
                        Optional.of("门 \"1\""),
                        Optional.empty(),
                        NOON,
                        Map.of("zone", "north", "by", "a\nb"),
                        7,
                        content.length,
                        "cd".repeat(32),
                        0,
                        false),
                content);
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record WithCaptures(StoredItem item, byte[] content) implements Delivery {
        @Override
        public String key() {
            return "box-1~abc123/alerts/20261123/a1.json";
        }

        @Override
        public String source() {
            return "box-1~abc123";
        }

        @Override
        public List<CaptureLink> captures() {
            return List.of(
                    new CaptureLink(
                            new ItemId("c1"),
                            "k/c1.jpg",
                            Optional.of("https://img.example/c1.jpg")),
                    new CaptureLink(new ItemId("c2"), "k/c2.jpg", Optional.empty()));
        }

        @Override
        public boolean isIncomplete() {
            return true;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(content);
        }
    }
}
