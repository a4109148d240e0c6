package io.camspool.codec.opencv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.camspool.Frame;
import io.camspool.ImageFormat;
import io.camspool.PixelFormat;
import io.camspool.image.ImageCodec;
import io.camspool.image.ImageCodecContract;
import io.camspool.image.ImageCodecs;
import io.camspool.image.Orientation;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class OpenCvImageCodecTest extends ImageCodecContract {
    @Override
    protected ImageCodec codec() {
        return new OpenCvImageCodec();
    }

    @Test
    void isPreferredWhereItsNativesLoad() {
        assertThat(ImageCodecs.best()).isInstanceOf(OpenCvImageCodec.class);
        assertThat(ImageCodecs.best().name()).matches("OpenCV 4\\.[0-9.]+");
    }

    @Test
    void frameFreedBeforeEncodingIsRefusedInsteadOfRead() {
        try (var encoder = codec().openEncoder()) {
            try (var arena = Arena.ofConfined()) {
                var pixels = arena.allocate(64 * 48 * 3);
                encoder.load(
                        Frame.of(pixels, 64, 48, PixelFormat.BGR),
                        64,
                        48,
                        Orientation.UPRIGHT,
                        64,
                        48);
            }

            assertThatIllegalStateException()
                    .isThrownBy(() -> encoder.encode(ImageFormat.JPEG, 90))
                    .withMessageContaining("freed");
        }
    }
}
