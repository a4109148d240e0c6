package io.camspool.codec.opencv;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Whether an image is a PNG that has transparent parts, or may have: by its colour type, or by a
/// chunk that names transparent colours.
final class PngTransparency {
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int SIGNATURE = 0x89504E47;
    private static final int COLOUR_TYPE_OFFSET = 25;
    private static final int ALPHA = 4;
    private static final int TRNS = 0x74524E53;
    private static final int IDAT = 0x49444154;

    private PngTransparency() {}

    static boolean isIn(MemorySegment image) {
        if (image.byteSize() <= COLOUR_TYPE_OFFSET || image.get(INT, 0) != SIGNATURE) {
            return false;
        }
        if ((image.get(ValueLayout.JAVA_BYTE, COLOUR_TYPE_OFFSET) & ALPHA) != 0) {
            return true;
        }
        var at = 8L;
        while (at + 12 <= image.byteSize()) {
            var type = image.get(INT, at + 4);
            if (type == TRNS || type == IDAT) {
                return type == TRNS;
            }
            at += 12 + (image.get(INT, at) & 0xFFFF_FFFFL);
        }
        return false;
    }
}
