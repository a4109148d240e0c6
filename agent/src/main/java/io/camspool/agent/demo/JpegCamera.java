package io.camspool.agent.demo;

import io.camspool.Content;
import io.camspool.Encoded;
import io.camspool.ImageFormat;
import io.camspool.image.ImageCodecs;
import io.camspool.image.Orientation;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Hands over JPEGs, as the snapshot address of an IP camera does. Some are encoded ahead and shown
/// in turn; each carries a comment with its number, so that no two pictures have the same bytes.
final class JpegCamera extends Camera {
    private static final int PICTURES_AHEAD = 6;
    private static final int QUALITY = 80;

    private final List<byte[]> pictures = new ArrayList<>();
    private int taken;

    JpegCamera(
            String name,
            double picturesPerSecond,
            Photo photo,
            int width,
            int height,
            SensorNoise noise) {
        super(name, "JPEG", picturesPerSecond, width, height);
        var window = new MovingWindow(photo, width, height, noise);
        try (var encoder = ImageCodecs.best().openEncoder()) {
            for (var i = 0; i < PICTURES_AHEAD; i++) {
                encoder.load(window.next(), width, height, Orientation.UPRIGHT, width, height);
                var jpeg = encoder.encode(ImageFormat.JPEG, QUALITY);
                pictures.add(jpeg.toArray(ValueLayout.JAVA_BYTE));
            }
        }
    }

    @Override
    Content picture() {
        var jpeg = pictures.get(taken % pictures.size());
        taken++;
        return Encoded.of(withComment(jpeg, name() + " picture " + taken));
    }

    @Override
    List<Content> alertPictures() {
        return List.of(picture(), picture());
    }

    /// The same JPEG with a comment segment behind its first segment, where JFIF wants its own to
    /// be.
    private static byte[] withComment(byte[] jpeg, String comment) {
        var text = comment.getBytes(StandardCharsets.US_ASCII);
        var length = text.length + 2;
        var at = 4 + ((jpeg[4] & 0xff) << 8 | (jpeg[5] & 0xff));
        var out = new ByteArrayOutputStream(jpeg.length + length + 2);
        out.write(jpeg, 0, at);
        out.write(0xff);
        out.write(0xfe);
        out.write(length >> 8);
        out.write(length);
        out.writeBytes(text);
        out.write(jpeg, at, jpeg.length - at);
        return out.toByteArray();
    }
}
