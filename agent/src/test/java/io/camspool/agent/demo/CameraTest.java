package io.camspool.agent.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Content;
import io.camspool.Encoded;
import io.camspool.Frame;
import io.camspool.Opaque;
import io.camspool.PixelFormat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.HashSet;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class CameraTest {
    private static final int PICTURES = 40;

    @Test
    void eachJpegHasBytesOfItsOwnAndDecodes() throws IOException {
        var camera = new JpegCamera("roof-4", 1, photo(96, 80), 64, 48, new SensorNoise(1));

        var pictures = new HashSet<ByteBuffer>();
        for (var i = 0; i < PICTURES; i++) {
            var jpeg = bytes(camera.picture());
            var image = ImageIO.read(new ByteArrayInputStream(jpeg));
            assertThat(image.getWidth()).isEqualTo(64);
            assertThat(image.getHeight()).isEqualTo(48);
            pictures.add(ByteBuffer.wrap(jpeg));
        }

        assertThat(pictures).hasSize(PICTURES);
    }

    @Test
    void eachRawFrameHasBytesOfItsOwnThoughTheWindowCanNotMove() {
        var camera = new RawCamera("gate-1", 1, photo(64, 48), 64, 48, new SensorNoise(1));

        var pictures = new HashSet<ByteBuffer>();
        for (var i = 0; i < PICTURES; i++) {
            pictures.add(ByteBuffer.wrap(bytes(camera.picture())));
        }

        assertThat(pictures).hasSize(PICTURES);
    }

    @Test
    void alertShowsTheFrameAndItsMiddleInTheSameMemory() {
        var camera = new RawCamera("gate-1", 1, photo(96, 80), 64, 48, new SensorNoise(1));

        var pictures = camera.alertPictures();

        var frame = (Frame) pictures.getFirst();
        var middle = (Frame) pictures.getLast();
        assertThat(middle.width()).isEqualTo(32);
        assertThat(middle.height()).isEqualTo(24);
        assertThat(middle.stride()).isEqualTo(frame.stride());
        assertThat(middle.pixels().get(ValueLayout.JAVA_BYTE, 0))
                .isEqualTo(frame.pixels().get(ValueLayout.JAVA_BYTE, 12L * 64 * 3 + 16 * 3));
    }

    @Test
    void sameSeedGivesTheSamePictures() {
        var one = new MovingWindow(photo(96, 80), 64, 48, new SensorNoise(7));
        var other = new MovingWindow(photo(96, 80), 64, 48, new SensorNoise(7));

        for (var i = 0; i < PICTURES; i++) {
            assertThat(bytes(one.next())).isEqualTo(bytes(other.next()));
        }
    }

    private static Photo photo(int width, int height) {
        var pixels = new byte[width * height * PixelFormat.BGR.bytesPerPixel()];
        for (var i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i / 5);
        }
        return new Photo(MemorySegment.ofArray(pixels), width, height);
    }

    private static byte[] bytes(Content content) {
        return switch (content) {
            case Frame frame -> frame.pixels().toArray(ValueLayout.JAVA_BYTE);
            case Encoded encoded -> encoded.image().toArray(ValueLayout.JAVA_BYTE);
            case Opaque opaque -> throw new AssertionError(opaque);
        };
    }
}
