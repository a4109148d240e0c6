package io.camspool.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.camspool.Content;
import io.camspool.Encoded;
import io.camspool.Frame;
import io.camspool.ImageFormat;
import io.camspool.PixelFormat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What every image codec promises. Results are read back with ImageIO and held against averages
/// computed here.
public abstract class ImageCodecContract extends ImageKindsContract {
    protected ImageCodecContract() {}

    @Test
    void worksHereAndHasAName() {
        assertThat(codec().available()).isTrue();
        assertThat(codec().name()).isNotBlank();
    }

    @ParameterizedTest
    @EnumSource(PixelFormat.class)
    void rawFrameWithStrideKeepsSizeAndMeanColour(PixelFormat format) {
        var expected = flat(64, 48, 200, 120, 40);
        for (var content : bothMemories(bytesOf(expected, format, 17))) {
            var stride = 64 * format.bytesPerPixel() + 17;
            var frame = new Frame(content, 64, 48, stride, format);

            load(frame, 64, 48, 64, 48);
            var picture = decode(encoder.encode(ImageFormat.JPEG, 90));

            assertThat(picture.width).isEqualTo(64);
            assertThat(picture.height).isEqualTo(48);
            assertMeans(
                    picture, format == PixelFormat.GRAY ? flat(64, 48, 200, 200, 200) : expected);
        }
    }

    @ParameterizedTest
    @EnumSource(PixelFormat.class)
    void rawFrameWithStrideIsAveragedWithItsOwnPixelsOnly(PixelFormat format) {
        var source = detailed(90, 60);
        var stride = 90 * format.bytesPerPixel() + 5;
        for (var content : bothMemories(bytesOf(source, format, 5))) {
            load(new Frame(content, 90, 60, stride, format), 90, 60, 45, 20);
            var expected = (format == PixelFormat.GRAY ? source.grey() : source).averaged(45, 20);

            assertThat(maxDifference(encodedAsPng(), expected)).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void halvingUltraHdIsTheAreaAverage() {
        var source = detailed(3840, 2160);
        load(frame(source), 3840, 2160, 1920, 1080);

        assertThat(psnr(encodedAsPng(), source.averaged(1920, 1080))).isGreaterThan(35);
    }

    @Test
    void fractionalRatioIsTheAreaAverage() {
        var source = detailed(2560, 1440);
        load(frame(source), 2560, 1440, 1920, 1080);

        assertThat(psnr(encodedAsPng(), source.averaged(1920, 1080))).isGreaterThan(33);
    }

    @Test
    void onePixelStaysOnePixel() {
        load(frame(flat(1, 1, 10, 20, 30)), 1, 1, 1, 1);

        assertThat(encodedAsPng().rgb).containsExactly(10, 20, 30);
        assertThat(decode(encoder.encode(ImageFormat.JPEG, 90)).width).isEqualTo(1);
    }

    @Test
    void oneColumnIsHalved() {
        var source = detailed(1, 2000);
        load(frame(source), 1, 2000, 1, 1000);

        assertThat(maxDifference(encodedAsPng(), source.averaged(1, 1000))).isLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(PixelFormat.class)
    void pngRoundTripIsExact(PixelFormat format) {
        var source = format == PixelFormat.GRAY ? detailed(67, 45).grey() : detailed(67, 45);
        load(frame(source, format), 67, 45, 67, 45);
        var first = encoder.encode(ImageFormat.PNG, 90).toArray(ValueLayout.JAVA_BYTE);
        assertThat(decode(MemorySegment.ofArray(first)).rgb).isEqualTo(source.rgb);

        load(Encoded.of(first), 67, 45, 67, 45);

        assertThat(encodedAsPng().rgb).isEqualTo(source.rgb);
    }

    @Test
    void largePngIsScaledByAveraging() {
        var source = detailed(640, 480);
        load(frame(source), 640, 480, 640, 480);
        var png = encoder.encode(ImageFormat.PNG, 90).toArray(ValueLayout.JAVA_BYTE);

        load(Encoded.of(png), 640, 480, 80, 60);

        assertThat(maxDifference(encodedAsPng(), source.averaged(80, 60))).isLessThanOrEqualTo(1);
    }

    /// Factors around those at which a decoder can drop resolution itself.
    @ParameterizedTest
    @ValueSource(ints = {480, 479, 320, 241, 240, 200, 120, 60, 50})
    void jpegBecomesSmallerJpeg(int width) {
        var height = width * 3 / 4;
        var jpeg = jpegOf(detailed(480, 360));
        var decoded = decode(MemorySegment.ofArray(jpeg));
        for (var image : bothMemories(jpeg)) {
            load(new Encoded(image), 480, 360, width, height);
            var picture = decode(encoder.encode(ImageFormat.JPEG, 95));

            assertThat(picture.width).isEqualTo(width);
            assertThat(picture.height).isEqualTo(height);
            assertMeans(picture, decoded);
            assertThat(psnr(picture, decoded.averaged(width, height))).isGreaterThan(30);
        }
    }

    @Test
    void jpegOfOddSizeIsHalvedRoundedUp() {
        var source = detailed(481, 361);

        load(Encoded.of(jpegOf(source)), 481, 361, 241, 181);

        assertThat(psnr(encodedAsPng(), source.averaged(241, 181))).isGreaterThan(28);
    }

    @Test
    void greyJpegStaysAsBright() {
        var source = detailed(160, 120).grey();
        load(frame(source, PixelFormat.GRAY), 160, 120, 160, 120);
        var jpeg = encoder.encode(ImageFormat.JPEG, 95).toArray(ValueLayout.JAVA_BYTE);

        load(Encoded.of(jpeg), 160, 120, 60, 45);

        assertThat(psnr(encodedAsPng(), source.averaged(60, 45))).isGreaterThan(35);
    }

    @Test
    void garbageIsRefusedAndTheEncoderStaysUsable() {
        var random = new byte[5000];
        new Random(7).nextBytes(random);
        var likeJpeg = random.clone();
        System.arraycopy(jpegOf(detailed(40, 30)), 0, likeJpeg, 0, 100);
        var likePng = random.clone();
        load(frame(detailed(40, 30)), 40, 30, 40, 30);
        MemorySegment.copy(
                encoder.encode(ImageFormat.PNG, 90), ValueLayout.JAVA_BYTE, 0, likePng, 0, 60);

        for (var garbage :
                new byte[][] {random, likeJpeg, likePng, {}, {1}, {(byte) 0xff, (byte) 0xd8}}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> load(Encoded.of(garbage), 40, 30, 20, 15))
                    .satisfies(e -> assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(300));
            assertThatIllegalStateException()
                    .isThrownBy(() -> encoder.encode(ImageFormat.JPEG, 90));
        }

        var source = detailed(40, 30);
        load(frame(source), 40, 30, 20, 15);
        assertThat(maxDifference(encodedAsPng(), source.averaged(20, 15))).isLessThanOrEqualTo(1);
    }

    @Test
    void lowerQualityTakesFewerBytes() {
        load(frame(detailed(640, 360)), 640, 360, 320, 180);
        var high = encoder.encode(ImageFormat.JPEG, 90).byteSize();
        var low = encoder.encode(ImageFormat.JPEG, 40).byteSize();

        assertThat(low).isLessThan(high);
        assertThat(encoder.encode(ImageFormat.JPEG, 90).byteSize()).isEqualTo(high);
    }

    @Test
    void colourJpegHasChromaOfHalfTheSides() {
        var jpeg = jpegOf(detailed(64, 48));
        var frameHeader = 2;
        while (jpeg[frameHeader + 1] != (byte) 0xc0) {
            frameHeader += 2 + ByteBuffer.wrap(jpeg).getShort(frameHeader + 2);
        }

        assertThat(jpeg[frameHeader + 9]).as("components").isEqualTo((byte) 3);
        assertThat(jpeg[frameHeader + 11]).as("luma sampling").isEqualTo((byte) 0x22);
        assertThat(jpeg[frameHeader + 14]).as("chroma sampling").isEqualTo((byte) 0x11);
        assertThat(jpeg[frameHeader + 17]).as("chroma sampling").isEqualTo((byte) 0x11);
    }

    @Test
    void sizesAndFormatsMayAlternate() {
        for (var round = 0; round < 3; round++) {
            for (var width : new int[] {40, 10, 80}) {
                for (var format : PixelFormat.values()) {
                    var source = detailed(width, 32);
                    load(frame(source, format), width, 32, width / 2, 16);
                    var expected = format == PixelFormat.GRAY ? source.grey() : source;
                    assertThat(maxDifference(encodedAsPng(), expected.averaged(width / 2, 16)))
                            .isLessThanOrEqualTo(1);
                }
            }
        }
    }

    @Test
    void closingTwiceDoesNothingMore() {
        load(frame(flat(8, 8, 1, 2, 3)), 8, 8, 8, 8);
        encoder.close();
        encoder.close();

        assertThatIllegalStateException().isThrownBy(() -> encoder.encode(ImageFormat.JPEG, 90));
    }

    private Picture encodedAsPng() {
        return decode(encoder.encode(ImageFormat.PNG, 90));
    }

    private byte[] jpegOf(Picture picture) {
        load(frame(picture), picture.width, picture.height, picture.width, picture.height);
        return encoder.encode(ImageFormat.JPEG, 95).toArray(ValueLayout.JAVA_BYTE);
    }

    private static Content frame(Picture picture) {
        return frame(picture, PixelFormat.BGR);
    }

    private static Content frame(Picture picture, PixelFormat format) {
        return Frame.of(bytesOf(picture, format, 0), picture.width, picture.height, format);
    }

    private static MemorySegment[] bothMemories(byte[] bytes) {
        var inNative = Arena.ofAuto().allocate(bytes.length);
        inNative.copyFrom(MemorySegment.ofArray(bytes));
        return new MemorySegment[] {MemorySegment.ofArray(bytes), inNative};
    }

    /// The picture's pixels, each row followed by bytes that don't belong to it, the last row
    /// without.
    private static byte[] bytesOf(Picture picture, PixelFormat format, int padding) {
        var stride = picture.width * format.bytesPerPixel() + padding;
        var bytes = new byte[stride * picture.height - padding];
        Arrays.fill(bytes, (byte) 0x55);
        for (var y = 0; y < picture.height; y++) {
            for (var x = 0; x < picture.width; x++) {
                var from = (y * picture.width + x) * 3;
                var to = y * stride + x * format.bytesPerPixel();
                for (var channel = 0; channel < format.bytesPerPixel(); channel++) {
                    var swapped = format == PixelFormat.BGR ? 2 - channel : channel;
                    bytes[to + channel] = (byte) picture.rgb[from + swapped];
                }
            }
        }
        return bytes;
    }

    private static Picture flat(int width, int height, int red, int green, int blue) {
        var rgb = new int[width * height * 3];
        for (var i = 0; i < rgb.length; i += 3) {
            rgb[i] = red;
            rgb[i + 1] = green;
            rgb[i + 2] = blue;
        }
        return new Picture(width, height, rgb);
    }

    /// A gradient with waves, edges and a little noise, the same at every call.
    private static Picture detailed(int width, int height) {
        var random = new Random(42);
        var rgb = new int[width * height * 3];
        for (var y = 0; y < height; y++) {
            for (var x = 0; x < width; x++) {
                var at = (y * width + x) * 3;
                var wave = (int) (20 * Math.sin(x / 7.0) * Math.cos(y / 9.0));
                var edge = (x / 40 + y / 40) % 2 == 0 ? 12 : 0;
                var noise = random.nextInt(7);
                rgb[at] = 50 + 120 * x / width + wave + edge + noise;
                rgb[at + 1] = 60 + 120 * y / height + wave + edge + noise;
                rgb[at + 2] = 190 - 100 * x / width + wave + edge - noise;
            }
        }
        return new Picture(width, height, rgb);
    }

    private static Picture decode(MemorySegment image) {
        try {
            var decoded =
                    ImageIO.read(new ByteArrayInputStream(image.toArray(ValueLayout.JAVA_BYTE)));
            var raster = decoded.getRaster();
            var width = decoded.getWidth();
            var height = decoded.getHeight();
            var samples = raster.getPixels(0, 0, width, height, (int[]) null);
            if (raster.getNumBands() == 3) {
                return new Picture(width, height, samples);
            }
            var rgb = new int[width * height * 3];
            for (var i = 0; i < rgb.length; i++) {
                rgb[i] = samples[i / 3];
            }
            return new Picture(width, height, rgb);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertMeans(Picture actual, Picture expected) {
        for (var channel = 0; channel < 3; channel++) {
            assertThat(actual.mean(channel)).isCloseTo(expected.mean(channel), within(2.5));
        }
    }

    private static int maxDifference(Picture actual, Picture expected) {
        assertThat(actual.width).isEqualTo(expected.width);
        assertThat(actual.height).isEqualTo(expected.height);
        var most = 0;
        for (var i = 0; i < expected.rgb.length; i++) {
            most = Math.max(most, Math.abs(actual.rgb[i] - expected.rgb[i]));
        }
        return most;
    }

    /// Peak signal-to-noise ratio in decibels.
    private static double psnr(Picture actual, Picture expected) {
        assertThat(actual.width).isEqualTo(expected.width);
        assertThat(actual.height).isEqualTo(expected.height);
        var squares = 0.0;
        for (var i = 0; i < expected.rgb.length; i++) {
            var difference = actual.rgb[i] - expected.rgb[i];
            squares += (double) difference * difference;
        }
        return 10 * Math.log10(255 * 255 / (squares / expected.rgb.length));
    }

    /// Red, green and blue of each pixel, 0 to 255.
    private static final class Picture {
        private final int width;
        private final int height;
        private final int[] rgb;

        private Picture(int width, int height, int[] rgb) {
            this.width = width;
            this.height = height;
            this.rgb = rgb;
        }

        /// What a grey frame of the red channel shows.
        private Picture grey() {
            var grey = new int[rgb.length];
            for (var i = 0; i < grey.length; i++) {
                grey[i] = rgb[i - i % 3];
            }
            return new Picture(width, height, grey);
        }

        private double mean(int channel) {
            var sum = 0.0;
            for (var i = channel; i < rgb.length; i += 3) {
                sum += rgb[i];
            }
            return sum / (width * height);
        }

        /// The exact area average: each target pixel is the mean of the area under it.
        private Picture averaged(int toWidth, int toHeight) {
            var result = new int[toWidth * toHeight * 3];
            for (var y = 0; y < toHeight; y++) {
                for (var x = 0; x < toWidth; x++) {
                    for (var channel = 0; channel < 3; channel++) {
                        result[(y * toWidth + x) * 3 + channel] =
                                (int) Math.round(average(x, y, channel, toWidth, toHeight));
                    }
                }
            }
            return new Picture(toWidth, toHeight, result);
        }

        private double average(int x, int y, int channel, int toWidth, int toHeight) {
            var left = (double) x * width / toWidth;
            var right = (x + 1.0) * width / toWidth;
            var top = (double) y * height / toHeight;
            var bottom = (y + 1.0) * height / toHeight;
            var sum = 0.0;
            for (var row = (int) top; row < Math.min(bottom, height); row++) {
                var rowShare = Math.min(row + 1, bottom) - Math.max(row, top);
                for (var column = (int) left; column < Math.min(right, width); column++) {
                    var share = Math.min(column + 1, right) - Math.max(column, left);
                    sum += rowShare * share * rgb[(row * width + column) * 3 + channel];
                }
            }
            return sum / ((right - left) * (bottom - top));
        }
    }
}
