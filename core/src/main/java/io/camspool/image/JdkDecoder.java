package io.camspool.image;

import io.camspool.Frame;
import io.camspool.ImageFormat;
import io.camspool.PixelFormat;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntPredicate;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/// Decodes JPEG and PNG of any kind to 8-bit grey or colour with ImageIO. Confined to one thread;
/// keeps its buffer of encoded bytes.
final class JdkDecoder {
    private static final int ADOBE = 0xEE;
    private static final int START_OF_SCAN = 0xDA;
    private static final int COLOURS_OFFSET = 9;
    private static final int TRANSFORM_OFFSET = 15;
    private static final int YCCK = 2;

    private byte[] input = new byte[0];

    /// Throws [IllegalArgumentException] when the image does not decode.
    Frame decode(MemorySegment encoded) {
        var format = formatOf(encoded);
        var length = Math.toIntExact(encoded.byteSize());
        if (input.length < length) {
            input = new byte[length];
        }
        MemorySegment.copy(encoded, ValueLayout.JAVA_BYTE, 0, input, 0, length);
        var reader = readerOf(format);
        try (var stream =
                new MemoryCacheImageInputStream(new ByteArrayInputStream(input, 0, length))) {
            reader.setInput(stream, true, true);
            // ImageIO's own view of four colours is another than that of other decoders.
            return format == ImageFormat.JPEG && hasFourColours(length)
                    ? frameOfFourColours(reader.readRaster(0, null), isYcck(length))
                    : frameOf(reader.read(0));
        } catch (IOException | RuntimeException e) {
            // ImageIO reports some broken images by whatever exception its parser runs into.
            throw new IllegalArgumentException(format + " does not decode: " + e.getMessage(), e);
        } finally {
            reader.dispose();
        }
    }

    private static ImageFormat formatOf(MemorySegment image) {
        if (startsWith(image, 0xff, 0xd8)) {
            return ImageFormat.JPEG;
        }
        if (startsWith(image, 0x89, 'P', 'N', 'G')) {
            return ImageFormat.PNG;
        }
        throw new IllegalArgumentException("neither JPEG nor PNG");
    }

    private static boolean startsWith(MemorySegment image, int... start) {
        if (image.byteSize() < start.length) {
            return false;
        }
        for (var i = 0; i < start.length; i++) {
            if ((image.get(ValueLayout.JAVA_BYTE, i) & 0xff) != start[i]) {
                return false;
            }
        }
        return true;
    }

    private static ImageReader readerOf(ImageFormat format) {
        return ImageIO.getImageReadersByMIMEType(format.mediaType()).next();
    }

    /// The pixels of a decoded image, without a copy where its layout allows.
    private static Frame frameOf(BufferedImage image) {
        var width = image.getWidth();
        var height = image.getHeight();
        if (image.getType() == BufferedImage.TYPE_3BYTE_BGR) {
            return Frame.of(pixelsOf(image), width, height, PixelFormat.BGR);
        }
        if (image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY) {
            return Frame.of(greyOf(image), width, height, PixelFormat.GRAY);
        }
        return image.getColorModel().hasAlpha() ? onWhite(image) : Frame.of(image);
    }

    /// The grey samples as they are stored, on white. Going through [BufferedImage#getRGB] would
    /// brighten them: the JDK takes grey to be linear light.
    private static byte[] greyOf(BufferedImage image) {
        if (image.getType() == BufferedImage.TYPE_BYTE_GRAY) {
            return pixelsOf(image);
        }
        var width = image.getWidth();
        var height = image.getHeight();
        var shift = image.getColorModel().getComponentSize(0) - 8;
        var hasAlpha = image.getColorModel().hasAlpha();
        var grey = new byte[Math.multiplyExact(width, height)];
        var row = new int[width];
        var alpha = new int[width];
        for (var y = 0; y < height; y++) {
            image.getRaster().getSamples(0, y, width, 1, 0, row);
            if (hasAlpha) {
                image.getRaster().getSamples(0, y, width, 1, 1, alpha);
            }
            for (var x = 0; x < width; x++) {
                var sample = row[x] >> shift;
                grey[y * width + x] =
                        (byte) (hasAlpha ? onWhite(sample, alpha[x] >> shift) : sample);
            }
        }
        return grey;
    }

    private static Frame onWhite(BufferedImage image) {
        var width = image.getWidth();
        var height = image.getHeight();
        var pixels = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
        var row = new int[width];
        var out = 0;
        for (var y = 0; y < height; y++) {
            image.getRGB(0, y, width, 1, row, 0, width);
            for (var pixel : row) {
                var alpha = pixel >>> 24;
                pixels[out++] = (byte) onWhite(pixel & 0xff, alpha);
                pixels[out++] = (byte) onWhite(pixel >> 8 & 0xff, alpha);
                pixels[out++] = (byte) onWhite(pixel >> 16 & 0xff, alpha);
            }
        }
        return Frame.of(pixels, width, height, PixelFormat.BGR);
    }

    private static int onWhite(int sample, int alpha) {
        return 255 - ((255 - sample) * alpha + 127) / 255;
    }

    private boolean hasFourColours(int length) {
        var frame = segment(length, JdkDecoder::isFrame);
        return frame + COLOURS_OFFSET < length && input[frame + COLOURS_OFFSET] == 4;
    }

    /// Whether the first three of four colours are luma and chroma, as the Adobe segment says.
    private boolean isYcck(int length) {
        var adobe = segment(length, marker -> marker == ADOBE);
        return adobe + TRANSFORM_OFFSET < length && input[adobe + TRANSFORM_OFFSET] == YCCK;
    }

    private static boolean isFrame(int marker) {
        return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8;
    }

    /// The position of the first such segment of a JPEG; its length when there is none.
    private int segment(int length, IntPredicate wanted) {
        for (var at = 2; at + 4 <= length && (input[at] & 0xff) == 0xff; ) {
            var marker = input[at + 1] & 0xff;
            if (wanted.test(marker)) {
                return at;
            }
            if (marker == START_OF_SCAN) {
                return length;
            }
            at +=
                    marker == 0xff
                            ? 1 // a fill byte
                            : 2 + ((input[at + 2] & 0xff) << 8 | (input[at + 3] & 0xff));
        }
        return length;
    }

    /// Colour of cyan, magenta, yellow and black, stored inverted: 255 is no ink.
    private static Frame frameOfFourColours(Raster raster, boolean isYcck) {
        if (raster.getNumBands() != 4) {
            throw new IllegalArgumentException(raster.getNumBands() + " colours");
        }
        var width = raster.getWidth();
        var height = raster.getHeight();
        var pixels = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
        var row = new int[width * 4];
        var out = 0;
        for (var y = 0; y < height; y++) {
            raster.getPixels(0, y, width, 1, row);
            for (var at = 0; at < row.length; at += 4) {
                if (isYcck) {
                    toInks(row, at);
                }
                var black = row[at + 3];
                for (var ink = 2; ink >= 0; ink--) {
                    pixels[out++] = (byte) ((row[at + ink] * black + 127) / 255);
                }
            }
        }
        return Frame.of(pixels, width, height, PixelFormat.BGR);
    }

    private static void toInks(int[] row, int at) {
        var luma = row[at];
        var blueness = row[at + 1] - 128;
        var redness = row[at + 2] - 128;
        row[at] = ink(luma + 1.402 * redness);
        row[at + 1] = ink(luma - 0.344136 * blueness - 0.714136 * redness);
        row[at + 2] = ink(luma + 1.772 * blueness);
    }

    private static int ink(double complement) {
        return 255 - Math.clamp(Math.round(complement), 0, 255);
    }

    private static byte[] pixelsOf(BufferedImage image) {
        return ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    }
}
