package io.camspool.internal.intake;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.ImageFormat;
import io.camspool.image.Orientation;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// What an encoded image says of itself, read without decoding: format, declared sides and EXIF
/// orientation. Reading walks the whole structure, so that a truncated or garbled file is refused
/// before it is accepted.
///
/// @param width before turning, in pixels
/// @param height before turning, in pixels
/// @param orientation how to turn it upright
record ImageHeader(ImageFormat format, int width, int height, Orientation orientation) {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int IHDR = 0x49484452;
    private static final int IDAT = 0x49444154;
    private static final int IEND = 0x49454E44;
    private static final int EXIF = 0x65584966;
    private static final int APP1 = 0xE1;
    private static final long PNG_SIGNATURE = 0x89504E470D0A1A0AL;

    /// Reads the header, or throws with reason INVALID and what is wrong.
    static ImageHeader read(MemorySegment image) {
        if (image.byteSize() == 0) {
            throw refused("it is empty");
        }
        if (image.byteSize() >= 4 && unsigned(image, 0) == 0xFF && unsigned(image, 1) == 0xD8) {
            return readJpeg(image);
        }
        if (image.byteSize() >= 8 && longAt(image, 0) == PNG_SIGNATURE) {
            return readPng(image);
        }
        throw refused("it is neither JPEG nor PNG (it begins with " + firstBytes(image) + ")");
    }

    private static ImageHeader readJpeg(MemorySegment image) {
        var width = -1;
        var height = -1;
        var scans = 0;
        @Nullable Orientation orientation = null;
        var at = 2L;
        while (true) {
            at = nextMarker(image, at);
            var marker = unsigned(image, at - 1);
            if (marker == 0xD9) {
                if (width < 0 || scans == 0) {
                    throw refused("it is a JPEG without an image");
                }
                return checked(ImageFormat.JPEG, width, height, orientation);
            }
            if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) {
                continue;
            }
            if (at + 2 > image.byteSize()) {
                throw truncated(image);
            }
            var length = unsignedShort(image, at);
            if (length < 2 || at + length > image.byteSize()) {
                throw truncated(image);
            }
            if (isFrameHeader(marker) && length >= 8) {
                if (width >= 0) {
                    throw refused("it is a JPEG that declares its size twice");
                }
                height = unsignedShort(image, at + 3);
                width = unsignedShort(image, at + 5);
            }
            if (marker == APP1 && orientation == null) {
                var segment = image.asSlice(at + 2, length - 2L);
                if (ExifOrientation.isExif(segment)) {
                    orientation = ExifOrientation.ofSegment(segment);
                }
            }
            at += length;
            if (marker == 0xDA) {
                scans += width >= 0 ? 1 : 0;
                at = skipScan(image, at);
            }
        }
    }

    /// The position after the next marker's code; stray bytes between segments are skipped, as
    /// decoders do.
    private static long nextMarker(MemorySegment image, long from) {
        for (var at = from; at + 1 < image.byteSize(); at++) {
            if (unsigned(image, at) == 0xFF) {
                var code = unsigned(image, at + 1);
                if (code != 0x00 && code != 0xFF) {
                    return at + 2;
                }
            }
        }
        throw truncated(image);
    }

    /// The position of the first marker after entropy-coded data that is neither stuffing nor a
    /// restart.
    private static long skipScan(MemorySegment image, long from) {
        for (var at = from; at + 1 < image.byteSize(); at++) {
            if (image.get(ValueLayout.JAVA_BYTE, at) == (byte) 0xFF) {
                var code = unsigned(image, at + 1);
                if (code != 0x00 && code != 0xFF && !(code >= 0xD0 && code <= 0xD7)) {
                    return at;
                }
            }
        }
        throw truncated(image);
    }

    private static boolean isFrameHeader(int marker) {
        return marker >= 0xC0
                && marker <= 0xCF
                && marker != 0xC4
                && marker != 0xC8
                && marker != 0xCC;
    }

    private static ImageHeader readPng(MemorySegment image) {
        var at = 8L;
        var width = -1;
        var height = -1;
        var hasPixels = false;
        @Nullable Orientation orientation = null;
        var crc = new CRC32();
        while (at + 12 <= image.byteSize()) {
            var length = image.get(INT, at) & 0xFFFF_FFFFL;
            var type = image.get(INT, at + 4);
            if (at + 12 + length > image.byteSize()) {
                throw truncated(image);
            }
            crc.reset();
            crc.update(image.asSlice(at + 4, length + 4).asByteBuffer());
            if ((int) crc.getValue() != image.get(INT, at + 8 + length)) {
                throw refused("it is a PNG with a damaged part at byte " + at);
            }
            if ((width < 0) != (type == IHDR) || (type == IHDR && length != 13)) {
                throw refused("it is a PNG that does not declare its size once, and first");
            }
            switch (type) {
                case IHDR -> {
                    width = image.get(INT, at + 8);
                    height = image.get(INT, at + 12);
                    checked(ImageFormat.PNG, width, height, null);
                }
                case IDAT -> hasPixels = true;
                case EXIF -> orientation = ExifOrientation.of(image.asSlice(at + 8, length));
                case IEND -> {
                    if (!hasPixels) {
                        throw refused("it is a PNG without an image");
                    }
                    return checked(ImageFormat.PNG, width, height, orientation);
                }
                default -> {}
            }
            at += 12 + length;
        }
        throw truncated(image);
    }

    private static ImageHeader checked(
            ImageFormat format, int width, int height, @Nullable Orientation orientation) {
        if (width < 1 || height < 1) {
            throw refused("it declares %d x %d pixels".formatted(width, height));
        }
        return new ImageHeader(
                format, width, height, orientation == null ? Orientation.UPRIGHT : orientation);
    }

    private static int unsigned(MemorySegment image, long at) {
        return image.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
    }

    private static int unsignedShort(MemorySegment image, long at) {
        return image.get(SHORT, at) & 0xFFFF;
    }

    private static long longAt(MemorySegment image, long at) {
        return ((long) image.get(INT, at) << 32) | (image.get(INT, at + 4) & 0xFFFF_FFFFL);
    }

    private static CamspoolException truncated(MemorySegment image) {
        return refused("it is truncated: its end is missing after " + image.byteSize() + " bytes");
    }

    private static CamspoolException refused(String why) {
        return new CamspoolException(
                Reason.INVALID,
                "the image is not allowed: " + why + "; allowed: a whole JPEG or PNG");
    }

    private static String firstBytes(MemorySegment image) {
        var text = new StringBuilder();
        for (var at = 0; at < Math.min(4, image.byteSize()); at++) {
            text.append(at == 0 ? "" : " ").append("%02X".formatted(unsigned(image, at)));
        }
        return text.toString();
    }
}
