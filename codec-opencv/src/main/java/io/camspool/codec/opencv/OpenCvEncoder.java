package io.camspool.codec.opencv;

import io.camspool.Content;
import io.camspool.Encoded;
import io.camspool.Frame;
import io.camspool.ImageFormat;
import io.camspool.Opaque;
import io.camspool.PixelFormat;
import io.camspool.image.ImageCodec;
import io.camspool.image.Orientation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;
import org.jspecify.annotations.Nullable;

/// Encodes with OpenCV. Native content is read where it lies, so a raw frame that needs neither
/// scaling nor swapping must stay valid and unchanged until the next load or close; heap content is
/// copied to a native buffer first.
///
/// The matrices are fields and OpenCV reuses their memory while sizes repeat. What a call creates
/// besides, it frees.
final class OpenCvEncoder implements ImageCodec.Encoder {
    private final Mat decoded = new Mat();
    private final Mat scaled = new Mat();
    private final Mat swapped = new Mat();
    private final Mat mirrored = new Mat();
    private final Mat rotated = new Mat();
    private final Size size = new Size();
    private final IntPointer jpegParameters =
            new IntPointer(opencv_imgcodecs.IMWRITE_JPEG_QUALITY, 0);
    private final IntPointer pngParameters = new IntPointer(0L);

    private Arena heapCopyArena = Arena.ofShared();
    private MemorySegment heapCopy = MemorySegment.NULL;
    private BytePointer encoded = new BytePointer();

    /// A second header of the memory of `decoded`.
    private Mat onWhite = new Mat();

    private @Nullable Mat wrapped;
    private @Nullable Mat loaded;

    /// The caller's memory that the loaded image lies in, if it does.
    private @Nullable MemorySegment borrowed;

    @Override
    public void load(
            Content content,
            int sourceWidth,
            int sourceHeight,
            Orientation orientation,
            int width,
            int height) {
        loaded = null;
        borrowed = null;
        var scaledWidth = orientation.swapsSides() ? height : width;
        var scaledHeight = orientation.swapsSides() ? width : height;
        try {
            var image =
                    switch (content) {
                        case Frame frame -> wrap(frame);
                        case Encoded jpegOrPng ->
                                decode(
                                        jpegOrPng,
                                        reduction(
                                                jpegOrPng.image(),
                                                sourceWidth,
                                                sourceHeight,
                                                scaledWidth,
                                                scaledHeight));
                        case Opaque _ -> throw new IllegalArgumentException("it is no image");
                    };
            var scales = image.cols() != scaledWidth || image.rows() != scaledHeight;
            if (scales) {
                size.width(scaledWidth).height(scaledHeight);
                opencv_imgproc.resize(image, scaled, size, 0, 0, opencv_imgproc.INTER_AREA);
                image = scaled;
            }
            if (content instanceof Frame frame) {
                if (frame.format() == PixelFormat.RGB) {
                    opencv_imgproc.cvtColor(image, swapped, opencv_imgproc.COLOR_RGB2BGR);
                    image = swapped;
                } else if (!scales && frame.pixels().isNative()) {
                    borrowed = frame.pixels();
                }
            }
            loaded = turned(image, orientation);
        } finally {
            Reference.reachabilityFence(content);
        }
    }

    @Override
    public MemorySegment encode(ImageFormat format, int quality) {
        var image = loaded;
        if (image == null) {
            throw new IllegalStateException("no image is loaded");
        }
        if (borrowed != null && !borrowed.scope().isAlive()) {
            throw new IllegalStateException("the loaded frame's memory was freed before encoding");
        }
        encoded.close();
        encoded = new BytePointer();
        var parameters =
                switch (format) {
                    case JPEG -> jpegParameters.put(1, quality);
                    case PNG -> pngParameters;
                };
        try {
            if (!opencv_imgcodecs.imencode(format.extension(), image, encoded, parameters)) {
                throw new IllegalStateException("OpenCV did not encode " + format);
            }
        } finally {
            Reference.reachabilityFence(borrowed);
        }
        return segmentOf(encoded, encoded.limit());
    }

    @Override
    public void close() {
        loaded = null;
        borrowed = null;
        if (wrapped != null) {
            wrapped.close();
            wrapped = null;
        }
        encoded.close();
        jpegParameters.close();
        pngParameters.close();
        size.close();
        onWhite.close();
        rotated.close();
        mirrored.close();
        swapped.close();
        scaled.close();
        decoded.close();
        if (heapCopyArena.scope().isAlive()) {
            heapCopyArena.close();
        }
    }

    private Mat turned(Mat image, Orientation orientation) {
        var result = image;
        if (orientation.mirrored()) {
            opencv_core.flip(result, mirrored, 1);
            result = mirrored;
        }
        if (orientation.degrees() != 0) {
            var code =
                    switch (orientation.degrees()) {
                        case 90 -> opencv_core.ROTATE_90_CLOCKWISE;
                        case 180 -> opencv_core.ROTATE_180;
                        default -> opencv_core.ROTATE_90_COUNTERCLOCKWISE;
                    };
            opencv_core.rotate(result, rotated, code);
            result = rotated;
        }
        return result;
    }

    private Mat decode(Encoded content, int reduction) {
        var image = content.image();
        var bytes = image.byteSize();
        if (bytes == 0 || bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("not an image: " + bytes + " bytes");
        }
        var transparent = PngTransparency.isIn(image);
        // How to turn the image is said by the caller, never by the decoder's reading of EXIF.
        var flags =
                opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION
                        | switch (reduction) {
                            case 8 -> opencv_imgcodecs.IMREAD_REDUCED_COLOR_8;
                            case 4 -> opencv_imgcodecs.IMREAD_REDUCED_COLOR_4;
                            case 2 -> opencv_imgcodecs.IMREAD_REDUCED_COLOR_2;
                            default -> opencv_imgcodecs.IMREAD_COLOR;
                        };
        var input = wrap(image, 1, (int) bytes, opencv_core.CV_8UC1, bytes);
        // The result is a second header of the pixels in `decoded`, or empty.
        try (var result =
                opencv_imgcodecs.imdecode(
                        input, transparent ? opencv_imgcodecs.IMREAD_UNCHANGED : flags, decoded)) {
            if (result.empty()) {
                throw new IllegalArgumentException("OpenCV cannot decode the image");
            }
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("OpenCV cannot decode the image: " + reason(e), e);
        }
        return transparent ? onWhite() : decoded;
    }

    /// The decoded image on white, 8 bits a sample; it takes the place of what was decoded.
    private Mat onWhite() {
        if (decoded.depth() == opencv_core.CV_16U) {
            decoded.convertTo(decoded, opencv_core.CV_8U, 1 / 257.0, 0);
        }
        if (decoded.channels() != 4) {
            return decoded;
        }
        var rows = decoded.rows();
        var columns = decoded.cols();
        var pixels = (long) rows * columns;
        var memory = segmentOf(decoded.data(), pixels * 4);
        for (var pixel = 0L; pixel < pixels; pixel++) {
            var alpha = memory.get(ValueLayout.JAVA_BYTE, pixel * 4 + 3) & 0xff;
            for (var channel = 0; channel < 3; channel++) {
                var darkness =
                        255 - (memory.get(ValueLayout.JAVA_BYTE, pixel * 4 + channel) & 0xff);
                memory.set(
                        ValueLayout.JAVA_BYTE,
                        pixel * 3 + channel,
                        (byte) (255 - (darkness * alpha + 127) / 255));
            }
        }
        onWhite.close();
        onWhite = new Mat(rows, columns, opencv_core.CV_8UC3, decoded.data(), columns * 3L);
        return onWhite;
    }

    /// How many times smaller the JPEG decoder can make the image while both sides stay at least as
    /// long as wanted.
    private static int reduction(
            MemorySegment image, int sourceWidth, int sourceHeight, int width, int height) {
        for (var times = isJpeg(image) ? 8 : 1; times > 1; times /= 2) {
            if (Math.ceilDiv(sourceWidth, times) >= width
                    && Math.ceilDiv(sourceHeight, times) >= height) {
                return times;
            }
        }
        return 1;
    }

    private static boolean isJpeg(MemorySegment image) {
        return image.byteSize() > 2
                && image.get(ValueLayout.JAVA_BYTE, 0) == (byte) 0xff
                && image.get(ValueLayout.JAVA_BYTE, 1) == (byte) 0xd8;
    }

    /// The first line of OpenCV's message, without the place in its sources that stands before it.
    private static String reason(RuntimeException e) {
        var line = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return line.substring(Math.max(0, line.indexOf("error: ")));
    }

    private Mat wrap(Frame frame) {
        var type =
                switch (frame.format()) {
                    case BGR, RGB -> opencv_core.CV_8UC3;
                    case GRAY -> opencv_core.CV_8UC1;
                };
        var pixels = frame.pixels().asSlice(0, frame.bytes());
        return wrap(pixels, frame.height(), frame.width(), type, frame.stride());
    }

    /// A matrix over memory that is not its own; the previous one goes.
    private Mat wrap(MemorySegment memory, int rows, int columns, int type, long stride) {
        var readable = memory.isNative() ? memory : copyToNative(memory);
        if (wrapped != null) {
            wrapped.close();
        }
        var matrix = new Mat(rows, columns, type, new Address(readable), stride);
        wrapped = matrix;
        return matrix;
    }

    private MemorySegment copyToNative(MemorySegment memory) {
        var bytes = memory.byteSize();
        if (heapCopy.byteSize() < bytes) {
            heapCopy = MemorySegment.NULL;
            heapCopyArena.close();
            heapCopyArena = Arena.ofShared();
            // A quarter more, as encoded images of one camera differ a little in length.
            heapCopy = heapCopyArena.allocate(bytes + bytes / 4);
        }
        MemorySegment.copy(memory, 0, heapCopy, 0, bytes);
        return heapCopy;
    }

    @SuppressWarnings("restricted") // JavaCPP owns this memory; the callers know how long it is
    private static MemorySegment segmentOf(BytePointer memory, long bytes) {
        return MemorySegment.ofAddress(memory.address()).reinterpret(bytes);
    }

    /// The address of a native segment, for JavaCPP. Owns nothing.
    private static final class Address extends BytePointer {
        Address(MemorySegment segment) {
            address = segment.address();
            limit = segment.byteSize();
            capacity = limit;
        }
    }
}
