package io.camspool.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Content;
import io.camspool.Encoded;
import io.camspool.ImageFormat;
import io.camspool.Pictures;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The kinds of images that every codec takes, and the ways it turns them. The part of
/// [ImageCodecContract] that is about what is in a file.
abstract class ImageKindsContract {
    private static final int RED = 0xff0000;
    private static final int GREEN = 0x00ff00;
    private static final int BLUE = 0x0000ff;
    private static final int WHITE = 0xffffff;
    private static final int IHDR_END = 33;

    /// Decoders round differently.
    private static final int NEARLY = 2;

    /// What JPEG leaves of a flat area.
    private static final int LOSSY = 20;

    ImageCodec.Encoder encoder;

    protected abstract ImageCodec codec();

    @BeforeEach
    void open() {
        encoder = codec().openEncoder();
    }

    @AfterEach
    void close() {
        encoder.close();
    }

    /// An image that stands upright already.
    void load(Content content, int sourceWidth, int sourceHeight, int width, int height) {
        encoder.load(content, sourceWidth, sourceHeight, Orientation.UPRIGHT, width, height);
    }

    /// The corners after turning, in the order of reading.
    private static List<Integer> cornersOf(Orientation orientation) {
        return switch (orientation) {
            case UPRIGHT -> List.of(RED, GREEN, BLUE, WHITE);
            case MIRRORED -> List.of(GREEN, RED, WHITE, BLUE);
            case ROTATED_180 -> List.of(WHITE, BLUE, GREEN, RED);
            case MIRRORED_ROTATED_180 -> List.of(BLUE, WHITE, RED, GREEN);
            case MIRRORED_ROTATED_270 -> List.of(RED, BLUE, GREEN, WHITE);
            case ROTATED_90 -> List.of(BLUE, RED, WHITE, GREEN);
            case MIRRORED_ROTATED_90 -> List.of(WHITE, GREEN, BLUE, RED);
            case ROTATED_270 -> List.of(GREEN, WHITE, RED, BLUE);
        };
    }

    private void assertCorners(BufferedImage image, List<Integer> corners, int tolerance) {
        var right = image.getWidth() - 1;
        var bottom = image.getHeight() - 1;
        assertColour(image.getRGB(0, 0), corners.get(0), tolerance);
        assertColour(image.getRGB(right, 0), corners.get(1), tolerance);
        assertColour(image.getRGB(0, bottom), corners.get(2), tolerance);
        assertColour(image.getRGB(right, bottom), corners.get(3), tolerance);
    }

    private static void assertColour(int actual, int expected, int tolerance) {
        for (var shift = 0; shift <= 16; shift += 8) {
            assertThat(Math.abs((actual >> shift & 0xff) - (expected >> shift & 0xff)))
                    .as("%06x instead of %06x", actual & 0xffffff, expected)
                    .isLessThanOrEqualTo(tolerance);
        }
    }

    private static BufferedImage corners(int width, int height) {
        return painted(new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR));
    }

    /// A quarter of the image each: red and green above, blue and white below.
    private static BufferedImage painted(BufferedImage image) {
        for (var y = 0; y < image.getHeight(); y++) {
            for (var x = 0; x < image.getWidth(); x++) {
                var left = x < image.getWidth() / 2;
                var above = y < image.getHeight() / 2;
                var colour = above ? (left ? RED : GREEN) : (left ? BLUE : WHITE);
                image.setRGB(x, y, 0xff000000 | colour);
            }
        }
        return image;
    }

    /// At full size, at sizes that a decoder can reduce to itself, and at one between.
    @ParameterizedTest
    @EnumSource(Orientation.class)
    void anImageIsTurnedAsToldWhateverItsExifSays(Orientation orientation) {
        var jpeg = jpegOf(corners(320, 160), false);
        for (var exif = 1; exif <= 8; exif += 5) {
            var image = Pictures.withOrientation(jpeg, exif, ByteOrder.BIG_ENDIAN);
            for (var divisor : new double[] {1, 2, 8, 3.2}) {
                var longer = (int) (320 / divisor);
                var shorter = (int) (160 / divisor);
                var width = orientation.swapsSides() ? shorter : longer;
                var height = orientation.swapsSides() ? longer : shorter;

                encoder.load(Encoded.of(image), 320, 160, orientation, width, height);

                var result = encodedAsPng();
                assertThat(result.getWidth()).isEqualTo(width);
                assertThat(result.getHeight()).isEqualTo(height);
                assertCorners(result, cornersOf(orientation), LOSSY);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Orientation.class)
    void greyAndOddSidesAreTurnedExactly(Orientation orientation) {
        var image = new BufferedImage(7, 3, BufferedImage.TYPE_BYTE_GRAY);
        for (var i = 0; i < 21; i++) {
            image.getRaster().setSample(i % 7, i / 7, 0, i * 12);
        }
        var first =
                switch (orientation) {
                    case UPRIGHT, MIRRORED_ROTATED_270 -> 0;
                    case MIRRORED, ROTATED_270 -> 6;
                    case ROTATED_180, MIRRORED_ROTATED_90 -> 20;
                    case MIRRORED_ROTATED_180, ROTATED_90 -> 14;
                };
        var width = orientation.swapsSides() ? 3 : 7;

        encoder.load(Encoded.of(pngOf(image)), 7, 3, orientation, width, 10 - width);

        var result = encodedAsPng();
        assertThat(result.getWidth()).isEqualTo(width);
        assertThat(result.getHeight()).isEqualTo(10 - width);
        assertThat(result.getRaster().getSample(0, 0, 0)).isEqualTo(first * 12);
        assertThat(result.getRaster().getSample(width - 1, 9 - width, 0))
                .isEqualTo((20 - first) * 12);
    }

    @Test
    void aProgressiveJpegIsDecoded() {
        var jpeg = jpegOf(corners(64, 48), true);
        assertThat(segmentOf(jpeg, 0xc2)).as("progressive").isPositive();

        load(Encoded.of(jpeg), 64, 48, 32, 24);

        assertCorners(encodedAsPng(), cornersOf(Orientation.UPRIGHT), LOSSY);
    }

    /// The inks as Adobe stores them: 255 is none.
    @Test
    void aCmykJpegIsDecoded() {
        int[][] inks = {{255, 0, 0, 255}, {0, 255, 0, 255}, {0, 0, 255, 255}, {255, 255, 255, 100}};

        load(Encoded.of(fourColourJpeg(inks, 0)), 64, 48, 64, 48);

        assertCorners(encodedAsPng(), List.of(RED, GREEN, BLUE, 0x646464), NEARLY);
    }

    @Test
    void aYcckJpegIsDecoded() {
        // Luma and chroma of the colours' complements, as the inks are stored inverted twice.
        int[][] inks = {
            {179, 171, 0, 255}, {105, 212, 235, 255}, {226, 0, 149, 255}, {0, 128, 128, 100}
        };

        load(Encoded.of(fourColourJpeg(inks, 2)), 64, 48, 32, 24);

        assertCorners(encodedAsPng(), List.of(RED, GREEN, BLUE, 0x646464), LOSSY);
    }

    @Test
    void anInterlacedPngIsDecoded() {
        var png = written(new IIOImage(corners(61, 47), null, null), "png", true);
        assertThat(png[28]).as("interlaced").isEqualTo((byte) 1);

        load(Encoded.of(png), 61, 47, 61, 47);

        assertCorners(encodedAsPng(), cornersOf(Orientation.UPRIGHT), 0);
    }

    @Test
    void aPaletteAndPackedBitsAreDecoded() {
        var palette = new BufferedImage(61, 47, BufferedImage.TYPE_BYTE_INDEXED);
        load(Encoded.of(pngOf(painted(palette))), 61, 47, 61, 47);
        assertCorners(encodedAsPng(), cornersOf(Orientation.UPRIGHT), 0);

        var bits = new BufferedImage(61, 47, BufferedImage.TYPE_BYTE_BINARY);
        bits.setRGB(0, 0, 0xffffffff);
        load(Encoded.of(pngOf(bits)), 61, 47, 61, 47);
        assertCorners(encodedAsPng(), List.of(WHITE, 0, 0, 0), 0);
    }

    @Test
    void sixteenBitGreyKeepsItsUpperByte() {
        var image = new BufferedImage(256, 2, BufferedImage.TYPE_USHORT_GRAY);
        for (var x = 0; x < 256; x++) {
            image.getRaster().setSample(x, 0, 0, x << 8);
            image.getRaster().setSample(x, 1, 0, x << 8);
        }

        load(Encoded.of(pngOf(image)), 256, 2, 256, 2);

        var raster = encodedAsPng().getRaster();
        for (var x = 0; x < 256; x++) {
            assertThat(raster.getSample(x, 0, 0)).isEqualTo(x);
        }
    }

    @Test
    void sixteenBitColourBecomesEightBit() {
        load(Encoded.of(pngOf(painted(sixteenBit(false)))), 61, 47, 61, 47);

        assertCorners(encodedAsPng(), cornersOf(Orientation.UPRIGHT), 1);
    }

    @Test
    void whatIsTransparentBecomesWhiteByItsShare() {
        for (var image :
                List.of(
                        new BufferedImage(61, 47, BufferedImage.TYPE_4BYTE_ABGR),
                        sixteenBit(true),
                        new BufferedImage(61, 47, BufferedImage.TYPE_BYTE_INDEXED, seeThrough()))) {
            painted(image);
            image.setRGB(0, 0, 0x00ff0000);
            image.setRGB(60, 0, 0x8000ff00);

            load(Encoded.of(pngOf(image)), 61, 47, 61, 47);

            assertCorners(encodedAsPng(), List.of(WHITE, 0x7fff7f, BLUE, WHITE), NEARLY);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16})
    void transparentGreyBecomesWhiteByItsShare(int bits) {
        var type = bits == 8 ? DataBuffer.TYPE_BYTE : DataBuffer.TYPE_USHORT;
        var model =
                new ComponentColorModel(
                        ColorSpace.getInstance(ColorSpace.CS_GRAY),
                        true,
                        false,
                        Transparency.TRANSLUCENT,
                        type);
        var raster = model.createCompatibleWritableRaster(20, 10);
        var unit = bits == 8 ? 1 : 257;
        fill(raster, 100 * unit, 255 * unit);
        raster.setPixel(0, 0, new int[] {100 * unit, 0});
        raster.setPixel(19, 0, new int[] {100 * unit, 51 * unit});

        load(Encoded.of(pngOf(new BufferedImage(model, raster, false, null))), 20, 10, 20, 10);

        assertCorners(encodedAsPngSamples(), List.of(WHITE, 0xe0e0e0, 0x646464, 0x646464), 1);
    }

    /// By a chunk that names the colour, without an alpha channel.
    @Test
    void theTransparentColourOfAPngBecomesWhite() {
        var named = ByteBuffer.allocate(6).putShort((short) 0xff).array();
        var colour = withChunk(pngOf(corners(20, 10)), "tRNS", named);
        load(Encoded.of(colour), 20, 10, 20, 10);
        assertCorners(encodedAsPng(), List.of(WHITE, GREEN, BLUE, WHITE), 0);
    }

    @Test
    void aTransparentImageIsAveragedOnWhite() {
        var image = new BufferedImage(40, 20, BufferedImage.TYPE_4BYTE_ABGR);
        for (var i = 0; i < 800; i++) {
            image.setRGB(i % 40, i / 40, (i % 40) % 2 == 0 ? 0xff000000 : 0x00000000);
        }

        load(Encoded.of(pngOf(image)), 40, 20, 20, 10);

        assertCorners(encodedAsPng(), List.of(0x808080, 0x808080, 0x808080, 0x808080), 1);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 1",
        "3, 5, 3, 5",
        "5, 3, 2, 1",
        "1, 20000, 1, 1080",
        "20000, 1, 1920, 1",
        "20000, 1, 1, 1",
        "2, 20000, 1, 1080",
        "17, 9, 16, 8"
    })
    void oddSizesAreScaled(int sourceWidth, int sourceHeight, int width, int height) {
        for (var image :
                new byte[][] {
                    Pictures.jpeg(sourceWidth, sourceHeight, 1),
                    Pictures.png(sourceWidth, sourceHeight, 1)
                }) {
            for (var orientation :
                    new Orientation[] {Orientation.UPRIGHT, Orientation.ROTATED_90}) {
                var turnedWidth = orientation.swapsSides() ? height : width;
                var turnedHeight = orientation.swapsSides() ? width : height;
                encoder.load(
                        Encoded.of(image),
                        sourceWidth,
                        sourceHeight,
                        orientation,
                        turnedWidth,
                        turnedHeight);
                for (var format : ImageFormat.values()) {
                    var bytes = encoder.encode(format, 85).toArray(ValueLayout.JAVA_BYTE);
                    assertThat(decoded(bytes).getWidth()).isEqualTo(turnedWidth);
                    assertThat(decoded(bytes).getHeight()).isEqualTo(turnedHeight);
                }
            }
        }
    }

    private static void fill(WritableRaster raster, int... pixel) {
        for (var i = 0; i < raster.getWidth() * raster.getHeight(); i++) {
            raster.setPixel(i % raster.getWidth(), i / raster.getWidth(), pixel);
        }
    }

    private static BufferedImage sixteenBit(boolean alpha) {
        var model =
                new ComponentColorModel(
                        ColorSpace.getInstance(ColorSpace.CS_sRGB),
                        alpha,
                        false,
                        alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE,
                        DataBuffer.TYPE_USHORT);
        return new BufferedImage(model, model.createCompatibleWritableRaster(61, 47), false, null);
    }

    /// The colours of the corners, and those that are transparent.
    private static IndexColorModel seeThrough() {
        int[] colours = {0xffff0000, 0xff00ff00, 0xff0000ff, 0xffffffff, 0x00ff0000, 0x8000ff00};
        return new IndexColorModel(8, colours.length, colours, 0, true, -1, DataBuffer.TYPE_BYTE);
    }

    /// A JPEG of four bands, with the segment by which Adobe says what the bands are.
    private static byte[] fourColourJpeg(int[][] corners, int transform) {
        var raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 64, 48, 4, null);
        for (var y = 0; y < 48; y++) {
            for (var x = 0; x < 64; x++) {
                raster.setPixel(x, y, corners[(y < 24 ? 0 : 2) + (x < 32 ? 0 : 1)]);
            }
        }
        var jpeg = written(new IIOImage(raster, null, null), "jpeg", false);
        var adobe =
                ByteBuffer.allocate(16)
                        .putShort((short) 0xffee)
                        .putShort((short) 14)
                        .put("Adobe".getBytes(StandardCharsets.US_ASCII))
                        .putShort((short) 100)
                        .putInt(0)
                        .put((byte) transform);
        return ByteBuffer.allocate(jpeg.length + 16)
                .put(jpeg, 0, 2)
                .put(adobe.array())
                .put(jpeg, 2, jpeg.length - 2)
                .array();
    }

    private static int segmentOf(byte[] jpeg, int marker) {
        for (var at = 2; at < jpeg.length && (jpeg[at + 1] & 0xff) != 0xda; ) {
            if ((jpeg[at + 1] & 0xff) == marker) {
                return at;
            }
            at += 2 + (ByteBuffer.wrap(jpeg).getShort(at + 2) & 0xffff);
        }
        return -1;
    }

    private static byte[] withChunk(byte[] png, String name, byte[] content) {
        var chunk = ByteBuffer.allocate(12 + content.length).putInt(content.length);
        chunk.put(name.getBytes(StandardCharsets.US_ASCII)).put(content);
        var crc = new CRC32();
        crc.update(chunk.array(), 4, 4 + content.length);
        chunk.putInt((int) crc.getValue());
        return ByteBuffer.allocate(png.length + chunk.capacity())
                .put(png, 0, IHDR_END)
                .put(chunk.array())
                .put(Arrays.copyOfRange(png, IHDR_END, png.length))
                .array();
    }

    private static byte[] jpegOf(BufferedImage image, boolean progressive) {
        return written(new IIOImage(image, null, null), "jpeg", progressive);
    }

    private static byte[] pngOf(BufferedImage image) {
        return written(new IIOImage(image, null, null), "png", false);
    }

    private static byte[] written(IIOImage image, String format, boolean progressive) {
        var bytes = new ByteArrayOutputStream();
        var writer = ImageIO.getImageWritersByFormatName(format).next();
        try (var stream = ImageIO.createImageOutputStream(bytes)) {
            var param = writer.getDefaultWriteParam();
            if (progressive) {
                param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
            }
            if (format.equals("jpeg")) {
                param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                param.setCompressionQuality(0.95f);
            }
            writer.setOutput(stream);
            writer.write(null, image, param);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private BufferedImage encodedAsPng() {
        return decoded(encoder.encode(ImageFormat.PNG, 90).toArray(ValueLayout.JAVA_BYTE));
    }

    /// The same as colours, where grey samples are not brightened as [BufferedImage#getRGB] does.
    private BufferedImage encodedAsPngSamples() {
        var image = encodedAsPng();
        var colour =
                new BufferedImage(
                        image.getWidth(), image.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
        for (var y = 0; y < image.getHeight(); y++) {
            for (var x = 0; x < image.getWidth(); x++) {
                var samples = image.getRaster().getPixel(x, y, (int[]) null);
                colour.getRaster()
                        .setPixel(
                                x,
                                y,
                                samples.length == 1
                                        ? new int[] {samples[0], samples[0], samples[0]}
                                        : samples);
            }
        }
        return colour;
    }

    private static BufferedImage decoded(byte[] image) {
        try {
            return ImageIO.read(new ByteArrayInputStream(image));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
