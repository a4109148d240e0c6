package io.camspool.image;

import io.camspool.Content;
import io.camspool.Encoded;
import io.camspool.Frame;
import io.camspool.ImageFormat;
import io.camspool.Opaque;
import io.camspool.PixelFormat;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
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
        private final JdkDecoder decoder = new JdkDecoder();
        private byte[] unturned = new byte[0];
        private @Nullable BufferedImage canvas;
        private boolean loaded;

        @Override
        public void load(
                Content content,
                int sourceWidth,
                int sourceHeight,
                Orientation orientation,
                int width,
                int height) {
            loaded = false;
            var source =
                    switch (content) {
                        case Frame frame -> frame;
                        case Encoded encoded -> decoder.decode(encoded.image());
                        case Opaque _ -> throw new IllegalArgumentException("it is no image");
                    };
            var image = canvasFor(source.format(), width, height);
            var pixels = pixelsOf(image);
            if (orientation == Orientation.UPRIGHT) {
                scaler.scale(source, pixels, width, height);
            } else {
                scaleAndTurn(source, pixels, width, height, orientation);
            }
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

        private void scaleAndTurn(
                Frame source, byte[] pixels, int width, int height, Orientation orientation) {
            var scaledWidth = orientation.swapsSides() ? height : width;
            var scaledHeight = orientation.swapsSides() ? width : height;
            if (unturned.length < pixels.length) {
                unturned = new byte[pixels.length];
            }
            scaler.scale(source, unturned, scaledWidth, scaledHeight);
            Turn.turn(
                    unturned,
                    pixels,
                    scaledWidth,
                    scaledHeight,
                    source.format().bytesPerPixel(),
                    orientation);
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

    private static ImageWriter writerOf(ImageFormat format) {
        return ImageIO.getImageWritersByMIMEType(format.mediaType()).next();
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
