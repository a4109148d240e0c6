package io.camspool.image;

import io.camspool.Content;
import io.camspool.Encoded;
import io.camspool.Frame;
import io.camspool.ImageFormat;
import io.camspool.PixelFormat;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.jspecify.annotations.Nullable;

/// The built-in codec on the JDK's ImageIO: works wherever the JDK does. Grey images stay grey.
///
/// Its streams are in memory by construction, so that ImageIO's disk cache is never used, whatever
/// [ImageIO#setUseCache] says in the surrounding program.
final class JdkImageCodec implements ImageCodec {
    @Override
    public String name() {
        return "JDK ImageIO " + Runtime.version().feature();
    }

    @Override
    public int rank() {
        return 0;
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public Encoder openEncoder() {
        return new JdkEncoder();
    }

    /// Keeps its pixel and byte buffers. Readers and writers live for one call: a failed one leaves
    /// no state behind.
    private static final class JdkEncoder implements Encoder {
        private final AreaScaler scaler = new AreaScaler();
        private final Output output = new Output();
        private byte[] input = new byte[0];
        private @Nullable BufferedImage canvas;
        private boolean loaded;

        @Override
        public void load(
                Content content, int sourceWidth, int sourceHeight, int width, int height) {
            loaded = false;
            var source =
                    switch (content) {
                        case Frame frame -> frame;
                        case Encoded encoded -> decode(encoded.image());
                    };
            var image = canvasFor(source.format(), width, height);
            var pixels = pixelsOf(image);
            scaler.scale(source, pixels, width, height);
            if (source.format() == PixelFormat.RGB) {
                swapRedAndBlue(pixels);
            }
            loaded = true;
        }

        @Override
        public MemorySegment encode(ImageFormat format, int quality) {
            var image = canvas;
            if (!loaded || image == null) {
                throw new IllegalStateException("no image is loaded");
            }
            output.reset();
            var writer = writerOf(format);
            try (var stream = new MemoryCacheImageOutputStream(output)) {
                var param = writer.getDefaultWriteParam();
                if (format == ImageFormat.JPEG) {
                    param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                    param.setCompressionQuality(quality / 100f);
                }
                writer.setOutput(stream);
                writer.write(null, new IIOImage(image, null, null), param);
            } catch (IOException e) {
                throw new UncheckedIOException("writing to memory failed", e);
            } finally {
                writer.dispose();
            }
            return output.written();
        }

        @Override
        public void close() {
            loaded = false;
            canvas = null;
        }

        private Frame decode(MemorySegment encoded) {
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
                return frameOf(reader.read(0));
            } catch (IOException | RuntimeException e) {
                // ImageIO reports some broken images by whatever exception its parser runs into.
                throw new IllegalArgumentException(
                        format + " does not decode: " + e.getMessage(), e);
            } finally {
                reader.dispose();
            }
        }

        private BufferedImage canvasFor(PixelFormat format, int width, int height) {
            var type =
                    format == PixelFormat.GRAY
                            ? BufferedImage.TYPE_BYTE_GRAY
                            : BufferedImage.TYPE_3BYTE_BGR;
            var image = canvas;
            if (image == null
                    || image.getType() != type
                    || image.getWidth() != width
                    || image.getHeight() != height) {
                image = new BufferedImage(width, height, type);
                canvas = image;
            }
            return image;
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

    private static ImageWriter writerOf(ImageFormat format) {
        return ImageIO.getImageWritersByMIMEType(format.mediaType()).next();
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
        return Frame.of(image);
    }

    /// The grey samples as they are stored. Going through [BufferedImage#getRGB] would brighten
    /// them: the JDK takes grey to be linear light.
    private static byte[] greyOf(BufferedImage image) {
        if (image.getType() == BufferedImage.TYPE_BYTE_GRAY) {
            return pixelsOf(image);
        }
        var width = image.getWidth();
        var height = image.getHeight();
        var shift = image.getColorModel().getComponentSize(0) - 8;
        var grey = new byte[Math.multiplyExact(width, height)];
        var row = new int[width];
        for (var y = 0; y < height; y++) {
            image.getRaster().getSamples(0, y, width, 1, 0, row);
            for (var x = 0; x < width; x++) {
                grey[y * width + x] = (byte) (row[x] >> shift);
            }
        }
        return grey;
    }

    private static byte[] pixelsOf(BufferedImage image) {
        return ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    }

    private static void swapRedAndBlue(byte[] pixels) {
        for (var i = 0; i + 2 < pixels.length; i += 3) {
            var first = pixels[i];
            pixels[i] = pixels[i + 2];
            pixels[i + 2] = first;
        }
    }

    /// Bytes written, readable without a copy.
    private static final class Output extends ByteArrayOutputStream {
        MemorySegment written() {
            return MemorySegment.ofArray(buf).asSlice(0, count);
        }
    }
}
