package io.camspool.agent;

import io.camspool.ItemId;
import io.camspool.StoredAlert;
import io.camspool.StoredCapture;
import io.camspool.StoredItem;
import io.camspool.sink.CaptureLink;
import io.camspool.sink.Delivery;
import io.camspool.sink.NamedSink;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;

/// A made-up item, clearly marked as such: camera and alert id, and its JSON, say so. Its id is
/// never that of another.
@SuppressWarnings("ArrayRecordComponent") // never compared
record Sample(StoredItem item, String key, List<CaptureLink> captures, byte[] content)
        implements Delivery {
    private static final String CAMERA = "camspool-test";
    private static final int SIDE = 16;

    /// An alert with [#capture].
    ///
    /// @param publicUrl template of that one's address
    static Sample alert(Instant now, Optional<String> publicUrl) {
        var json = "{\"kind\":\"camspool-test\",\"test\":true}".getBytes(StandardCharsets.UTF_8);
        var id = new ItemId("camspool-test-alert-" + now.toEpochMilli());
        return new Sample(
                new StoredAlert(
                        id,
                        1,
                        Optional.of(CAMERA),
                        Optional.of(id.value()),
                        now,
                        Map.of("test", "true"),
                        5,
                        json.length,
                        Sha256.of(json),
                        0,
                        false),
                CAMERA + "/" + id + ".json",
                List.of(
                        new CaptureLink(
                                imageId(now),
                                imageKey(now),
                                publicUrl.map(template -> NamedSink.url(template, imageKey(now))))),
                json);
    }

    static Sample capture(Instant now) {
        var image = image();
        var id = imageId(now);
        return new Sample(
                new StoredCapture(
                        id,
                        2,
                        CAMERA,
                        Optional.of("camspool-test-alert-" + now.toEpochMilli()),
                        now,
                        Map.of("test", "true"),
                        5,
                        Path.of(id + ".jpg").toAbsolutePath(),
                        "image/jpeg",
                        Optional.of(new StoredCapture.Sides(SIDE, SIDE)),
                        image.length,
                        Sha256.of(image),
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        false),
                imageKey(now),
                List.of(),
                image);
    }

    private static ItemId imageId(Instant now) {
        return new ItemId("camspool-test-image-" + now.toEpochMilli());
    }

    private static String imageKey(Instant now) {
        return CAMERA + "/" + imageId(now) + ".jpg";
    }

    @Override
    public String source() {
        return CAMERA;
    }

    @Override
    public InputStream open() {
        return new ByteArrayInputStream(content);
    }

    private static byte[] image() {
        var out = new ByteArrayOutputStream();
        try {
            ImageIO.write(new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB), "jpg", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
