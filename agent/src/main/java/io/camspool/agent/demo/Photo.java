package io.camspool.agent.demo;

import io.camspool.Frame;
import io.camspool.PixelFormat;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageInputStream;

/// The decoded middle of a photograph, as BGR rows without gaps. Never more of it than a camera
/// looks at: a whole one is 34 MB.
record Photo(MemorySegment pixels, int width, int height) {
    /// Decodes the middle of a photograph that ships with this package, at most `width` x `height`
    /// pixels of it.
    static Photo load(String resource, int width, int height) throws IOException {
        try (var stream = Photo.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException(
                        "the photograph " + resource + " is not in this build");
            }
            return read(stream, width, height);
        }
    }

    private static Photo read(InputStream stream, int width, int height) throws IOException {
        var reader = ImageIO.getImageReadersByMIMEType("image/jpeg").next();
        try (var input = new MemoryCacheImageInputStream(stream)) {
            reader.setInput(input, true, true);
            var param = reader.getDefaultReadParam();
            param.setSourceRegion(middle(reader.getWidth(0), reader.getHeight(0), width, height));
            return of(reader.read(0, param));
        } finally {
            reader.dispose();
        }
    }

    private static Rectangle middle(int photoWidth, int photoHeight, int width, int height) {
        var shownWidth = Math.min(photoWidth, width);
        var shownHeight = Math.min(photoHeight, height);
        return new Rectangle(
                (photoWidth - shownWidth) / 2,
                (photoHeight - shownHeight) / 2,
                shownWidth,
                shownHeight);
    }

    private static Photo of(BufferedImage image) {
        if (image.getType() == BufferedImage.TYPE_3BYTE_BGR
                && image.getRaster().getDataBuffer() instanceof DataBufferByte buffer) {
            var pixels = MemorySegment.ofArray(buffer.getData());
            return new Photo(pixels, image.getWidth(), image.getHeight());
        }
        return new Photo(Frame.of(image).pixels(), image.getWidth(), image.getHeight());
    }

    /// Copies `length` bytes of row `y`, from pixel `x` on.
    void copyRow(int x, int y, byte[] target, int at, int length) {
        var channels = PixelFormat.BGR.bytesPerPixel();
        var from = ((long) y * width + x) * channels;
        MemorySegment.copy(pixels, ValueLayout.JAVA_BYTE, from, target, at, length);
    }
}
