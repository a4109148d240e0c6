package io.camspool.internal.intake;

import io.camspool.image.Orientation;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// The orientation that EXIF gives an image. Cameras write EXIF of any quality, and no image is
/// refused for it: what can't be understood is upright.
final class ExifOrientation {
    private static final byte[] NAME = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER_BYTES = 8;
    private static final int MAGIC = 42;
    private static final int FIELD_BYTES = 12;
    private static final int ORIENTATION = 0x0112;
    private static final int SHORT = 3;
    private static final int LONG = 4;

    private ExifOrientation() {}

    /// Whether the content of a JPEG's APP1 segment is EXIF; other things stand there too.
    static boolean isExif(MemorySegment segment) {
        return segment.byteSize() >= NAME.length
                && segment.asSlice(0, NAME.length).mismatch(MemorySegment.ofArray(NAME)) < 0;
    }

    /// Reads EXIF in the content of an APP1 segment.
    static Orientation ofSegment(MemorySegment segment) {
        return of(segment.asSlice(NAME.length));
    }

    /// Reads the first directory of EXIF, which is a TIFF file in either byte order.
    static Orientation of(MemorySegment tiff) {
        if (tiff.byteSize() < HEADER_BYTES) {
            return Orientation.UPRIGHT;
        }
        var first = tiff.get(ValueLayout.JAVA_BYTE, 0);
        var second = tiff.get(ValueLayout.JAVA_BYTE, 1);
        if (first != second || (first != 'I' && first != 'M')) {
            return Orientation.UPRIGHT;
        }
        var order = first == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        var shorts = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
        var ints = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
        var directory = tiff.get(ints, 4) & 0xFFFF_FFFFL;
        if (tiff.get(shorts, 2) != MAGIC || directory + 2 > tiff.byteSize()) {
            return Orientation.UPRIGHT;
        }
        var fields = tiff.get(shorts, directory) & 0xFFFF;
        var at = directory + 2;
        for (var i = 0; i < fields && at + FIELD_BYTES <= tiff.byteSize(); i++, at += FIELD_BYTES) {
            if ((tiff.get(shorts, at) & 0xFFFF) == ORIENTATION) {
                return switch (tiff.get(shorts, at + 2)) {
                    case SHORT -> Orientation.ofExif(tiff.get(shorts, at + 8));
                    case LONG -> Orientation.ofExif(tiff.get(ints, at + 8));
                    default -> Orientation.UPRIGHT;
                };
            }
        }
        return Orientation.UPRIGHT;
    }
}
